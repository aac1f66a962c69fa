"""Requests and answers of the register of closed roads."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from app.http.changes import Change, Closed
from app.http.geojson_shapes import Geometry
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import ABSENT, NOT_BLANK, either
from risk_model.message import msg

ClosureKind = Literal["closed", "slowed"]
ClosureState = Literal["active", "lifted"]
CLOSURE_SHAPES = ("Point", "LineString", "Polygon", "MultiPolygon")
Share = Annotated[float, Field(gt=0, lt=1, description="the share of the speed that remains")]
OnFoot = Annotated[bool, Field(description="people walk through; nobody knows of it unless somebody says so")]
Reason = Annotated[str, Field(min_length=1, max_length=500, json_schema_extra=NOT_BLANK)]
Around = Annotated[float | None, Field(gt=0, le=5000, description="of a point: metres of road around it")]
Reporter = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)]


class ClosureItem(BaseModel):
    """A closure; past ``review_at`` it is ``overdue``, stays in force and is asked about.

    ``road`` is the name of the road under it, ``stretches`` and ``road_m`` what it takes of the roads as they are on record
    now: 0 where it lies on none. ``on_foot``: people walk through it where nobody drives.
    """

    id: int
    kind: ClosureKind
    share_left: float | None
    on_foot: bool
    reason: str
    reporter: str
    opened_at: datetime.datetime
    review_at: datetime.datetime
    created_by: str
    created_at: datetime.datetime
    lifted_at: datetime.datetime | None
    lifted_by: str | None
    lift_reason: str | None
    state: ClosureState
    overdue: bool
    road: str | None
    stretches: int
    road_m: float
    version: int
    geometry: Geometry


class NewClosure(Closed):
    """A closure to be put in force.

    A point closes the stretch it lies on, or so many metres around it, a line the way from one of its ends to the other
    along the roads, an area every road in it.
    """

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra=either(
            {"kind": {"const": "closed"}, "share_left": ABSENT},
            {"kind": {"const": "slowed"}, "share_left": {"type": "number"}},
        ),
    )

    kind: ClosureKind
    share_left: Share | None = None
    on_foot: OnFoot = False
    reason: Reason
    reporter: Reporter
    opened_at: Annotated[AwareDatetime | None, Field(description="since when; now where it is not given")] = None
    review_at: Annotated[AwareDatetime | None, Field(description="when it is asked about")] = None
    around_m: Around = None
    geometry: Annotated[GivenGeometry, geojson_of(*CLOSURE_SHAPES)]
    crs: CrsName = None

    @model_validator(mode="after")
    def belongs_together(self) -> NewClosure:
        """What remains of the speed goes with being slowed."""
        if (self.kind == "slowed") != (self.share_left is not None):
            raise ValueError(msg("减速通行须写明剩余速度的比例；封闭则不写"))
        return self

    def values(self) -> dict[str, Any]:
        """The columns that are given."""
        return self.model_dump(
            include={"kind", "share_left", "on_foot", "reason", "reporter", "opened_at", "review_at"}
        )


class ClosurePreview(Closed):
    """Ground of a closure somebody thinks of."""

    around_m: Around = None
    geometry: Annotated[GivenGeometry, geojson_of(*CLOSURE_SHAPES)]
    crs: CrsName = None


class ClosurePreviewed(TypedDict):
    """What a closure would take of the roads on record: stretches, metres, and the names of the roads, the longest first."""

    stretches: int
    road_m: float
    roads: list[str]


class ClosureChange(Change):
    """Changes to a closure in force; where it lies is another closure."""

    never_empty: ClassVar[frozenset[str]] = frozenset(["kind", "on_foot", "reason", "reporter", "review_at"])

    kind: ClosureKind | None = None
    share_left: Share | None = None
    on_foot: OnFoot | None = None
    reason: Reason | None = None
    reporter: Reporter | None = None
    review_at: AwareDatetime | None = None


class ClosureLifted(Closed):
    """The end of a closure, with why where somebody says so."""

    reason: Annotated[str | None, Field(max_length=500)] = None
