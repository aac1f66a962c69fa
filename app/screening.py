"""Sites are judged: the ground around them is read by index, the model judges, the edition is named."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.deployment import Deployment
from gis_layers.crs import to_metric, to_storage
from gis_layers.geometry import as_array
from gis_layers.stores.projects import read_projects
from gis_layers.stores.standing import read_standing
from gis_layers.stores.surveys import ground_near
from gis_layers.stores.zones import Window, all_published_zones, published_zones_near, zone_set
from risk_model.rulebook import RuleBook
from risk_model.siting import review_site, review_sites
from risk_model.vocabulary import Opinion, ProjectClass, SeismicClass, Site

AREA = 2


@dataclass(frozen=True, slots=True)
class CheckedSite:
    """An opinion with all it rests on; ``footprint`` is the judged ground in the storage CRS; ``edition`` is None while nothing was ever published."""

    site: Site
    repaired: bool
    opinion: Opinion
    footprint: Any
    edition: Any
    rulebook: RuleBook
    rulebook_number: int | None
    on: datetime.date
    data_date: datetime.date | None
    synthetic: bool


def check_site(
    session: Session, deployment: Deployment, site: Site, *, on: datetime.date, repaired: bool = False
) -> CheckedSite:
    """Judge ``site`` (metric CRS) on day ``on`` against the published edition; nothing is stored."""
    metric_crs, standing = deployment.settings.metric_crs, read_standing(session)
    rulebook = deployment.rulebook_of(session, standing)
    reaches = rulebook.reach_by_hazard(site)
    widened_m = max(rulebook.terms.point_m[site.project_class], rulebook.terms.line_m[site.project_class])
    nearest_m, furthest_m = widened_m + min(reaches.values()), widened_m + max(reaches.values())
    near, far = windows_around(site.geometry, (nearest_m, furthest_m), metric_crs)
    far_hazards = [hazard for hazard, reach_m in reaches.items() if widened_m + reach_m > nearest_m]
    zones = zone_set(published_zones_near(session, near, far, far_hazards), metric_crs)
    extents = ground_near(session, far, metric_crs)
    opinion = review_site(site, zones, extents, rulebook, on)
    return CheckedSite(
        site=site,
        repaired=repaired,
        opinion=opinion,
        footprint=site.drawn or to_storage(as_array([opinion.footprint]), metric_crs)[0],
        edition=standing.edition,
        rulebook=rulebook,
        rulebook_number=None if standing.rulebook is None else standing.rulebook.number,
        on=on,
        data_date=standing.data_date,
        synthetic=standing.synthetic,
    )


def check_sites(session: Session, deployment: Deployment, sites: Sequence[Site], *, on: datetime.date) -> list[Opinion]:
    """Judge many sites (metric CRS) by the same function, against everything published."""
    metric_crs = deployment.settings.metric_crs
    zones = zone_set(all_published_zones(session), metric_crs)
    extents = ground_near(session, None, metric_crs)
    return review_sites(sites, zones, extents, deployment.rulebook, on)


def judge_projects(
    session: Session, deployment: Deployment, *, on: datetime.date
) -> tuple[gpd.GeoDataFrame, list[Opinion]]:
    """Every registered project as it is stored, and the opinion on each."""
    projects = read_projects(session)
    sites = sites_of(projects, deployment.settings.metric_crs)
    return projects, check_sites(session, deployment, sites, on=on) if sites else []


def sites_of(frame: gpd.GeoDataFrame, metric_crs: str) -> list[Site]:
    """The sites of a frame in the storage CRS with ``name project_class seismic_class geometry``."""
    shapes = to_metric(frame.geometry.to_numpy(), metric_crs)
    stored = frame.geometry.to_numpy()
    drawn = stored.copy()
    drawn[shapely.get_dimensions(stored) != AREA] = None
    rows = zip(shapes, drawn, frame["name"], frame["project_class"], frame["seismic_class"], strict=True)
    return [
        Site(
            shape, ProjectClass(kind), SeismicClass(seismic) if isinstance(seismic, str) else None, name or "", outline
        )
        for shape, outline, name, kind, seismic in rows
    ]


def windows_around(geometry: Any, reaches_m: Sequence[float], metric_crs: str) -> list[Window]:
    """Boxes in degrees around ``geometry`` (metric CRS), each widened by its reach and a margin for the curve of edges."""
    west, south, east, north = shapely.bounds(geometry)
    margin = np.asarray(reaches_m) + 1.0 + 0.001 * max(east - west, north - south)
    boxes = shapely.box(west - margin, south - margin, east + margin, north + margin)
    bent = to_storage(shapely.segmentize(boxes, 2000.0), metric_crs)
    return [(float(w), float(s), float(e), float(n)) for w, s, e, n in shapely.bounds(bent)]
