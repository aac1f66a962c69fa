"""Forms of the rulebook pages, read into steps: values as a person types them, in the kind of the old one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from app.platform.clock import today
from app.platform.errors import BadParameter
from app.rulebook.inputs import TYPED, YES, FieldInput, input_of
from app.rulebook.proposals import Proposed
from app.rulebook.schemas import ProposalBody
from risk_model.codes import code_name, enumeration
from risk_model.message import Message, bilingual, msg
from risk_model.rulebook import Article, RuleBook
from risk_model.rulebook.fields import Direction
from risk_model.vocabulary import ProjectClass

SEPARATORS = re.compile(r"[、，,;；\n]+")

EACH = frozenset([Direction.RISING_EACH, Direction.FALLING_EACH])
"""Lists of numbers of which each stands for something by its place: two may be equal."""

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
    """The form of one change of one article: what was typed, and what was chosen of what there is."""

    field: str = ""
    value: Typed = ""
    values: list[Typed] = Field(default_factory=list)


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
    picked: list[Typed] = Field(default_factory=list)
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A change of a proposal whose value can be given again: its ``place``, the article, the field and its input."""

    place: int
    article: Article
    field: str
    input: FieldInput

    @property
    def name(self) -> Message:
        """What the field is called."""
        named = self.article.field(self.field)
        return bilingual(named.name_zh, named.name_en)


def asked_again(book: RuleBook, articles: Mapping[str, Article], kept: Proposed) -> list[AskedAgain]:
    """The inputs of what was proposed, holding the values proposed."""
    return [
        AskedAgain(place, article, step["field"], input_of(book, article, step["field"], step["value"]))
        for place, step in enumerate(kept.steps)
        if step["op"] == "change" and (article := articles.get(step["article"])) and step["field"] in article.fields
    ]


def proposed_again(asked: Sequence[AskedAgain], kept: Proposed, form: DecisionForm) -> Proposed:
    """A proposal with the reason and the values given now; BadParameter where unsound.

    What is typed comes in the order of ``asked``, what is chosen as ``place:value``; an input of which nothing came keeps its value.
    """
    if kept.equal_to is not None:
        return Proposed(form.reason, equal_to=kept.equal_to)
    steps, typed = [dict(step) for step in kept.steps], iter(form.values)
    for one in asked:
        mark = f"{one.place}:"
        words = [word.removeprefix(mark) for word in form.picked if word.startswith(mark)]
        places = one.input.places if one.input.kind == "numbers" else int(one.input.kind in TYPED)
        told = list(islice(typed, places))
        if words or told:
            steps[one.place]["value"] = value_given(
                one.article, one.field, " ".join(told[:1]), [*words, *told[1:]] if places < 2 else told
            )
    return _proposed(form.reason, *steps)


def change_typed(article: Article, form: ChangeForm) -> Proposed:
    """A form's one change; BadParameter says which field of the form is wrong."""
    if form.field not in article.fields:
        raise BadParameter(msg("请选择要修改的项"), errors=[{"field": "field"}])
    value = value_given(article, form.field, form.value, form.values)
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
    procedure: list[Typed] = Field(default_factory=list)
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
            "procedure": [word.strip() for step in self.procedure for word in SEPARATORS.split(step) if word.strip()],
            "message": self.message,
            "message_en": self.message_en,
        }
        return {key: value for key, value in told.items() if value not in (None, "", {})}


def rule_typed(form: RuleForm) -> Proposed:
    """A form's one new rule; BadParameter says which field of the form is wrong."""
    return _proposed(form.reason, {"op": "add_rule", "rule": {**form.as_rule(), **form.as_backing()}})


def value_given(article: Article, path: str, text: str, chosen: Sequence[str]) -> object:
    """The value of a field: what was ``chosen``, in order, or else what was typed."""
    old, words = article.fields[path], list(dict.fromkeys(word.strip() for word in chosen if word.strip()))
    if not isinstance(old, list):
        return value_typed(article, path, words[0] if words else text)
    if old and isinstance(old[0], list):
        return _matrix(len(old), [word.strip() for word in chosen])
    if not words:
        return value_typed(article, path, text)
    if article.field(path).direction in EACH:
        words = [word.strip() for word in chosen if word.strip()]
    return [_number(word) for word in words] if old and not isinstance(old[0], str) else words


def _matrix(size: int, upper: Sequence[str]) -> list[list[str]]:
    """Judgements of every pair from those above the diagonal, row by row; the other half turns them round."""
    if len(upper) != size * (size - 1) // 2:
        raise BadParameter(msg("请选择要修改的项"), errors=[{"field": "values"}])
    rows, told = [["1"] * size for _ in range(size)], iter(upper)
    for row in range(size):
        for column in range(row + 1, size):
            word = next(told)
            rows[row][column] = word
            rows[column][row] = (
                word.removeprefix("1/") if word.startswith("1/") else "1" if word == "1" else f"1/{word}"
            )
    return rows


def value_typed(article: Article, path: str, text: str) -> object:
    """``text`` in the kind of the field's present value; a text no number or choice fits is refused by the rules."""
    old, typed = article.fields[path], text.strip()
    if article.field(path).direction is Direction.SEVERITY:
        return enumeration("rule_letter").find(typed) or typed.upper()
    if isinstance(old, bool):
        said = enumeration("yes_or_no").find(typed)
        return typed if said is None else said == YES
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
        told = [code_name("proposal_field", name) for name in named]
        raise BadParameter(msg("请填写或改正：{fields}", fields=told), errors=errors) from error
