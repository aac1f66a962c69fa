"""Requests and answers of a siting check."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, cast

import orjson
import shapely
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from app.http.changes import Change
from app.http.geojson_shapes import Geometry
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import NOT_BLANK
from app.judgement.response_schemas import ResponseAnswer
from app.judgement.screening import CheckedSite
from app.platform.iso import IsoDay
from app.siting.basis_schemas import EditionAnswer, RecordAnswer, RulebookAnswer
from app.siting.evidence_schemas import ClassVerdictAnswer, ComparedPlaces, SurveyAnswer, by_class_answer
from app.siting.firmness_schemas import OwnScaleAnswer, ShiftAnswer, shift_answers
from app.siting.part_schemas import MOST_PARTS, OfPart, PartAnswer, PartOfTheme, SitePart
from risk_model.conditions import AssessmentOverSite, Condition, NotAsked, Note
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Finding, ProjectClass, SeismicClass, ThemeReport

SHAPES = ("Polygon", "MultiPolygon", "Point", "LineString", "MultiLineString", "MultiPoint")
DISCLAIMER = "筛查意见，不替代法定评估"


class SiteProperties(BaseModel):
    """Project to be built. ``accept_repair`` says that the proposed repair of an invalid outline is accepted."""

    model_config = ConfigDict(extra="allow")

    name: str = Field("", max_length=200)
    project_class: ProjectClass
    seismic_class: SeismicClass | None = None
    building_type: str | None = Field(
        None,
        max_length=40,
        description="a key of `siting.building_types.kinds` in GET /api/rulebook",
        examples=["school"],
    )
    accept_repair: bool = False
    parts: list[SitePart] | None = Field(
        None,
        min_length=1,
        max_length=MOST_PARTS,
        description="each is judged by its own class, what they leave of the outline by that of the site",
    )
    response: bool = Field(False, description="whether the answer tells who comes there first, and by which road")


class StoredProjectChange(Change):
    """Changes to a project; what is not given stays, null empties what may be unknown."""

    never_empty = frozenset(["name", "project_class"])

    name: str | None = Field(None, min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    project_class: ProjectClass | None = None
    building_type: str | None = Field(None, max_length=40, description="as of a check")
    seismic_class: SeismicClass | None = None
    geometry: Annotated[GivenGeometry, geojson_of(*SHAPES)] | None = None
    crs: CrsName = None


class NewProject(StoredProjectChange):
    """A project to be registered: at least a name, its class and its footprint."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)
    project_class: ProjectClass
    geometry: Annotated[GivenGeometry, geojson_of(*SHAPES)]


class SiteFeature(BaseModel):
    """A GeoJSON Feature; lon,lat unless ``crs`` says otherwise."""

    type: Literal["Feature"]
    geometry: Annotated[GivenGeometry, geojson_of(*SHAPES)]
    properties: SiteProperties
    crs: CrsName = None


class ObjectAnswer(TypedDict):
    """A registered object: its register (``roads``, ``facilities``, ``buildings``), its number there and its name."""

    kind: str
    id: int
    name: str


class StretchAnswer(TypedDict):
    """A stretch of a line in metres from the start of what was drawn: there the ground lies within the strip of the line.

    ``inside_m`` of it the line itself lies in the ground.
    """

    from_m: float
    to_m: float
    inside_m: float


class FindingAnswer(TypedDict):
    """One zone that concerns the site, or an object beside it: then ``zone`` is null and ``object`` says which.

    Of a line ``stretches`` tells where along it, or ``nearest_m`` where it comes nearest; neither of objects of a register.
    ``survey`` is missing of objects, and of checks made before it was told. ``part`` names the part of the site it speaks of,
    null for what the parts leave; it is missing of a site without parts. Areas and shares are of the part.
    """

    zone: str | None
    zone_version: int | None
    zone_name: str
    product: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    overlap_m2: float
    overlap_share: float
    distance_m: float
    sliver: bool
    rule: str | None
    verdict: str
    basis: str
    basis_kind: str | None
    procedure: list[str]
    message: str
    local: bool
    basis_en: str
    procedure_en: list[str]
    message_en: str
    object: ObjectAnswer | None
    stretches: NotRequired[list[StretchAnswer]]
    nearest_m: NotRequired[float]
    survey: NotRequired[SurveyAnswer]
    part: NotRequired[str | None]


class ThemeAnswer(TypedDict):
    """Answer on a theme; rules that reach ``reach_m`` past the site need ``reach_share`` of that ground surveyed.

    Of a site with ``parts``: concerned where one is, without data where one is and none is concerned, of the greatest
    reach and the least share of what is reached. ``surveys`` are those at the site that say a theme is clear; it is missing of
    other themes, and of checks made before it was told.
    """

    theme: str
    name: str
    status: str
    reason: str
    reason_en: str
    covered_share: float
    reach_m: float
    reach_share: float
    mandatory: bool
    findings: list[FindingAnswer]
    parts: NotRequired[list[PartOfTheme]]
    surveys: NotRequired[list[SurveyAnswer]]


class AssessmentAnswer(TypedDict):
    """A regional assessment that meets the site. ``bearing``: ``closes`` the condition, or why not: it has ``expired``, is ``not_yet`` in force, or covers it ``in_part``."""

    id: int
    number: str
    name: str
    valid_from: IsoDay
    valid_to: IsoDay
    bearing: str
    covered_share: float


class NotAskedAnswer(TypedDict):
    """A theme no rule asks such a project about, of which nothing was met and nothing is unknown, with why."""

    theme: str
    name: str
    reason: str
    reason_en: str


class ConditionAnswer(TypedDict):
    """Condition of restricted ground, by which rules; ``closed`` by the first of ``assessments`` where its bearing is ``closes``.

    ``part`` names the part of the site it is asked of as a finding does.
    """

    procedure: str
    procedure_en: str
    rules: list[str]
    closed: bool
    assessments: list[AssessmentAnswer]
    part: NotRequired[str | None]


class NoteAnswer(TypedDict):
    """A duty the opinion points to; it changes no verdict. ``part`` names the part of the site it is of as a finding does."""

    key: str
    message: str
    message_en: str
    basis: str
    basis_en: str
    basis_kind: str
    confidence: str
    part: NotRequired[str | None]


class SiteAnswer(TypedDict):
    """The site as it was judged; ``geometry`` is the judged footprint in lon, lat, ``line_m`` the length of a line."""

    geometry: Geometry
    area_m2: float
    repaired: bool
    buffered_m: float
    seismic_class: str
    name: str
    project_class: str
    line_m: NotRequired[float]


class OpinionAnswer(TypedDict):
    """The screening opinion.

    ``not_asked``, ``own_scale`` and ``by_class`` are missing of checks made before they were told, ``response`` and
    ``alternatives`` where nobody asked for it. Of a site with ``parts`` the verdict is the gravest of theirs, and ``by_class``
    is told of each part instead.
    """

    verdict: str
    borderline: bool
    data_gaps: list[str]
    site: SiteAnswer
    themes: list[ThemeAnswer]
    not_asked: NotRequired[list[NotAskedAnswer]]
    conditions: list[ConditionAnswer]
    notes: list[NoteAnswer]
    sensitivity: list[ShiftAnswer]
    response: NotRequired[ResponseAnswer]
    own_scale: NotRequired[OwnScaleAnswer]
    by_class: NotRequired[list[ClassVerdictAnswer]]
    alternatives: NotRequired[ComparedPlaces]
    parts: NotRequired[list[PartAnswer]]
    edition: EditionAnswer | None
    rulebook: RulebookAnswer
    judged_on: IsoDay
    data_date: IsoDay | None
    synthetic: bool
    disclaimer: str


class CheckAnswer(OpinionAnswer):
    """The screening opinion; ``record`` is null for a guest, whose check is not kept."""

    record: RecordAnswer | None


def check_answer(checked: CheckedSite) -> OpinionAnswer:
    """The contract's JSON of a checked site; numbers unrounded."""
    opinion, site, edition = checked.opinion, checked.site, checked.edition
    published: EditionAnswer | None = None
    if edition is not None:
        published_at = edition.published_at.isoformat()
        published = {"number": edition.number, "published_at": published_at, "fingerprint": edition.fingerprint}
    return {
        "verdict": opinion.verdict.value,
        "borderline": opinion.borderline,
        "data_gaps": list(opinion.data_gaps),
        "site": {
            "geometry": cast("Geometry", orjson.Fragment(shapely.to_geojson(checked.footprint))),
            "area_m2": opinion.area_m2,
            "repaired": checked.repaired,
            "buffered_m": opinion.buffered_m,
            "seismic_class": opinion.seismic_class.value,
            "name": site.name,
            "project_class": site.project_class.value,
        },
        "themes": [theme_answer(theme, checked.rulebook) for theme in opinion.themes],
        "not_asked": [_not_asked(one, checked.rulebook) for one in opinion.not_asked],
        "conditions": [_condition(condition) for condition in opinion.conditions],
        "notes": [_note(note) for note in opinion.notes],
        "sensitivity": shift_answers(opinion),
        "by_class": by_class_answer(opinion),
        "edition": published,
        "rulebook": {
            "version": checked.rulebook.version,
            "fingerprint": checked.rulebook.fingerprint,
            "number": checked.rulebook_number,
        },
        "judged_on": checked.on.isoformat(),
        "data_date": None if checked.data_date is None else checked.data_date.isoformat(),
        "synthetic": checked.synthetic,
        "disclaimer": DISCLAIMER,
    }


def theme_answer(theme: ThemeReport, rulebook: RuleBook) -> ThemeAnswer:
    """A theme in plain values, named by the rulebook; its state on each part is told besides by who knows the parts."""
    return {
        "theme": theme.theme,
        "name": rulebook.hazard_name(theme.theme),
        "status": theme.status.value,
        "reason": theme.reason,
        "reason_en": theme.reason_en,
        "covered_share": theme.covered_share,
        "reach_m": theme.reach_m,
        "reach_share": theme.reach_share,
        "mandatory": theme.mandatory,
        "findings": [_finding(finding) for finding in theme.findings],
    }


def _not_asked(one: NotAsked, rulebook: RuleBook) -> NotAskedAnswer:
    name = rulebook.hazard_name(one.theme)
    return {"theme": one.theme, "name": name, "reason": one.reason, "reason_en": one.reason_en}


def _finding(finding: Finding) -> FindingAnswer:
    told: FindingAnswer = {
        "zone": finding.zone,
        "zone_version": finding.zone_version,
        "zone_name": finding.zone_name,
        "product": finding.product,
        "grade": finding.grade,
        "grade_rank": finding.grade_rank,
        "grade_scheme": finding.grade_scheme,
        "overlap_m2": finding.overlap_m2,
        "overlap_share": finding.overlap_share,
        "distance_m": finding.distance_m,
        "sliver": finding.sliver,
        "rule": finding.rule,
        "verdict": finding.verdict.value,
        "basis": finding.basis,
        "basis_kind": finding.basis_kind and finding.basis_kind.value,
        "procedure": list(finding.procedure),
        "message": finding.message,
        "local": finding.local,
        "basis_en": finding.basis_en,
        "procedure_en": list(finding.procedure_en),
        "message_en": finding.message_en,
        "object": None
        if finding.object is None
        else {"kind": finding.object.kind, "id": finding.object.id, "name": finding.object.name},
    }
    return told if finding.part is None else {**told, "part": finding.part or None}


def _of_part(one: Condition | Note) -> OfPart:
    """The part something is told of; nothing of a site without parts."""
    return {} if one.part is None else {"part": one.part or None}


def _note(note: Note) -> NoteAnswer:
    return {
        "key": note.key,
        "message": note.message,
        "message_en": note.message_en,
        "basis": note.basis,
        "basis_en": note.basis_en,
        "basis_kind": note.basis_kind,
        "confidence": note.confidence,
        **_of_part(note),
    }


def _assessment(one: AssessmentOverSite) -> AssessmentAnswer:
    return {
        "id": one.id,
        "number": one.number,
        "name": one.name,
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat(),
        "bearing": one.bearing.value,
        "covered_share": one.covered_share,
    }


def _condition(condition: Condition) -> ConditionAnswer:
    return {
        "procedure": condition.procedure,
        "procedure_en": condition.procedure_en,
        "rules": list(condition.rules),
        "closed": condition.closed_by is not None,
        "assessments": [_assessment(one) for one in condition.assessments],
        **_of_part(condition),
    }
