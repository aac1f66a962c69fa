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
from app.screening import check_site, sites_of
from gis_layers.crs import STORAGE_SRID, to_metric, to_storage
from gis_layers.stores.editions import current_edition
from gis_layers.stores.places import find_boundary, read_places
from gis_layers.stores.projects import read_projects
from gis_layers.stores.records import read_facts
from gis_layers.stores.surveys import newest_survey_date, published_layers
from gis_layers.stores.zones import ZoneQuery, grade_areas, read_zones
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Opinion

NOTICEABLE_M2 = 100.0
"""Ground smaller than this beside a survey's edge is a sliver of two boundaries that do not quite meet."""


def describe_town(session: Session, deployment: Deployment) -> dict[str, Any]:
    """Edition, rulebook, published layers with counts and areas (m², metric CRS) by grade, and data gaps by theme."""
    edition = current_edition(session)
    facts = read_facts(session)
    newest = newest_survey_date(session)
    return {
        "edition": edition
        and {
            "number": edition.number,
            "published_at": edition.published_at.isoformat(),
            "fingerprint": edition.fingerprint,
        },
        "rulebook": {"version": deployment.rulebook.version, "fingerprint": deployment.rulebook.fingerprint},
        "synthetic": bool(facts.get("synthetic")),
        "township": facts.get("township"),
        "approval_number": deployment.settings.map_approval_number or None,
        "data_date": newest and newest.isoformat(),
        "layers": _layers(session, deployment),
    }


def _layers(session: Session, deployment: Deployment) -> list[dict[str, Any]]:
    rulebook = deployment.rulebook
    areas = grade_areas(session, deployment.settings.metric_crs)
    boundary = find_boundary(session)
    layers = []
    for (hazard, product), group in areas.groupby(["hazard", "product"], sort=False):
        unsurveyed = unsurveyed_ground(session, deployment, str(hazard))
        layers.append(
            {
                "hazard": hazard,
                "hazard_name": rulebook.hazards[str(hazard)].name_zh,
                "product": product,
                "grade_scheme": group["grade_scheme"].dropna().iloc[0] if group["grade_scheme"].notna().any() else None,
                "grades": _grades(group),
                "count": int(group["count"].sum()),
                "unsurveyed_share": _share(unsurveyed, boundary, deployment.settings.metric_crs),
            }
        )
    order = list(rulebook.hazards)
    return sorted(layers, key=lambda layer: order.index(layer["hazard"]))


def _grades(group: pd.DataFrame) -> list[dict[str, Any]]:
    ranked = group.dropna(subset=["grade_rank"]).sort_values("grade_rank")
    return [
        {"rank": int(row.grade_rank), "name": row.grade, "count": int(row.count_), "area_m2": float(row.area_m2)}
        for row in ranked.rename(columns={"count": "count_"}).itertuples()
    ]


def _share(unsurveyed: gpd.GeoDataFrame, boundary: Any, metric_crs: str) -> float | None:
    if boundary is None:
        return None
    whole = shapely.area(to_metric(np.asarray([boundary], dtype=object), metric_crs)[0])
    return float(unsurveyed["area_m2"].sum() / whole)


def unsurveyed_ground(session: Session, deployment: Deployment, hazard: str) -> gpd.GeoDataFrame:
    """Ground inside the boundary that nobody surveyed for a theme: ``hazard area_m2 villages geometry`` (storage CRS).

    Empty where all is surveyed, or where no boundary is known. Only products the theme's rules read count as a survey.
    """
    boundary, metric_crs = find_boundary(session), deployment.settings.metric_crs
    if boundary is None:
        return _ground([], hazard, metric_crs)
    whole = to_metric(np.asarray([boundary], dtype=object), metric_crs)[0]
    surveyed = _surveyed(session, deployment.rulebook, hazard, metric_crs)
    left = shapely.get_parts(shapely.difference(whole, surveyed))
    left = left[(shapely.get_dimensions(left) == 2) & (shapely.area(left) > NOTICEABLE_M2)]
    ground = _ground(list(left), hazard, metric_crs)
    ground["villages"] = _names_of_villages(session, left, metric_crs)
    return ground


def _surveyed(session: Session, rulebook: RuleBook, hazard: str, metric_crs: str) -> Any:
    layers = published_layers(session)
    read = rulebook.products_read(hazard)
    counted = layers[(layers["hazard"] == hazard) & (layers["product"].isin(read) if read else True)]
    shapes = list(counted.geometry[counted["extent_kind"] != "zones"])
    own = counted[counted["extent_kind"] == "zones"]
    for product in own["product"].unique():
        zones = read_zones(session, ZoneQuery(hazard, product))
        shapes.extend(zones.geometry[zones["layer_id"].isin(own["id"])])
    return shapely.union_all(to_metric(np.asarray(shapes, dtype=object), metric_crs)) if shapes else shapely.Polygon()


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
    """One page of projects with ``verdict reasons data_gaps`` as judged on day ``on``, and how many there are in all."""
    projects = read_projects(session)
    shown = projects.iloc[offset : offset + limit].copy()
    opinions = [
        check_site(session, deployment, site, on=on).opinion for site in sites_of(shown, deployment.settings.metric_crs)
    ]
    shown["verdict"] = [opinion.verdict.value for opinion in opinions]
    shown["reasons"] = [_reasons(opinion) for opinion in opinions]
    shown["data_gaps"] = [list(opinion.data_gaps) for opinion in opinions]
    return shown, len(projects)


def _reasons(opinion: Opinion) -> list[str]:
    findings = [finding for theme in opinion.themes for finding in theme.findings if finding.rule is not None]
    return [finding.message for finding in findings if finding.verdict is opinion.verdict]
