"""The state of the town, put together from the published edition."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from app.judgement.page_context import page_context
from app.judgement.screening import with_verdicts
from app.judgement.town_facts import GradeCount, LayerFacts, TownFacts
from app.overview.exposure import measure_exposure
from app.overview.gaps import state_of_town, unsurveyed_in
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.places import find_boundary
from gis_layers.stores.projects import read_projects
from gis_layers.stores.published_zones import ZoneQuery, grade_areas, read_zones
from risk_model.shapes import as_array

_measured: Once[str, list[LayerFacts]] = Once(4)


def describe_town(work: Work) -> TownFacts:
    """The town as every page tells it, its layers with counts and areas (m², metric CRS) by grade and data gaps."""
    town = page_context(work)
    published = town["edition"]["fingerprint"] if town["edition"] else ""
    return {**town, "layers": _layers(work, state_of_town(work, published))}


def _layers(work: Work, state: str) -> list[LayerFacts]:
    """Layers in theme order; measured once for each edition and each state of the registers."""
    return _measured.get(state, lambda: _measure_layers(work, state))


def _measure_layers(work: Work, state: str) -> list[LayerFacts]:
    boundary, metric_crs = find_boundary(work.session), work.settings.metric_crs
    areas = grade_areas(work.session, metric_crs)
    unknown = {str(hazard): unsurveyed_in(state, work, hazard) for hazard in areas["hazard"].unique()}
    areas = _on_surveyed_ground(work.session, areas, unknown, metric_crs)
    gaps = {hazard: _share(ground, boundary, metric_crs) for hazard, ground in unknown.items()}
    whole_m2 = _area(boundary, metric_crs) if boundary is not None else None
    layers: list[LayerFacts] = [
        {
            "hazard": str(hazard),
            "hazard_name": work.rulebook.hazard_name(str(hazard)),
            "product": str(product),
            "grade_scheme": next(iter(group["grade_scheme"].dropna()), None),
            "grades": _grades(group),
            "count": int(group["count"].sum()),
            "unsurveyed_share": gaps[str(hazard)],
            "ungraded_share": _ungraded(float(group["area_m2"].sum()), whole_m2, gaps[str(hazard)]),
        }
        for (hazard, product), group in areas.groupby(["hazard", "product"], sort=False)
    ]
    graded = [layer for layer in layers if layer["grade_scheme"]]
    for layer, exposed in zip(graded, measure_exposure(work, graded), strict=True):
        layer["exposed"] = exposed
    order = work.rulebook.theme_order([layer["hazard"] for layer in layers])
    return sorted(layers, key=lambda layer: order[layer["hazard"]])


def _on_surveyed_ground(
    session: Session, areas: pd.DataFrame, unknown: Mapping[str, gpd.GeoDataFrame], metric_crs: str
) -> pd.DataFrame:
    """``areas`` without what lies on ground unsurveyed for its hazard: such ground has no grade, so none counts it."""
    told = areas.copy()
    layers = areas.loc[areas["grade_scheme"].notna(), ["hazard", "product"]].drop_duplicates()
    for hazard, product in layers.itertuples(index=False):
        if unknown[hazard].empty:
            continue
        of_layer = (told["hazard"] == hazard) & (told["product"] == product)
        hidden = _areas_under(session, ZoneQuery(hazard, product), unknown[hazard], metric_crs)
        left = told.loc[of_layer, "area_m2"] - told.loc[of_layer, "grade_rank"].map(hidden).fillna(0.0)
        told.loc[of_layer, "area_m2"] = left.clip(lower=0.0)
    return told


def _areas_under(session: Session, asked: ZoneQuery, unknown: gpd.GeoDataFrame, metric_crs: str) -> dict[int, float]:
    """Area of the zones of each grade (m², metric CRS) that lies on ``unknown`` ground."""
    zones = read_zones(session, asked)
    shapes = to_metric(zones.geometry.to_numpy(), metric_crs)
    parts = to_metric(unknown.geometry.to_numpy(), metric_crs)
    part, zone = shapely.STRtree(shapes).query(parts, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[zone], parts[part]))
    ranks = zones["grade_rank"].to_numpy()[zone]
    return {int(rank): float(shared[ranks == rank].sum()) for rank in pd.unique(ranks) if pd.notna(rank)}


def _grades(group: pd.DataFrame) -> list[GradeCount]:
    ranked = group.dropna(subset=["grade_rank"]).sort_values("grade_rank")
    return [
        {"rank": int(rank), "name": name, "count": int(count), "area_m2": float(area_m2)}
        for rank, name, count, area_m2 in ranked[["grade_rank", "grade", "count", "area_m2"]].to_numpy()
    ]


def _share(unsurveyed: gpd.GeoDataFrame, boundary: shapely.Geometry | None, metric_crs: str) -> float | None:
    return float(unsurveyed["area_m2"].sum() / _area(boundary, metric_crs)) if boundary is not None else None


def _ungraded(zones_m2: float, whole_m2: float | None, unsurveyed: float | None) -> float | None:
    """The share of the town that was surveyed and lies in no zone of the layer; zones beyond the boundary lessen it."""
    return max(0.0, 1.0 - unsurveyed - zones_m2 / whole_m2) if whole_m2 and unsurveyed is not None else None


def _area(boundary: shapely.Geometry, metric_crs: str) -> float:
    return float(shapely.area(to_metric(as_array([boundary]), metric_crs)[0]))


def projects_with_verdicts(work: Work, *, limit: int, offset: int, on: datetime.date) -> tuple[gpd.GeoDataFrame, int]:
    """One page of projects with ``verdict reasons reasons_en rules data_gaps`` as judged on day ``on``, and how many there are in all."""
    projects = read_projects(work.session)
    return with_verdicts(work, projects.iloc[offset : offset + limit], on=on), len(projects)
