"""The terms of enterprise grading as ``rules/enterprises.toml`` gives them, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from risk_model.message import msg
from risk_model.rulebook import RuleBook
from risk_model.rulebook.entries import CONFIDENCES, Entry, read_backing
from risk_model.vocabulary import Colour, DangerState, ProjectClass

UNASSESSED = "unassessed"
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Method:
    """A way to reckon a colour from figures: which values each figure may have, and the bounds of the colours."""

    scales: Mapping[str, frozenset[Fraction]]
    lower_bounds: Mapping[Colour, Fraction]
    basis: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """A document by which major dangers of some sectors are judged, and when it holds."""

    id: str
    name_zh: str
    version: str
    sectors: frozenset[str]
    valid_from: date
    valid_to: date | None

    def in_force(self, on: date) -> bool:
        """Whether the document holds on ``on``."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class EnterpriseTerms:
    """All of ``enterprises.toml``; ``months`` by colour or ``unassessed``, ``floors`` by level from 1."""

    scheme: str
    matrix: Method
    lec: Method
    diagnosis: Mapping[Colour, Fraction]
    diagnosis_basis: str
    direct_red: Mapping[str, str]
    floors: tuple[Colour, ...]
    floor_basis: str
    overlay: Mapping[DangerState, Colour]
    pending: frozenset[DangerState]
    overlay_basis: str
    months: Mapping[str, int]
    inventory_expected: frozenset[str]
    exposure_class: Mapping[bool, ProjectClass]
    criteria: tuple[Criteria, ...]


@lru_cache(maxsize=8)
def enterprise_terms(rulebook: RuleBook) -> EnterpriseTerms:
    """The terms of ``rulebook``; InvalidRule names the entry and the mend."""
    entry = Entry("enterprises.toml", "enterprises", rulebook.documents.get("enterprises"))
    entry.text("version")
    tables = ("matrix", "lec", "diagnosis", "major_hazard_floor", "overlay", "inspection", "inventory_expected")
    matrix, lec, diagnosis, floor, overlay, inspection, expected = (entry.inner(name) for name in tables)
    exposure = entry.inner("exposure")
    states = _read_overlay(overlay)
    terms = EnterpriseTerms(
        scheme=entry.one_of("scheme", rulebook.schemes),
        matrix=_read_method(matrix),
        lec=_read_method(lec),
        diagnosis=_read_bounds(diagnosis.inner("lower_bounds"), (Colour.BLUE, Colour.YELLOW, Colour.ORANGE)),
        diagnosis_basis=_basis(diagnosis),
        direct_red=dict(_read_condition(row) for row in diagnosis.list_of("direct_red")),
        floors=_read_floors(floor),
        floor_basis=_basis(floor),
        overlay={state: colour for state, colour in states.items() if colour is not None},
        pending=frozenset(state for state, colour in states.items() if colour is None),
        overlay_basis=_basis(overlay),
        months=_read_months(inspection),
        inventory_expected=frozenset(expected.words("sectors")),
        exposure_class={
            True: ProjectClass(exposure.one_of("major_hazard", list(ProjectClass))),
            False: ProjectClass(exposure.one_of("other", list(ProjectClass))),
        },
        criteria=_read_criteria(entry),
    )
    for table in (inspection, expected, exposure):
        read_backing(table)
    for table in (matrix, lec, diagnosis, floor, overlay, inspection, expected, exposure, entry):
        table.close()
    return terms


def exact(value: float) -> Fraction:
    """A figure as it is written, not as binary floating point keeps it: 0.1 is a tenth."""
    return Fraction(repr(float(value)))


def _basis(entry: Entry) -> str:
    return str(read_backing(entry)["basis"])


def _read_method(entry: Entry) -> Method:
    scales = entry.inner("scales")
    values = {name: frozenset(_figures(scales, name)) for name in scales}
    scales.close()
    bounds = _read_bounds(entry.inner("lower_bounds"), (Colour.RED, Colour.ORANGE, Colour.YELLOW))
    return Method(values, bounds, _basis(entry))


def _figures(entry: Entry, name: str) -> list[Fraction]:
    values = entry.value(name)
    if not isinstance(values, list) or not values or not all(type(one) in (int, float) and one > 0 for one in values):
        raise entry.wrong(msg("'{name}' 应列出其标度的各个值，都大于 0", name=name))
    return [exact(one) for one in values]


def _read_bounds(entry: Entry, falling: tuple[Colour, ...]) -> dict[Colour, Fraction]:
    """The lower bound of each of ``falling``, which must fall in that order."""
    bounds = {colour: exact(entry.number(colour.value)) for colour in falling}
    entry.close()
    if list(bounds.values()) != sorted(set(bounds.values()), reverse=True):
        raise entry.wrong(msg("界限应从 {falling} 递减到 {falling_2}", falling=falling[0], falling_2=falling[-1]))
    return bounds


def _read_condition(row: Entry) -> tuple[str, str]:
    condition = (row.text("id"), row.text("name_zh"))
    row.close()
    return condition


def _read_floors(entry: Entry) -> tuple[Colour, ...]:
    floors = tuple(Colour(word) for word in entry.some_of("colours", list(Colour)))
    if len(floors) != LEVELS or [one.rank for one in floors] != sorted(one.rank for one in floors):
        raise entry.wrong(msg("'colours' 应为 {levels} 个等级各给一种颜色，且不差于最后一种", levels=LEVELS))
    return floors


def _read_overlay(entry: Entry) -> dict[DangerState, Colour | None]:
    """The colour each state brings; None for a state that is not proven yet."""
    read: dict[DangerState, Colour | None] = {}
    for key, colour in (("red", Colour.RED), ("orange", Colour.ORANGE), ("pending", None)):
        for word in entry.some_of(key, list(DangerState)):
            if DangerState(word) in read:
                raise entry.wrong(msg("状态 '{word}' 出现在两个列表里；只能写一次", word=word))
            read[DangerState(word)] = colour
    return read


def _read_months(entry: Entry) -> dict[str, int]:
    table = entry.inner("months")
    months = {name: int(table.number(name)) for name in (*Colour, UNASSESSED)}
    table.close()
    if min(months.values()) < 1:
        raise entry.wrong(msg("间隔至少一个月"))
    return months


def _read_criteria(entry: Entry) -> tuple[Criteria, ...]:
    documents = tuple(_read_document(row) for row in entry.list_of("criteria"))
    if len({one.id for one in documents}) < len(documents):
        raise entry.wrong(msg("两个判定文件用了同一编号；请各给一个"))
    return documents


def _read_document(row: Entry) -> Criteria:
    row.one_of("confidence", CONFIDENCES)
    valid_from = row.day("valid_from")
    assert valid_from is not None
    document = Criteria(
        id=row.text("id"),
        name_zh=row.text("name_zh"),
        version=row.text("version"),
        sectors=frozenset(row.words("sectors")),
        valid_from=valid_from,
        valid_to=row.day("valid_to", None),
    )
    row.close()
    return document
