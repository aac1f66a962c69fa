"""Siting rules as values: what a rule reads, what it says for each project class, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter
from typing import Any

from risk_model.message import msg
from risk_model.operators import COMPARISONS, Avoidance, AvoidanceRow
from risk_model.rulebook.entries import CONFIDENCES, Entry
from risk_model.rulebook.grades import Scheme
from risk_model.vocabulary import BasisKind, CorridorKind, Product, ProjectClass, SeismicClass, Verdict

RELATIONS = ("intersects", "distance_lt", "within_m", "fault_avoidance")
ATTRIBUTES = ("arrival_min", "intensity", "overburden_m")
MESSAGE_WORDS = frozenset(
    ["zone", "grade", "overlap", "share", "distance", "required", "arrival", "intensity", "seismic", "exemption"]
)
KINDS = {"L": BasisKind.LAW, "S": BasisKind.STANDARD, "D": BasisKind.DEFAULT}
SILENT = "-"
VERDICTS = {"F": Verdict.PROHIBITED, "R": Verdict.RESTRICTED, "A": Verdict.PERMITTED, SILENT: Verdict.PERMITTED}


@dataclass(frozen=True, slots=True)
class Cell:
    """Entry of a rule for one project class; ``kind`` is None where it permits.

    A ``silent`` cell says nothing: ground is neither called known nor clear by it.
    """

    verdict: Verdict
    kind: BasisKind | None
    silent: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class LegalBasis:
    """A text a rule rests on, while it is in force; ``classes`` is empty where it serves all of them.

    ``local`` says that this deployment gave it.
    """

    kind: BasisKind
    basis: str
    source: str
    confidence: str
    classes: frozenset[ProjectClass]
    valid_from: date
    valid_to: date | None
    basis_en: str = ""
    source_en: str = ""
    local: bool = False

    def serves(self, kind: BasisKind, project_class: ProjectClass, on: date) -> bool:
        """Whether this text may be cited for a cell of ``kind`` and ``project_class`` on the day ``on``."""
        fits = self.kind == kind and (not self.classes or project_class in self.classes)
        return fits and in_force(self.valid_from, self.valid_to, on)


@dataclass(frozen=True, slots=True)
class RuleCondition:
    """A comparison on a numeric attribute of the zone, by an operator's name."""

    attribute: str
    operator: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One row of the screening table; ``grades`` maps scheme to ranks and is None where any grade or none will do.

    ``except_fault_ages`` are the known ages of faults it does not speak of, ``corridor_kinds`` the kinds of corridor it
    speaks of (none named: all). A row with ``building_types`` speaks of these alone, one with ``except_building_types`` of
    all but these; where nobody said what is to be built, the former is silent and the latter speaks. ``local`` rows were added by this deployment; ``of`` names the packaged row such a one makes stricter.
    """

    id: str
    hazard: str
    relation: str
    metres: float
    products: frozenset[str]
    grades: Mapping[str, frozenset[int]] | None
    conditions: tuple[RuleCondition, ...]
    verdicts: Mapping[ProjectClass, Cell]
    grounds: tuple[LegalBasis, ...]
    procedure: tuple[str, ...]
    message: str
    note: str
    avoidance: Avoidance | None
    valid_from: date
    valid_to: date | None
    message_en: str = ""
    note_en: str = ""
    procedure_en: tuple[str, ...] = ()
    local: bool = False
    of: str = ""
    except_fault_ages: frozenset[str] = frozenset()
    corridor_kinds: frozenset[str] = frozenset()
    building_types: frozenset[str] = frozenset()
    except_building_types: frozenset[str] = frozenset()

    def in_force(self, on: date) -> bool:
        """Whether the row applies on the day ``on``; both ends of its validity are included."""
        return in_force(self.valid_from, self.valid_to, on)

    def knows(self, scheme: str, rank: int) -> bool:
        """Whether the row speaks of this grade."""
        return self.grades is None or rank in self.grades.get(scheme, frozenset())

    def silent_for(self, project_class: ProjectClass) -> bool:
        """Whether the row says nothing to this class; a local one only ever restricts, so it never calls ground known."""
        cell = self.verdicts[project_class]
        return cell.silent or (self.local and cell.kind is None)

    def speaks_of(self, building_type: str | None) -> bool:
        """Whether the row speaks of such a building; where its type is unknown, the rows for any building do."""
        if self.building_types:
            return building_type in self.building_types
        return building_type is None or building_type not in self.except_building_types

    def ground(self, project_class: ProjectClass, on: date) -> LegalBasis | None:
        """The text to cite for ``project_class`` on ``on``: one written for that class before a general one."""
        kind = self.verdicts[project_class].kind
        if kind is None:
            return None
        serving = [ground for ground in self.grounds if ground.serves(kind, project_class, on)]
        return min(serving, key=lambda ground: not ground.classes, default=None)

    def reach_m(
        self, project_class: ProjectClass, seismic_class: SeismicClass, *, intensity: float | None = None
    ) -> float:
        """The distance in metres below which the row may object to such a project; 0 where it must overlap.

        For a fault row this is the longest distance of its table, or the one of ``intensity`` where that is given.
        """
        if self.verdicts[project_class].kind is None:
            return 0.0
        if self.avoidance is None:
            return self.metres
        if intensity is None:
            return self.avoidance.longest_m(seismic_class)
        return self.avoidance.reach_m(intensity, seismic_class)


def in_force(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether ``on`` lies between the two days, both included; no last day means until further notice."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def read_rule(
    entry: Entry, hazard: str, schemes: Mapping[str, Scheme], products: Iterable[str] = tuple(Product)
) -> Rule:
    """One row of a file of rules that read ``products``; InvalidRule names what is wrong with it."""
    relation = entry.one_of("relation", RELATIONS)
    needs_metres = relation in ("distance_lt", "within_m")
    cells = entry.inner("verdicts")
    valid_from, valid_to = _validity(entry)
    rule = Rule(
        id=entry.text("id"),
        hazard=hazard,
        relation=relation,
        metres=entry.number("metres") if needs_metres else 0.0,
        products=frozenset(entry.some_of("products", products)),
        grades=_read_grades(entry, schemes),
        conditions=tuple(map(_read_condition, entry.list_of("conditions", ()))),
        verdicts={one: _read_cell(cells, one) for one in ProjectClass},
        grounds=tuple(map(_read_ground, entry.list_of("grounds", ()))),
        procedure=entry.words("procedure"),
        message=_template(entry, "message"),
        note=_template(entry, "note"),
        avoidance=_read_avoidance(entry.inner("avoidance")) if relation == "fault_avoidance" else None,
        valid_from=valid_from,
        valid_to=valid_to,
        message_en=_template(entry, "message_en", ""),
        note_en=_template(entry, "note_en", ""),
        procedure_en=entry.words("procedure_en", ()),
        local=entry.flag("local", False),
        of=entry.text("of", ""),
        except_fault_ages=frozenset(entry.words("except_fault_ages", ())),
        corridor_kinds=frozenset(entry.some_of("corridor_kinds", list(CorridorKind), ())),
        building_types=frozenset(entry.words("building_types", ())),
        except_building_types=frozenset(entry.words("except_building_types", ())),
    )
    cells.close()
    entry.close()
    _check_grounds(entry, rule)
    return rule


def _validity(entry: Entry) -> tuple[date, date | None]:
    first, last = entry.day("valid_from"), entry.day("valid_to", None)
    if first is None or (last is not None and last < first):
        raise entry.wrong(msg("'valid_to' 不能早于 'valid_from'"))
    return first, last


def _read_grades(entry: Entry, schemes: Mapping[str, Scheme]) -> dict[str, frozenset[int]] | None:
    if entry.value("grades", None) is None:
        return None
    table = entry.inner("grades")
    ranks = {}
    for key in table:
        names = [grade.name for grade in schemes[table.check_word("grades", key, schemes)].grades]
        ranks[key] = frozenset(names.index(name) + 1 for name in table.some_of(key, names))
    return ranks


def _read_condition(entry: Entry) -> RuleCondition:
    condition = RuleCondition(
        entry.one_of("attribute", ATTRIBUTES), entry.one_of("operator", COMPARISONS), entry.number("value")
    )
    entry.close()
    return condition


def _read_cell(cells: Entry, project_class: ProjectClass) -> Cell:
    letter, _, kind = cells.text(project_class).partition("-")
    if cells.text(project_class) == SILENT:
        return Cell(VERDICTS[SILENT], None, silent=True)
    if letter not in VERDICTS or (kind not in KINDS if letter != "A" else kind):
        raise cells.wrong(
            msg("{project_class} 应为 A、-，或带种类的 F、R：F-L、F-S、F-D、R-L、R-S、R-D", project_class=project_class)
        )
    return Cell(VERDICTS[letter], KINDS.get(kind))


def _read_ground(entry: Entry) -> LegalBasis:
    first, last = _validity(entry)
    ground = LegalBasis(
        kind=KINDS[entry.one_of("kind", KINDS)],
        basis=entry.text("basis"),
        source=entry.text("source"),
        confidence=entry.one_of("confidence", CONFIDENCES),
        classes=frozenset(map(ProjectClass, entry.some_of("classes", list(ProjectClass), ()))),
        valid_from=first,
        valid_to=last,
        basis_en=entry.text("basis_en", ""),
        source_en=entry.text("source_en", ""),
        local=entry.flag("local", False),
    )
    entry.close()
    return ground


def _template(entry: Entry, key: str, *default: str) -> str:
    text = entry.text(key, *default)
    try:
        fields = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    except ValueError as trouble:
        raise entry.wrong(msg("'{key}' 的花括号不配对：{trouble}", key=key, trouble=trouble)) from trouble
    strangers = sorted(fields - MESSAGE_WORDS)
    if strangers:
        raise entry.wrong(
            msg(
                "'{key}' 用了 {{{strangers}}}；可用的只有 {message_words}",
                key=key,
                strangers=strangers[0],
                message_words=[*sorted(MESSAGE_WORDS)],
            )
        )
    return text


def _read_avoidance(entry: Entry) -> Avoidance:
    rows = tuple(map(_read_avoidance_row, entry.list_of("rows")))
    levels = [row.intensity for row in rows]
    if not rows or levels != sorted(set(levels)):
        raise entry.wrong(msg("至少要有一行，按烈度递增"))
    avoidance = Avoidance(
        rows=rows,
        older_ages=frozenset(entry.words("older_ages")),
        study_reach_m=entry.number("study_reach_m"),
        study_basis=entry.text("study_basis"),
        study_message=_template(entry, "study_message"),
        study_message_en=_template(entry, "study_message_en", ""),
        study_basis_en=entry.text("study_basis_en", ""),
    )
    entry.close()
    return avoidance


def _read_avoidance_row(entry: Entry) -> AvoidanceRow:
    table = entry.inner("distances")
    row = AvoidanceRow(
        entry.number("intensity"),
        entry.number("exempt_overburden_m"),
        {one: _read_distance(table, one) for one in SeismicClass},
    )
    table.close()
    entry.close()
    return row


def _read_distance(table: Entry, seismic_class: SeismicClass) -> float | str | None:
    value: Any = table.value(seismic_class)
    if isinstance(value, str):
        return None if table.check_word(seismic_class, value, ("none", "study")) == "none" else value
    return table.number(seismic_class)


def _check_grounds(entry: Entry, rule: Rule) -> None:
    """Every objection must have a text to cite on every day the row applies: look at each day one begins or ends."""
    turns = {rule.valid_from}
    for ground in rule.grounds:
        turns |= {ground.valid_from} | ({ground.valid_to + timedelta(days=1)} if ground.valid_to else set())
    for project_class in ProjectClass:
        for day in sorted(filter(rule.in_force, turns)):
            if rule.verdicts[project_class].kind and rule.ground(project_class, day) is None:
                raise entry.wrong(
                    msg(
                        "{project_class} 在 {day} 没有可引用的依据；请补上相应的 [[rules.grounds]]",
                        project_class=project_class,
                        day=day,
                    )
                )
