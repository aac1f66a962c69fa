"""A deployment's own rules as a value: changes of single fields and rules of its own, each with what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from risk_model.message import msg
from risk_model.rulebook.entries import CONFIDENCES, Entry
from risk_model.vocabulary import BasisKind, ProjectClass

OVERLAY = "overlay"
LOCAL_PREFIX = "LOC-"
COMPANION_SUFFIX = "-LOCAL"


@dataclass(frozen=True, slots=True)
class Backing:
    """Backing of a local rule or change; ``valid_from`` is when the cited text or decision came into force."""

    basis: str
    source: str
    valid_from: date
    kind: BasisKind = BasisKind.DEFAULT
    confidence: str = "medium"
    basis_en: str = ""

    def as_table(self) -> dict[str, Any]:
        """As it stands in a file."""
        told = {"basis": self.basis, "basis_en": self.basis_en, "basis_kind": str(self.kind), "source": self.source}
        return {**told, "confidence": self.confidence, "valid_from": self.valid_from}

    def as_ground(self, kind_letter: str, classes: Iterable[str] = ()) -> dict[str, Any]:
        """As a ground of a siting rule."""
        named = {"classes": list(classes)} if classes else {}
        told = {"kind": kind_letter, "basis": self.basis, "basis_en": self.basis_en, "source": self.source}
        return {**told, **named, "confidence": self.confidence, "valid_from": self.valid_from, "local": True}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One field of one article with the value this deployment gives it."""

    article: str
    field: str
    value: Any
    backing: Backing

    @property
    def key(self) -> tuple[str, str]:
        """Key of what it changes."""
        return self.article, self.field


@dataclass(frozen=True, slots=True)
class LocalRule:
    """A siting rule of this deployment's own; ``verdicts`` holds F or R for the classes it restricts."""

    id: str
    hazard: str
    relation: str
    products: tuple[str, ...]
    verdicts: Mapping[str, str]
    message: str
    backing: Backing
    metres: float | None = None
    grades: Mapping[str, tuple[str, ...]] | None = None
    procedure: tuple[str, ...] = ()
    message_en: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Changes by what they change and rules by id: the order in which they were made says nothing."""

    changes: Mapping[tuple[str, str], RuleChange]
    rules: Mapping[str, LocalRule]

    @classmethod
    def of(cls, changes: Iterable[RuleChange] = (), rules: Iterable[LocalRule] = ()) -> Overlay:
        """An overlay in its one canonical order; a later change of the same field takes the place of an earlier one."""
        by_key, by_id = {change.key: change for change in changes}, {rule.id: rule for rule in rules}
        return cls({key: by_key[key] for key in sorted(by_key)}, {mark: by_id[mark] for mark in sorted(by_id)})

    def __bool__(self) -> bool:
        return bool(self.changes or self.rules)

    def with_(self, *items: RuleChange | LocalRule) -> Overlay:
        """This overlay with more in it."""
        changes = [item for item in items if isinstance(item, RuleChange)]
        rules = [item for item in items if isinstance(item, LocalRule)]
        return Overlay.of([*self.changes.values(), *changes], [*self.rules.values(), *rules])

    def without(self, *marks: tuple[str, str] | str) -> Overlay:
        """This overlay without some changes (article, field) or rules (id)."""
        changes = [change for key, change in self.changes.items() if key not in marks]
        return Overlay.of(changes, [rule for mark, rule in self.rules.items() if mark not in marks])

    def as_document(self) -> dict[str, Any]:
        """As ``overlay.toml`` holds it; dates stay dates."""
        changes = [
            {"article": change.article, "field": change.field, "value": change.value, **change.backing.as_table()}
            for change in self.changes.values()
        ]
        rules = [_rule_table(rule) for rule in self.rules.values()]
        return ({"changes": changes} if changes else {}) | ({"rules": rules} if rules else {})


def read_overlay(document: Mapping[str, Any]) -> Overlay:
    """The overlay of a document like ``overlay.toml``; InvalidRule names what is wrong."""
    entry = Entry("overlay.toml", OVERLAY, document)
    changes = [read_change(row) for row in entry.list_of("changes", ())]
    rules = [read_local_rule(row) for row in entry.list_of("rules", ())]
    entry.close()
    return Overlay.of(changes, rules)


def read_change(entry: Entry) -> RuleChange:
    """One change; whether it may be made is asked elsewhere."""
    value = entry.value("value")
    if not _is_plain(value):
        raise entry.wrong(msg("新值只能是文字、数、日期、真假或它们的列表。"))
    change = RuleChange(entry.text("article"), entry.text("field"), value, _read_backing(entry))
    entry.close()
    return change


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str | bool | int | date) or (isinstance(value, float) and math.isfinite(value))


def read_local_rule(entry: Entry) -> LocalRule:
    """One rule of the deployment's own; InvalidRule where it is no restriction or takes a packaged rule's name."""
    mark = entry.text("id")
    if not mark.startswith(LOCAL_PREFIX) or not mark.removeprefix(LOCAL_PREFIX).replace("-", "").isalnum():
        raise entry.wrong(msg("本地规则的编号须以 {prefix} 开头，后接字母、数字和连字符。", prefix=LOCAL_PREFIX))
    if not mark.isascii() or mark != mark.upper() or mark.endswith(COMPANION_SUFFIX):
        raise entry.wrong(msg("本地规则的编号只用大写字母和数字，不以 {suffix} 结尾。", suffix=COMPANION_SUFFIX))
    relation = entry.one_of("relation", ("intersects", "distance_lt", "within_m"))
    cells = entry.inner("verdicts")
    verdicts = {one: cells.one_of(one, ("F", "R")) for one in cells if cells.check_word("verdicts", one, ProjectClass)}
    if not verdicts:
        raise entry.wrong(msg("本地规则至少要限制一类项目（F 禁止或 R 论证）。"))
    if not entry.text("message").strip():
        raise entry.wrong(msg("本地规则须写明提示语。"))
    grades = entry.value("grades", None)
    rule = LocalRule(
        id=mark,
        hazard=entry.text("hazard"),
        relation=relation,
        products=entry.words("products"),
        verdicts={one: verdicts[one] for one in sorted(verdicts)},
        message=entry.text("message"),
        backing=_read_backing(entry),
        metres=None if relation == "intersects" else entry.number("metres"),
        grades=None if grades is None else _read_grades(entry.inner("grades")),
        procedure=entry.words("procedure", ()),
        message_en=entry.text("message_en", ""),
    )
    entry.close()
    return rule


def _read_grades(entry: Entry) -> dict[str, tuple[str, ...]]:
    return {scheme: entry.words(scheme) for scheme in sorted(entry)}


def _read_backing(entry: Entry) -> Backing:
    basis, source, day = entry.text("basis").strip(), entry.text("source").strip(), entry.day("valid_from")
    if not basis or not source or day is None:
        raise entry.wrong(msg("须写明依据、来源和生效日期。"))
    kind = BasisKind(entry.one_of("basis_kind", list(BasisKind)))
    return Backing(basis, source, day, kind, entry.one_of("confidence", CONFIDENCES), entry.text("basis_en", ""))


def _rule_table(rule: LocalRule) -> dict[str, Any]:
    named: dict[str, Any] = {"id": rule.id, "hazard": rule.hazard, "relation": rule.relation}
    if rule.metres is not None:
        named["metres"] = rule.metres
    if rule.grades is not None:
        named["grades"] = {scheme: list(names) for scheme, names in rule.grades.items()}
    told = {"procedure": list(rule.procedure), "message": rule.message, "message_en": rule.message_en}
    return {
        **named,
        "products": list(rule.products),
        "verdicts": dict(rule.verdicts),
        **told,
        **rule.backing.as_table(),
    }


def packaged_id(rule: str) -> str:
    """The rule an officer knows: that of a local companion is the one it goes with."""
    return rule.removesuffix(COMPANION_SUFFIX)


def whole_overlay(document: Mapping[str, Any] | None) -> Overlay:
    """The overlay a rulebook's document holds; an empty one where it has none."""
    return read_overlay(document) if document else Overlay.of()
