"""Answers of the overview: the state of the town, its ground, unsurveyed ground, villages and projects."""

from __future__ import annotations

import datetime
from typing import NotRequired

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.judgement.page_context import PageContext
from risk_model.vocabulary import ProjectClass, SeismicClass, Verdict


class GradeCount(TypedDict):
    """Zones of one grade of a layer: how many, and their area on surveyed ground (m², metric CRS)."""

    rank: int
    name: str
    count: int
    area_m2: float


class ExposureAnswer(TypedDict):
    """Who and what stands on ground of the grades ``ranks``; null is unknown, people are whole ones, ``roads_m`` metres.

    ``people`` is null where a village that shares the ground is uncounted: ``people_at_least`` are those of the others.
    """

    ranks: list[int]
    people: int | None
    people_at_least: int | None
    people_by: list[str]
    uncounted_villages: int
    buildings: int | None
    enterprises: int | None
    facilities: int | None
    roads: int | None
    roads_m: int | None
    kinds: dict[str, dict[str, int]]


class LayerAnswer(TypedDict):
    """A published layer; the shares are of the town's area, null where no boundary is known. ``exposed`` only of graded ones."""

    hazard: str
    hazard_name: str
    product: str
    grade_scheme: str | None
    grades: list[GradeCount]
    count: int
    unsurveyed_share: float | None
    ungraded_share: float | None
    exposed: NotRequired[ExposureAnswer]


class TownAnswer(PageContext):
    """The state of the town."""

    layers: list[LayerAnswer]


class VillageProperties(TypedDict):
    """A village or community, with its seat in degrees where that is known."""

    id: int
    code: str | None
    name: str
    population: int | None
    seat_lon: float | None
    seat_lat: float | None
    synthetic: bool


class VillageItem(VillageProperties):
    """A village or community with its ground."""

    geometry: Geometry


class BoundaryProperties(TypedDict):
    """The administrative boundary."""

    code: str
    name: str
    synthetic: bool


class RoadProperties(TypedDict):
    """A stretch of road as drawn."""

    id: int
    name: str | None
    road_class: str
    oneway: str
    bridge: bool
    synthetic: bool


class WaterProperties(TypedDict):
    """A river, stream, canal or reservoir."""

    id: int
    name: str | None
    kind: str
    synthetic: bool


class ReliefProperties(TypedDict):
    """A railway or a contour."""

    id: int
    kind: str
    name: str | None
    elevation_m: float | None


BasemapProperties = VillageProperties | BoundaryProperties | RoadProperties | WaterProperties | ReliefProperties


class GapProperties(TypedDict):
    """A piece of ground nobody surveyed for ``hazard``; ``lacking`` are the surveys due there, ``people`` live on it."""

    hazard: str
    lacking: list[str]
    villages: list[str]
    people: float | None
    area_m2: float


class ProjectProperties(TypedDict):
    """A registered project with the verdict of today and its reasons."""

    id: int
    name: str
    project_class: ProjectClass
    seismic_class: SeismicClass | None
    building_type: str | None
    synthetic: bool
    created_at: datetime.datetime
    verdict: Verdict
    reasons: list[str]
    reasons_en: list[str]
    rules: list[str]
    data_gaps: list[str]


class ProjectItem(ProjectProperties):
    """A registered project with its footprint."""

    geometry: Geometry
