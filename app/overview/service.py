"""The state of the town, put together from the published edition."""

from __future__ import annotations

import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from app.deployment import Deployment
from app.once import Once
from app.overview.exposure import measure_exposure, registers_state
from app.screening import with_verdicts
from app.town import describe_frame
from gis_layers.crs import STORAGE_SRID, to_metric, to_storage
from gis_layers.stores.edition_ground import read_edition_ground
from gis_layers.stores.editions import current_edition
from gis_layers.stores.places import find_boundary, read_places
from gis_layers.stores.projects import read_projects
from gis_layers.stores.surveys import published_layers
from gis_layers.stores.zones import grade_areas
from risk_model.rulebook import RuleBook
from risk_model.surveys import surveyed_ground

_measured: Once[str, list[dict[str, Any]]] = Once(4)
_unsurveyed: Once[tuple[str, str], gpd.GeoDataFrame] = Once(64)

NOTICEABLE_M2 = 100.0
"""Ground smaller than this beside a survey's edge is a sliver of two boundaries that do not quite meet."""


def describe_town(session: Session, deployment: Deployment) -> dict[str, Any]:
    """What every page says of the town, and its layers with counts and areas (m², metric CRS) by grade and data gaps."""
    return {**describe_frame(session, deployment), "layers": _layers(session, deployment)}


def _layers(session: Session, deployment: Deployment) -> list[dict[str, Any]]:
    """Layers in theme order; measured once for each edition and each state of the registers."""
    state = _state(session, deployment)
    return _measured.get(state, lambda: _measure_layers(session, deployment, state))


def _state(session: Session, deployment: Deployment) -> str:
    """Changes whenever what is measured here may: the edition, the rules, the boundary, the registers."""
    edition = current_edition(session)
    published = edition.fingerprint if edition else ""
    boundary = hash(find_boundary(session))
    return f"{deployment.url} {published} {deployment.rulebook.fingerprint} {boundary} {registers_state(session)}"


def _measure_layers(session: Session, deployment: Deployment, state: str) -> list[dict[str, Any]]:
    boundary, metric_crs = find_boundary(session), deployment.settings.metric_crs
    areas = grade_areas(session, metric_crs)
    gaps = {
        hazard: _share(_unsurveyed_in(state, session, deployment, str(hazard)), boundary, metric_crs)
        for hazard in areas["hazard"].unique()
    }
    whole_m2 = _area(boundary, metric_crs) if boundary is not None else None
    layers = [
        {
            "hazard": hazard,
            "hazard_name": deployment.rulebook.hazard_name(str(hazard)),
            "product": product,
            "grade_scheme": next(iter(group["grade_scheme"].dropna()), None),
            "grades": _grades(group),
            "count": int(group["count"].sum()),
            "unsurveyed_share": gaps[hazard],
            "ungraded_share": _ungraded(float(group["area_m2"].sum()), whole_m2, gaps[hazard]),
        }
        for (hazard, product), group in areas.groupby(["hazard", "product"], sort=False)
    ]
    graded = [layer for layer in layers if layer["grade_scheme"]]
    for layer, exposed in zip(graded, measure_exposure(session, deployment, graded), strict=True):
        layer["exposed"] = exposed
    order = list(deployment.rulebook.hazards)
    return sorted(layers, key=lambda layer: order.index(str(layer["hazard"])))


def _grades(group: pd.DataFrame) -> list[dict[str, Any]]:
    ranked = group.dropna(subset=["grade_rank"]).sort_values("grade_rank")
    return [
        {"rank": int(rank), "name": name, "count": int(count), "area_m2": float(area_m2)}
        for rank, name, count, area_m2 in ranked[["grade_rank", "grade", "count", "area_m2"]].to_numpy()
    ]


def _share(unsurveyed: gpd.GeoDataFrame, boundary: Any, metric_crs: str) -> float | None:
    return float(unsurveyed["area_m2"].sum() / _area(boundary, metric_crs)) if boundary is not None else None


def _ungraded(zones_m2: float, whole_m2: float | None, unsurveyed: float | None) -> float | None:
    """The share of the town that was surveyed and lies in no zone of the layer; zones beyond the boundary lessen it."""
    return max(0.0, 1.0 - unsurveyed - zones_m2 / whole_m2) if whole_m2 and unsurveyed is not None else None


def _area(boundary: Any, metric_crs: str) -> float:
    return float(shapely.area(to_metric(np.asarray([boundary], dtype=object), metric_crs)[0]))


def unsurveyed_ground(session: Session, deployment: Deployment, hazard: str) -> gpd.GeoDataFrame:
    """Ground inside the boundary that nobody surveyed for a theme: ``hazard area_m2 villages geometry`` (storage CRS).

    Empty where all is surveyed, or where no boundary is known. Only products the theme's rules read count as a survey.
    All hazards together are known only where each of them is that has been surveyed anywhere. Found once for each
    edition and each state of the registers; nobody may change what is answered.
    """
    return _unsurveyed_in(_state(session, deployment), session, deployment, hazard)


def _unsurveyed_in(state: str, session: Session, deployment: Deployment, hazard: str) -> gpd.GeoDataFrame:
    return _unsurveyed.get((state, hazard), lambda: _find_unsurveyed(session, deployment, hazard))


def _find_unsurveyed(session: Session, deployment: Deployment, hazard: str) -> gpd.GeoDataFrame:
    boundary, metric_crs = find_boundary(session), deployment.settings.metric_crs
    if boundary is None:
        return _ground([], hazard, metric_crs)
    whole = to_metric(np.asarray([boundary], dtype=object), metric_crs)[0]
    left = shapely.get_parts(shapely.difference(whole, _surveyed(session, deployment.rulebook, hazard, metric_crs)))
    left = left[(shapely.get_dimensions(left) == 2) & (shapely.area(left) > NOTICEABLE_M2)]
    ground = _ground(list(left), hazard, metric_crs)
    ground["villages"] = _names_of_villages(session, left, metric_crs)
    return ground


def _surveyed(session: Session, rulebook: RuleBook, hazard: str, metric_crs: str) -> Any:
    """The ground on which ``hazard`` is known by what is published, as the model tells it of any site."""
    edition = current_edition(session)
    if edition is None:
        return shapely.Polygon()
    known = rulebook.hazards.get(hazard)
    asked = {hazard, *published_layers(session)["hazard"]} if known and known.composed else {hazard}
    zones, extents = read_edition_ground(session, edition.number, sorted(asked), metric_crs)
    return surveyed_ground(zones, extents, rulebook).whole(hazard)


def _ground(parts: list[Any], hazard: str, metric_crs: str) -> gpd.GeoDataFrame:
    shapes = np.asarray(parts, dtype=object)
    columns = {"hazard": [hazard] * len(parts), "area_m2": shapely.area(shapes).astype(float)}
    return gpd.GeoDataFrame(columns, geometry=to_storage(shapes, metric_crs), crs=STORAGE_SRID)


def _names_of_villages(session: Session, parts: Any, metric_crs: str) -> list[list[str]]:
    villages = read_places(session, "villages")
    shapes = to_metric(villages.geometry.to_numpy(), metric_crs)
    names = villages["name"].to_numpy()
    return [list(names[shapely.area(shapely.intersection(shapes, part)) > NOTICEABLE_M2]) for part in parts]


def projects_with_verdicts(
    session: Session, deployment: Deployment, *, limit: int, offset: int, on: datetime.date
) -> tuple[gpd.GeoDataFrame, int]:
    """One page of projects with ``verdict reasons reasons_en rules data_gaps`` as judged on day ``on``, and how many there are in all."""
    projects = read_projects(session)
    return with_verdicts(session, deployment, projects.iloc[offset : offset + limit], on=on), len(projects)
