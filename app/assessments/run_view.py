"""Contents of a run's pages and files beside the map: areas, how much is in each grade, what each hazard adds."""

from __future__ import annotations

from typing import Final, cast

import geopandas as gpd
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.assessments.schemas import AreaRisk, GradedRow, HiddenExtreme
from app.assessments.service import joined_by_grade, read_shown_areas
from app.http.geojson import plain_rows
from app.maps.legend import Legend
from gis_layers.stores import runs
from gis_layers.stores.pictures import find_picture, read_picture
from gis_layers.stores.places import read_places
from gis_layers.stores.runs import GradeShare, GradingProduct, GradingRun, HazardPart

LISTED: Final = 200
"""How many areas a page lists at a time; a town has fewer villages, a grid has many more cells."""
DRAWN_ONE_BY_ONE: Final = 2000
"""Up to so many areas the map draws each; of more it draws the ground of each grade joined."""
GROUND = ("boundary", "villages", "roads", "water")


class NamedExtreme(HiddenExtreme):
    """Ground of a worst grade that the mean hides, with the hazard's name."""

    name: str


class ListedArea(GradedRow):
    """A row of the table: ``shown`` is the grade of the product looked at, ``gaps`` the names of what lacks."""

    shown: GradedRow | AreaRisk
    gaps: list[str]
    extremes: list[NamedExtreme]


class NamedPart(HazardPart):
    """Score added by a hazard, with its name."""

    name: str


class RunFigures(TypedDict):
    """Numbers behind the charts of a run."""

    grades: list[GradeShare]
    hazards: list[NamedPart]


def listed_areas(
    session: Session, run: GradingRun, legend: Legend, *, product: GradingProduct, page: int = 1
) -> list[ListedArea]:
    """The areas of one page of the table, worst first, with the grade of ``product`` as ``shown`` and gaps by name."""
    frame, _ = read_shown_areas(session, run, None, limit=LISTED, offset=LISTED * (page - 1), product=product)
    return [
        cast(
            "ListedArea",
            {
                **row,
                "shown": row["risk"] if product == "risk" else row,
                "gaps": [legend.hazard_name(gap) for gap in row["data_gaps"]],
                "extremes": [{**one, "name": legend.hazard_name(one["hazard"])} for one in row["extremes"]],
            },
        )
        for row in plain_rows(frame)
    ]


def page_of_area(session: Session, run: GradingRun, area: int, *, product: GradingProduct) -> int | None:
    """The page of the table on which an area stands; None where the run has no such area."""
    before = runs.areas_before(session, run.id, area, by_risk=product == "risk")
    return None if before is None else before // LISTED + 1


def figures_of(session: Session, run: GradingRun, legend: Legend, product: GradingProduct) -> RunFigures:
    """Areas, ground and people by grade, and what each hazard adds to the score, for charts and the tables beside them."""
    grades = runs.read_distribution(session, run.id, by_risk=product == "risk")
    hazards = runs.read_contributions(session, run.id)
    return {
        "grades": [{**row, "people": None if row["people"] is None else round(row["people"])} for row in grades],
        "hazards": [{**row, "name": legend.hazard_name(row["hazard"])} for row in hazards],
    }


def carried_frames(session: Session, run: GradingRun) -> dict[str, gpd.GeoDataFrame]:
    """The ground, and of a run of many areas the joined ground of each grade: what a single file carries as layers."""
    frames = {name: read_places(session, name) for name in GROUND}
    frames["joined"] = joined_by_grade(session, run.id)
    frames["joined_risk"] = joined_by_grade(session, run.id, "risk")
    return frames


def carried_areas(session: Session, run: GradingRun) -> gpd.GeoDataFrame:
    """The areas of a run that are few enough to be carried one by one; none of a run of more."""
    few = run.area_count <= DRAWN_ONE_BY_ONE
    frame, _ = read_shown_areas(session, run, None, limit=None if few else 0)
    return frame


def relief_picture(session: Session) -> tuple[bytes, tuple[float, float, float, float]] | None:
    """The shaded relief as a PNG with its bounds in degrees, or None where there is none."""
    note = find_picture(session, "hillshade")
    return None if note is None else (read_picture(session, note.name), note.bounds)
