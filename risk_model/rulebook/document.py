"""The rulebook as one JSON document: what a reviewer needs to contest a rule."""

from __future__ import annotations

from typing_extensions import TypedDict

from risk_model.operators import Avoidance
from risk_model.rulebook.book import RuleBook
from risk_model.rulebook.grades import Scheme
from risk_model.rulebook.hazards import Hazard
from risk_model.rulebook.rules import LegalBasis, Rule
from risk_model.rulebook.toml_text import plain


class GradeDocument(TypedDict):
    """A grade: how it is drawn, and the words by which files call it."""

    rank: int
    name: str
    name_en: str
    numeral: str
    look: str
    colour: str
    pattern: str
    fill_opacity: float
    words: list[str]


class SchemeDocument(TypedDict):
    """A scheme of grades, worst first."""

    key: str
    name_zh: str
    name_en: str
    grades: list[GradeDocument]


class ThemeDocument(TypedDict):
    """A hazard, or a kind of land set aside: how it is drawn and which rules speak of it."""

    key: str
    name_zh: str
    name_en: str
    order: int
    colour: str
    pattern: str
    geometry: str
    graded: bool
    composed: bool
    schemes: list[str]
    default_schemes: dict[str, str]
    products_read: list[str]
    rules: list[str]


class ConditionDocument(TypedDict):
    """A condition on an attribute of a zone or a thing."""

    attribute: str
    operator: str
    value: object


class VerdictDocument(TypedDict):
    """The verdict of a rule on one class of projects, and on what it is based."""

    verdict: str
    basis_kind: str | None


class BasisDocument(TypedDict):
    """A ground of a rule: what it is based on, where that stands, from when to when."""

    basis: str
    basis_kind: str
    source: str
    confidence: str
    classes: list[str]
    valid_from: str
    valid_to: str | None
    basis_en: str
    source_en: str
    local: bool


class FaultDistances(TypedDict):
    """Distances (m) from a fault by class of project, for one intensity."""

    intensity: float
    exempt_overburden_m: float | None
    distances: dict[str, float | str | None]


class AvoidanceDocument(TypedDict):
    """The table of distances from faults."""

    rows: list[FaultDistances]
    older_ages: list[str]
    study_reach_m: float
    study_basis: str
    study_basis_en: str


class RuleDocument(TypedDict):
    """A siting rule with its grounds."""

    id: str
    hazard: str
    relation: str
    metres: float | None
    products: list[str]
    grade_ranks: dict[str, list[int]] | None
    conditions: list[ConditionDocument]
    verdicts: dict[str, VerdictDocument]
    grounds: list[BasisDocument]
    procedure: list[str]
    message: str
    note: str
    except_fault_ages: list[str]
    corridor_kinds: list[str]
    building_types: list[str]
    except_building_types: list[str]
    avoidance: AvoidanceDocument | None
    valid_from: str
    valid_to: str | None
    procedure_en: list[str]
    message_en: str
    note_en: str
    local: bool
    of: str | None


class RulebookDocument(TypedDict):
    """The rulebook; what stands under ``objects`` to ``overlay`` is as in the files of the rules."""

    version: str
    fingerprint: str
    schemes: list[SchemeDocument]
    hazards: list[ThemeDocument]
    constraints: list[ThemeDocument]
    rules: list[RuleDocument]
    objects: dict[str, object]
    regional_assessments: dict[str, object]
    run_cards: dict[str, object]
    siting: dict[str, object]
    chains: dict[str, object]
    overlay: dict[str, object]
    mandatory_themes: dict[str, list[str]]


def document_of(rulebook: RuleBook) -> RulebookDocument:
    """Version, fingerprint, schemes, hazards with their rules and grounds, and the siting terms; JSON values only."""
    return {
        "version": rulebook.version,
        "fingerprint": rulebook.fingerprint,
        "schemes": [_scheme(scheme) for scheme in rulebook.schemes.values()],
        "hazards": [_hazard(hazard) for hazard in rulebook.hazards.values()],
        "constraints": [_hazard(theme) for theme in rulebook.constraints.values()],
        "rules": [_rule(rule) for rule in rulebook.rules],
        "objects": plain({key: one for key, one in rulebook.documents.get("objects", {}).items() if key != "rules"}),
        "regional_assessments": plain(rulebook.documents.get("regional_assessments", {})),
        "run_cards": plain(rulebook.documents.get("run_cards", {})),
        "siting": plain(rulebook.documents["siting"]),
        "chains": plain(rulebook.documents.get("chains", {})),
        "overlay": plain(rulebook.documents.get("overlay", {})),
        "mandatory_themes": {str(one): list(rulebook.mandatory_themes(one)) for one in rulebook.terms.mandatory},
    }


def _scheme(scheme: Scheme) -> SchemeDocument:
    looks: list[GradeDocument] = [
        {
            "rank": look.rank,
            "name": look.name,
            "name_en": look.name_en,
            "numeral": look.numeral,
            "look": look.look,
            "colour": look.colour,
            "pattern": look.pattern,
            "fill_opacity": look.fill_opacity,
            "words": sorted(word for word, grade in scheme.words.items() if grade.rank == look.rank),
        }
        for look in scheme.grades
    ]
    return {"key": scheme.key, "name_zh": scheme.name_zh, "name_en": scheme.name_en, "grades": looks}


def _hazard(hazard: Hazard) -> ThemeDocument:
    return {
        "key": hazard.key,
        "name_zh": hazard.name_zh,
        "name_en": hazard.name_en,
        "order": hazard.order,
        "colour": hazard.colour,
        "pattern": hazard.pattern,
        "geometry": hazard.geometry,
        "graded": hazard.graded,
        "composed": hazard.composed,
        "schemes": list(hazard.schemes),
        "default_schemes": dict(hazard.default_schemes),
        "products_read": sorted(hazard.products_read),
        "rules": [rule.id for rule in hazard.rules],
    }


def _rule(rule: Rule) -> RuleDocument:
    ranks = None if rule.grades is None else {scheme: sorted(known) for scheme, known in rule.grades.items()}
    return {
        "id": rule.id,
        "hazard": rule.hazard,
        "relation": rule.relation,
        "metres": rule.metres or None,
        "products": sorted(rule.products),
        "grade_ranks": ranks,
        "conditions": [{"attribute": c.attribute, "operator": c.operator, "value": c.value} for c in rule.conditions],
        "verdicts": {
            str(one): {"verdict": str(cell.verdict), "basis_kind": cell.kind and str(cell.kind)}
            for one, cell in rule.verdicts.items()
        },
        "grounds": [_ground(ground) for ground in rule.grounds],
        "procedure": list(rule.procedure),
        "message": rule.message,
        "note": rule.note,
        "except_fault_ages": sorted(rule.except_fault_ages),
        "corridor_kinds": sorted(rule.corridor_kinds),
        "building_types": sorted(rule.building_types),
        "except_building_types": sorted(rule.except_building_types),
        "avoidance": None if rule.avoidance is None else _avoidance(rule.avoidance),
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": None if rule.valid_to is None else rule.valid_to.isoformat(),
        "procedure_en": list(rule.procedure_en),
        "message_en": rule.message_en,
        "note_en": rule.note_en,
        "local": rule.local,
        "of": rule.of or None,
    }


def _ground(ground: LegalBasis) -> BasisDocument:
    return {
        "basis": ground.basis,
        "basis_kind": str(ground.kind),
        "source": ground.source,
        "confidence": ground.confidence,
        "classes": sorted(ground.classes),
        "valid_from": ground.valid_from.isoformat(),
        "valid_to": None if ground.valid_to is None else ground.valid_to.isoformat(),
        "basis_en": ground.basis_en,
        "source_en": ground.source_en,
        "local": ground.local,
    }


def _avoidance(avoidance: Avoidance) -> AvoidanceDocument:
    return {
        "rows": [
            {
                "intensity": row.intensity,
                "exempt_overburden_m": row.exempt_overburden_m,
                "distances": {str(one): distance for one, distance in row.distances.items()},
            }
            for row in avoidance.rows
        ],
        "older_ages": sorted(avoidance.older_ages),
        "study_reach_m": avoidance.study_reach_m,
        "study_basis": avoidance.study_basis,
        "study_basis_en": avoidance.study_basis_en,
    }
