"""Answers of the overview besides the state of the town: its ground, unsurveyed ground, villages and projects."""

from __future__ import annotations

import datetime

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from risk_model.vocabulary import ProjectClass, SeismicClass, Verdict


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
    """A stretch of road as drawn; what it does not say of speed and length is null."""

    id: int
    name: str | None
    road_class: str
    oneway: str
    bridge: bool
    speed_kmh: float | None
    length_m: float | None
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
    version: int
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


class VerdictCause(TypedDict):
    """A zone or an object (``kind``, ``number`` in its register) a rule objects to, or ground nobody surveyed for ``theme``.

    ``distance_m`` from the site, ``line`` the shortest way there, null where they overlap. Shapes in degrees.
    """

    theme: str
    product: str | None
    rule: str | None
    zone: str | None
    kind: str | None
    number: int | None
    name: str
    grade_scheme: str | None
    grade_rank: int | None
    distance_m: float
    geometry: Geometry
    line: Geometry | None


class CausesAnswer(TypedDict):
    """The causes of a project's verdict of today, the weightiest theme first; ``site`` is the ground that was judged."""

    id: int
    verdict: Verdict
    site: Geometry
    causes: list[VerdictCause]
