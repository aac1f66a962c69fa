"""Requests and answers of the register of closed roads."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.http.changes import Change, Closed
from app.http.geojson_shapes import Geometry
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import ABSENT, NOT_BLANK, either
from risk_model.message import msg

ClosureKind = Literal["closed", "slowed"]
ClosureState = Literal["active", "lifted"]
CLOSURE_SHAPES = ("Point", "LineString", "Polygon", "MultiPolygon")
Share = Annotated[float, Field(gt=0, lt=1, description="the share of the speed that remains")]
Reason = Annotated[str, Field(min_length=1, max_length=500, json_schema_extra=NOT_BLANK)]
Reporter = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=NOT_BLANK)]


class ClosureItem(BaseModel):
    """A closure; past ``review_at`` it is ``overdue``, stays in force and is asked about.

    ``road`` is the name of the road under it, ``stretches`` and ``road_m`` what it takes of the roads as they are on record
    now: 0 where it lies on none.
    """

    id: int
    kind: ClosureKind
    share_left: float | None
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
    reason: Reason
    reporter: Reporter
    opened_at: Annotated[AwareDatetime | None, Field(description="since when; now where it is not given")] = None
    review_at: Annotated[AwareDatetime | None, Field(description="when it is asked about")] = None
    around_m: Annotated[float | None, Field(gt=0, le=5000, description="of a point: metres of road around it")] = None
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
        return self.model_dump(include={"kind", "share_left", "reason", "reporter", "opened_at", "review_at"})


class ClosureChange(Change):
    """Changes to a closure in force; where it lies is another closure."""

    never_empty: ClassVar[frozenset[str]] = frozenset(["kind", "reason", "reporter", "review_at"])

    kind: ClosureKind | None = None
    share_left: Share | None = None
    reason: Reason | None = None
    reporter: Reporter | None = None
    review_at: AwareDatetime | None = None


class ClosureLifted(Closed):
    """The end of a closure, with why where somebody says so."""

    reason: Annotated[str | None, Field(max_length=500)] = None
