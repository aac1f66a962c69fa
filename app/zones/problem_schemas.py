"""Answers on problems: the ways one can be mended, looked at before one is taken."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.zones.draft_schemas import ProblemItem
from risk_model.editing.fixes import FixWay


class FixedZone(TypedDict):
    """A zone that a fix changes: its area in m² before and after, and its geometry then (null: nothing is left of it)."""

    zone: str
    area_before_m2: float
    area_after_m2: float
    geometry: Geometry | None


class FixItem(TypedDict):
    """A way to mend a problem; ``to`` is the zone that gets the ground, ``refused`` says why it cannot be mended so."""

    fix: FixWay
    name: str
    to: str | None
    zones: list[FixedZone]
    refused: str | None


class FixList(TypedDict):
    """A problem and every way to mend it; none where it is mended by hand."""

    problem: ProblemItem
    items: list[FixItem]
