"""An enterprise graded: the base from what was assessed, the overlay from open dangers, and every reason kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from risk_model.enterprises.chemicals import chemical_terms
from risk_model.enterprises.colours import AssessedPoint, AssessedRiskPoint, assess_point
from risk_model.enterprises.major_hazards import Identified, MajorHazard, NearbyResidents, Stock, identify_major_hazard
from risk_model.enterprises.terms import EnterpriseTerms, enterprise_terms
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Colour, DangerState


@dataclass(frozen=True, slots=True)
class Danger:
    """A recorded major hidden danger of the enterprise."""

    code: str
    state: DangerState


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    """All that is known of one enterprise for its grade.

    ``declared`` is a colour, ``declared_level`` a level of a major hazard somebody else established and told without
    the working.
    """

    sector: str
    points: Sequence[AssessedRiskPoint] = ()
    stocks: Sequence[Stock] = ()
    residents: NearbyResidents = field(default_factory=lambda: NearbyResidents(None))
    dangers: Sequence[Danger] = ()
    declared: Colour | None = None
    declared_level: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason for a colour: a ``kind`` of words.py, the colour it brings (None: none), and what it speaks of."""

    kind: str
    colour: Colour | None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GradedEnterprise:
    """``base`` None where nothing was assessed; ``effective`` is the worse of base and ``overlay``.

    It is None, not assessed, instead of blue where nobody can say whether the plant is a major hazard installation.

    ``reasons`` come decisive first, ``gaps`` name what is missing.
    """

    base: Colour | None
    overlay: Colour | None
    effective: Colour | None
    reasons: tuple[Reason, ...]
    points: tuple[AssessedPoint, ...]
    major_hazard: MajorHazard
    gaps: tuple[str, ...]


def grade_enterprise(facts: EnterpriseFacts, rulebook: RuleBook) -> GradedEnterprise:
    """The grade of one enterprise with its reasons. InvalidAssessment for figures the rules do not know."""
    terms = enterprise_terms(rulebook)
    points = tuple(assess_point(point, terms) for point in facts.points)
    major = identify_major_hazard(facts.stocks, facts.residents, chemical_terms(rulebook))
    grounds = [*_point_reasons(points, terms), *_major_reasons(facts, major, terms), *_declared_reasons(facts, points)]
    base = Colour.worst(reason.colour for reason in grounds)
    overlays = _danger_reasons(facts.dangers, terms)
    overlay = Colour.worst(reason.colour for reason in overlays)
    doubt = _doubt(facts, major, terms)
    reasons = sorted(
        [*overlays, *(grounds or [Reason("unassessed", None)])],
        key=lambda reason: reason.colour.rank if reason.colour else 9,
    )
    effective = Colour.worst((base, overlay))
    decides = bool(doubt) and effective is Colour.BLUE
    return GradedEnterprise(
        base=base,
        overlay=overlay,
        effective=None if decides else effective,
        reasons=(*doubt, *reasons) if decides else (*reasons, *doubt),
        points=points,
        major_hazard=major,
        gaps=_gaps(facts, major, terms, base=base),
    )


def _point_reasons(points: Sequence[AssessedPoint], terms: EnterpriseTerms) -> list[Reason]:
    return [reason for point in points for reason in _of_point(point, terms)]


def _of_point(assessed: AssessedPoint, terms: EnterpriseTerms) -> list[Reason]:
    point = assessed.point
    told = {"point": point.name, "value": assessed.value, **point.figures}
    conditions = [Reason("direct_red", Colour.RED, {"point": point.name, "condition": one}) for one in point.conditions]
    basis = {"matrix": terms.matrix.basis, "lec": terms.lec.basis, "diagnosis": terms.diagnosis_basis}[point.method]
    return [*conditions, Reason(point.method, assessed.colour, {**told, "basis": basis})]


def _major_reasons(facts: EnterpriseFacts, major: MajorHazard, terms: EnterpriseTerms) -> list[Reason]:
    """The floor of the level reckoned, and of the level told where that is stricter or nothing could be reckoned."""
    reasons = []
    if major.level is not None:
        told = {"level": major.level, "s": major.s, "r": major.r, "basis": terms.floor_basis}
        reasons.append(Reason("major_hazard", terms.floors[major.level - 1], told))
    if facts.declared_level is not None and (major.level is None or facts.declared_level < major.level):
        told = {"level": facts.declared_level, "basis": terms.floor_basis}
        reasons.append(Reason("declared_major_hazard", terms.floors[facts.declared_level - 1], told))
    return reasons


def _doubt(facts: EnterpriseFacts, major: MajorHazard, terms: EnterpriseTerms) -> list[Reason]:
    """Reasons to doubt that there is no major hazard here: a plant that may be one is never shown as low."""
    missing = major.status is Identified.NO_INVENTORY and facts.sector in terms.inventory_expected
    unknown = major.status is Identified.INSUFFICIENT_DATA or missing
    return [Reason("identification_unknown", None)] if unknown and facts.declared_level is None else []


def _declared_reasons(facts: EnterpriseFacts, points: Sequence[AssessedPoint]) -> list[Reason]:
    """A colour told without its working counts where nothing else was assessed, and where it is worse."""
    if facts.declared is None:
        return []
    reckoned = Colour.worst(point.colour for point in points)
    if reckoned is not None and reckoned.rank <= facts.declared.rank:
        return []
    return [Reason("declared", facts.declared)]


def _danger_reasons(dangers: Sequence[Danger], terms: EnterpriseTerms) -> list[Reason]:
    open_ones = [
        Reason("danger_open" if terms.overlay[one.state] is Colour.RED else "danger_awaiting", terms.overlay[one.state],
               {"code": one.code, "state": one.state.value, "basis": terms.overlay_basis})
        for one in sorted(dangers, key=lambda one: one.code)
        if one.state in terms.overlay
    ]  # fmt: skip
    pending = sum(one.state in terms.pending for one in dangers)
    return [*open_ones, *([Reason("danger_unverified", None, {"count": pending})] if pending else [])]


def _gaps(
    facts: EnterpriseFacts, major: MajorHazard, terms: EnterpriseTerms, *, base: Colour | None
) -> tuple[str, ...]:
    gaps = list(major.gaps)
    if base is None:
        gaps.append("unassessed")
    elif not facts.points and facts.declared is None:
        gaps.append("risk_points_missing")
    if major.status is Identified.NO_INVENTORY and facts.sector in terms.inventory_expected:
        gaps.append("inventory_missing")
    if facts.declared_level is not None and major.level is not None and facts.declared_level != major.level:
        gaps.append(f"level_differs:{facts.declared_level}")
    return tuple(gaps)
