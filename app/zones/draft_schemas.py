"""Requests and answers of drafts: edits one by one, what they did, how a draft stands."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from typing_extensions import TypedDict

from app.http.changes import Change, Closed
from app.http.geojson_shapes import Geometry
from app.http.next_steps import NextStepAnswer
from app.http.request_geometry import GivenGeometry, geojson_of
from app.http.written import NOT_BLANK
from app.platform.iso import IsoDay, IsoMoment
from gis_layers.plain_text import LARGEST_WHOLE
from risk_model.editing.fixes import FixWay
from risk_model.vocabulary import CorridorKind, Product

ZONE_SHAPES = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")
CUTTING_SHAPES = ("LineString", "MultiLineString")
MANY = 2_000
"""Zones one gesture may change."""

DraftState = Literal["open", "submitted", "returned", "approved", "scheduled", "held", "published", "withdrawn"]
ZoneChange = Literal["create", "update", "delete"]
EditOp = Literal["create", "update", "delete", "split", "merge", "rebase", "settle", "renumber", "file", "fix"]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 17 else value


ZoneNumber = Annotated[
    int,
    BeforeValidator(_whole),
    Field(ge=1, le=LARGEST_WHOLE),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": LARGEST_WHOLE},
                {"type": "string", "pattern": r"^[1-9]\d{0,14}$"},
            ]
        }
    ),
]
"""The lasting number of a zone, as a number or as answers write it."""
Text = Annotated[str, Field(min_length=1, max_length=500, json_schema_extra=NOT_BLANK)]
Name = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)]
ProblemKey = Annotated[str, Field(max_length=2000, pattern=r"^[a-z_]+(-[1-9]\d{0,14})+(-[a-z_]+)?(\.[1-9]\d{0,5})?$")]
"""The id of a problem as its list tells it: kind, zones, field, number."""
Shape = Annotated[GivenGeometry, geojson_of(*ZONE_SHAPES)]
Line = Annotated[GivenGeometry, geojson_of(*CUTTING_SHAPES)]


class NewDraft(Closed):
    """A draft to be begun."""

    name: Name


class GivenAttributes(Change):
    """Attributes of a zone as an edit gives them; what is not given stays. A grade by its word or by its rank."""

    never_empty: ClassVar[frozenset[str]] = frozenset({"hazard", "product"})

    hazard: Annotated[str | None, Field(max_length=100)] = None
    product: Product | None = None
    grade: Annotated[str | None, Field(max_length=100)] = None
    grade_rank: Annotated[int | None, Field(ge=1, le=100)] = None
    grade_scheme: Annotated[str | None, Field(max_length=100)] = None
    name: Annotated[str | None, Field(max_length=500)] = None
    survey_date: datetime.date | None = None
    scale: Annotated[int | None, Field(ge=1, le=100_000_000)] = None
    intensity: Annotated[float | None, Field(ge=0, le=1e6, allow_inf_nan=False)] = None
    arrival_min: Annotated[float | None, Field(ge=0, le=1e6, allow_inf_nan=False)] = None
    overburden_m: Annotated[float | None, Field(ge=0, le=1e6, allow_inf_nan=False)] = None
    fault_age: Annotated[str | None, Field(max_length=100)] = None
    corridor_kind: CorridorKind | None = None
    source: Annotated[str | None, Field(max_length=500)] = None
    source_id: Annotated[str | None, Field(max_length=500)] = None


class NewAttributes(GivenAttributes):
    """Attributes of a new zone."""

    hazard: Annotated[str, Field(max_length=100)]
    product: Product


class _Edit(Closed):
    reason: Text | None = None


class CreateEdit(_Edit):
    """A zone drawn."""

    op: Literal["create"]
    geometry: Shape
    attributes: NewAttributes


class ZoneEdit(Closed):
    """What a gesture changes of one zone."""

    zone: ZoneNumber
    geometry: Shape | None = None
    attributes: GivenAttributes | None = None


class UpdateEdit(_Edit):
    """One zone changed, or in ``changes`` every zone that one gesture changes."""

    op: Literal["update"]
    zone: ZoneNumber | None = None
    geometry: Shape | None = None
    attributes: GivenAttributes | None = None
    changes: Annotated[list[ZoneEdit], Field(max_length=MANY)] = Field(default_factory=list)

    def every(self) -> list[ZoneEdit]:
        """The changes, those of ``zone`` first."""
        own = (
            [] if self.zone is None else [ZoneEdit(zone=self.zone, geometry=self.geometry, attributes=self.attributes)]
        )
        return [*own, *self.changes]


class DeleteEdit(_Edit):
    """Zones deleted."""

    op: Literal["delete"]
    zone: ZoneNumber | None = None
    zones: Annotated[list[ZoneNumber], Field(max_length=MANY)] = Field(default_factory=list)


class SplitEdit(_Edit):
    """Zones cut along a line; the pieces keep what ``attributes`` does not change."""

    op: Literal["split"]
    zone: ZoneNumber | None = None
    zones: Annotated[list[ZoneNumber], Field(max_length=MANY)] = Field(default_factory=list)
    line: Line
    attributes: GivenAttributes | None = None


class MergeEdit(_Edit):
    """Zones joined; ``zone`` is the one whose attributes stay, the largest where it is not given."""

    op: Literal["merge"]
    zone: ZoneNumber | None = None
    zones: Annotated[list[ZoneNumber], Field(min_length=1, max_length=MANY)]
    attributes: GivenAttributes | None = None
    multipart: bool = False


class Settled(Closed):
    """Whose state of a zone stays, after a newer edition changed it too: the draft's or the edition's."""

    zone: ZoneNumber
    keep: Literal["mine", "theirs"]


class RebaseEdit(_Edit):
    """Zones settled that an edition published meanwhile changed too."""

    op: Literal["rebase"]
    choices: Annotated[list[Settled], Field(min_length=1, max_length=MANY)]


class FixEdit(_Edit):
    """A problem mended in one of the ways that were proposed."""

    op: Literal["fix"]
    problem: ProblemKey
    fix: FixWay


class WalkEdit(Closed):
    """The last edit taken back, or the one taken back last done again."""

    op: Literal["undo", "redo"]


EditBody = Annotated[
    CreateEdit | UpdateEdit | DeleteEdit | SplitEdit | MergeEdit | RebaseEdit | FixEdit | WalkEdit,
    Field(discriminator="op"),
]


class PinnedComment(Closed):
    """A remark pinned to a place, longitude and latitude."""

    text: Text
    place: Annotated[list[Annotated[float, Field(ge=-180, le=180)]], Field(min_length=2, max_length=2)] | None = None
    zone: ZoneNumber | None = None


class ReturnBody(Closed):
    """A draft returned, with remarks."""

    comment: Text
    comments: Annotated[list[PinnedComment], Field(max_length=500)] = Field(default_factory=list)


class StepBody(Closed):
    """Words that go with a step."""

    comment: Annotated[str, Field(max_length=2000)] = ""


class PassedWarning(Closed):
    """A warning that is passed, and why."""

    problem: ProblemKey
    reason: Text


class SubmitBody(StepBody):
    """Words that go with a submission; every warning of its own has a reason in ``reasons``, or else ``reason``."""

    reasons: Annotated[list[PassedWarning], Field(max_length=MANY)] = Field(default_factory=list)
    reason: Text | None = None


class PublishBody(Closed):
    """The number of the edition as it was typed, where it was, why it is published, and the day it is effective from.

    Without ``effective_on`` that is the day itself. A past one needs a reason and a document that old; on one to come the
    draft is put in force by itself.
    """

    edition: Annotated[int | None, Field(ge=1, le=1_000_000_000)] = None
    reason: Text | None = None
    effective_on: datetime.date | None = None


class RevertBody(Closed):
    """Why an older edition is put in force once more."""

    reason: Text


class ChangeCounts(TypedDict):
    """Zones a draft proposes, by kind of change."""

    create: int
    update: int
    delete: int


class DraftItem(TypedDict):
    """A draft and how it stands."""

    id: int
    name: str
    state: DraftState
    created_at: IsoMoment
    created_by: str
    authors: list[str]
    edition: int | None
    effective_on: IsoDay | None
    version: int
    changes: ChangeCounts


class EditItem(TypedDict):
    """An edit of a draft; ``name`` says in words what it did."""

    number: int
    op: EditOp
    name: str
    reason: str | None
    by: str
    at: IsoMoment
    undone: bool
    zones: list[str]


class DraftStep(TypedDict):
    """A step in the life of a draft; ``content``: comments with their places, warnings passed and why, what was approved."""

    step: str
    state: DraftState
    by: str
    at: IsoMoment
    comment: str | None
    content: dict[str, Any] | None


class UndoNames(TypedDict):
    """Names of the edit that would be taken back and of the one that would be done again."""

    undo: str | None
    redo: str | None


class WholeDraft(DraftItem):
    """A draft with its edits and steps; ``undo`` and ``redo`` name what would be taken back or done again.

    ``not_on_paper`` says why a signed sheet does not approve it, where somebody may do so in the system; else null.
    """

    edits: list[EditItem]
    history: list[DraftStep]
    next_steps: list[NextStepAnswer]
    undo: str | None
    redo: str | None
    overtaken: list[str]
    not_on_paper: str | None


class DraftZoneItem(TypedDict):
    """A zone as a draft sees it: ``version`` is the one it was made from, null for a new zone."""

    id: str
    zone: str
    version: int | None
    change: ZoneChange | None
    layer_id: int
    hazard: str
    product: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    name: str | None
    survey_date: datetime.date | None
    scale: int | None
    intensity: float | None
    arrival_min: float | None
    overburden_m: float | None
    fault_age: str | None
    corridor_kind: str | None
    source: str | None
    source_id: str | None
    geometry: Geometry


class Descended(TypedDict):
    """A parent and a child."""

    parent: str
    child: str


class ProblemItem(TypedDict):
    """A fault of the zones as the draft would leave them: where it is and how large.

    A blocking one stops publication, unless it is ``inherited``: it stood in force before and is no larger. ``field`` names a
    missing attribute.
    """

    id: str
    kind: str
    name: str
    level: Literal["blocking", "warning"]
    zones: list[str]
    size: float | None
    unit: Literal["m", "m2"] | None
    place: list[float] | None
    field: str | None
    inherited: bool


class EditAnswer(TypedDict):
    """What an edit did; a neighbour that received a vertex stands in ``zones`` too."""

    zones: list[DraftZoneItem]
    removed: list[str]
    lineage: list[Descended]
    problems: list[ProblemItem]
    edit: int
    name: str
    state: DraftState
    undo: str | None
    redo: str | None


class ProblemList(TypedDict):
    """Problems of a draft, the largest first."""

    items: list[ProblemItem]
    blocking: int
    warnings: int


class ZoneConflict(TypedDict):
    """A zone that somebody else changed too; null where it is not there."""

    zone: str
    base: DraftZoneItem | None
    mine: DraftZoneItem | None
    theirs: DraftZoneItem | None


class ConflictList(TypedDict):
    """Zones to be settled."""

    items: list[ZoneConflict]
