"""Forms of the rulebook pages, read into steps: values as a person types them, in the kind of the old one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from app.platform.clock import today
from app.platform.errors import BadParameter
from app.rulebook.proposals import Proposed
from app.rulebook.schemas import ProposalBody
from risk_model.codes import enumeration
from risk_model.message import msg
from risk_model.rulebook import Article
from risk_model.rulebook.fields import Direction
from risk_model.vocabulary import ProjectClass

YES, NO = frozenset(["是", "yes", "true", "1"]), frozenset(["否", "no", "false", "0"])
SEPARATORS = re.compile(r"[、，,;；\n]+")

Typed = Annotated[str, Field(max_length=4000)]


class BackedForm(BaseModel):
    """Backing of a change, and the reason for it; an empty date is today."""

    reason: Typed = ""
    basis: Typed = ""
    basis_en: Typed = ""
    basis_kind: str = "default"
    source: Typed = ""
    confidence: str = "medium"
    valid_from: str = ""
    csrf: str = ""

    def as_backing(self) -> dict[str, object]:
        """As a step carries it."""
        told = self.model_dump(include={"basis", "basis_en", "basis_kind", "source", "confidence"})
        return {**told, "valid_from": self.valid_from or today().isoformat()}


class ChangeForm(BackedForm):
    """The form of one change of one article."""

    field: str = ""
    value: Typed = ""


class UndoForm(BaseModel):
    """The form that takes a local change back; without a field a whole local rule."""

    field: str = ""
    reason: Typed = ""
    csrf: str = ""


class DecisionForm(BaseModel):
    """State a decision has seen, and its words."""

    seen: str = ""
    comment: Typed = ""
    reason: Typed = ""
    values: list[Typed] = Field(default_factory=list)
    csrf: str = ""


def retypable(proposed: Proposed) -> list[tuple[int, str, str, str]]:
    """The changes of a proposal whose value can be typed again: place, article, field and the value as it is typed."""
    return [
        (place, step["article"], step["field"], _as_typed(step["value"]))
        for place, step in enumerate(proposed.steps)
        if step["op"] == "change" and not _nested(step["value"])
    ]


def proposed_again(articles: Mapping[str, Article], kept: Proposed, form: DecisionForm) -> Proposed:
    """A proposal with the reason and the values typed now, those of ``retypable`` in order; BadParameter where unsound."""
    if kept.equal_to is not None:
        return Proposed(form.reason, equal_to=kept.equal_to)
    steps = [dict(step) for step in kept.steps]
    for (place, article, field, _), text in zip(retypable(kept), form.values, strict=False):
        steps[place]["value"] = value_typed(articles[article], field, text)
    return _proposed(form.reason, *steps)


def _nested(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, list | dict) for one in value)


def _as_typed(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def change_typed(article: Article, form: ChangeForm) -> Proposed:
    """A form's one change; BadParameter says which field of the form is wrong."""
    if form.field not in article.fields:
        raise BadParameter(msg("请选择要修改的项"), errors=[{"field": "field"}])
    value = value_typed(article, form.field, form.value)
    step = {"op": "change", "article": article.id, "field": form.field, "value": value, **form.as_backing()}
    return _proposed(form.reason, step)


class RuleForm(BackedForm):
    """The form of a new rule; ``grades`` are ``scheme/name``, ``K1`` … hold F, R or nothing."""

    id: str = "LOC-"
    hazard: str = ""
    relation: str = "intersects"
    metres: str = ""
    products: list[str] = Field(default_factory=list)
    grades: list[str] = Field(default_factory=list)
    K1: str = ""
    K2: str = ""
    K3: str = ""
    K4: str = ""
    K5: str = ""
    K6: str = ""
    K7: str = ""
    procedure: str = ""
    message: str = ""
    message_en: str = ""

    def as_rule(self) -> dict[str, object]:
        """As a step carries it, without what was left empty."""
        grades: dict[str, list[str]] = {}
        for mark in self.grades:
            scheme, _, name = mark.partition("/")
            grades.setdefault(scheme, []).append(name)
        told = {
            "id": self.id.strip().upper(),
            "hazard": self.hazard,
            "relation": self.relation,
            "metres": None if self.relation == "intersects" else _number(self.metres),
            "products": self.products,
            "grades": grades,
            "verdicts": {one.value: cell for one in ProjectClass if (cell := getattr(self, one.value)) in ("F", "R")},
            "procedure": [word.strip() for word in SEPARATORS.split(self.procedure) if word.strip()],
            "message": self.message,
            "message_en": self.message_en,
        }
        return {key: value for key, value in told.items() if value not in (None, "", {})}


def rule_typed(form: RuleForm) -> Proposed:
    """A form's one new rule; BadParameter says which field of the form is wrong."""
    return _proposed(form.reason, {"op": "add_rule", "rule": {**form.as_rule(), **form.as_backing()}})


def value_typed(article: Article, path: str, text: str) -> object:
    """``text`` in the kind of the field's present value; a text no number or choice fits is refused by the rules."""
    old, typed = article.fields[path], text.strip()
    if article.field(path).direction is Direction.SEVERITY:
        return enumeration("rule_letter").find(typed) or typed.upper()
    if isinstance(old, bool):
        return True if typed.lower() in YES else False if typed.lower() in NO else typed
    if isinstance(old, list):
        words = [word.strip() for word in SEPARATORS.split(typed) if word.strip()]
        return [_number(word) for word in words] if old and not isinstance(old[0], str) else words
    if isinstance(old, int | float) or article.field(path).direction is Direction.DISTANCE:
        return _number(typed)
    return typed


def _number(word: str) -> int | float | str:
    try:
        number = float(word)
    except ValueError:
        return word
    return int(number) if number.is_integer() else number


def _proposed(reason: str, *steps: dict[str, object]) -> Proposed:
    try:
        return ProposalBody.model_validate({"reason": reason, "steps": list(steps)}).as_proposed()
    except ValidationError as error:
        named = dict.fromkeys(str(item["loc"][-1]) for item in error.errors())
        errors = [{"field": name} for name in named]
        raise BadParameter(msg("请填写或改正：{fields}", fields=[*named]), errors=errors) from error
