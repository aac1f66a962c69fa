"""Parts of a site as they are declared and answered: each with a class and a verdict of its own."""

from __future__ import annotations

from typing import Annotated, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from app.http.changes import Closed
from app.http.geojson_shapes import Geometry
from app.http.request_geometry import GivenGeometry, geojson_of
from app.http.written import NOT_BLANK
from app.siting.evidence_schemas import PartClassAnswer
from risk_model.vocabulary import ProjectClass, SeismicClass

PART_SHAPES: Final = ("Polygon", "MultiPolygon")
MOST_PARTS: Final = 20


class SitePart(Closed):
    """A part of a site with a class of its own: a polygon within the outline, in the CRS of the Feature; no other part has its name."""

    name: str = Field(min_length=1, max_length=60, json_schema_extra=NOT_BLANK)
    project_class: ProjectClass
    seismic_class: SeismicClass | None = None
    building_type: str | None = Field(None, max_length=40, description="as of the site")
    geometry: Annotated[GivenGeometry, geojson_of(*PART_SHAPES)]


class PartAnswer(TypedDict):
    """A part as it was judged; ``name`` is null for what the parts leave of the outline, judged by the class of the site.

    ``rules`` are those that make its verdict what it is; ``geometry`` is in lon, lat. ``by_class`` is missing of checks made
    before it was told.
    """

    name: str | None
    project_class: str
    seismic_class: str
    building_type: str | None
    geometry: Geometry
    area_m2: float
    verdict: str
    borderline: bool
    rules: list[str]
    data_gaps: list[str]
    by_class: NotRequired[list[PartClassAnswer]]


class PartOfTheme(TypedDict):
    """State of a theme on one part: as of a theme of a site without parts."""

    part: str | None
    status: str
    reason: str
    reason_en: str
    covered_share: float
    reach_m: float
    reach_share: float
    mandatory: bool


class OfPart(TypedDict):
    """The part of the site something is told of; missing of a site without parts, null for what the parts leave."""

    part: NotRequired[str | None]
