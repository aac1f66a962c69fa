"""The ground the figures are counted on: the graded units of one run, and the patches that may receive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.deployment import Deployment
from app.once import Once
from gis_layers.crs import to_metric
from gis_layers.geometry import as_array
from gis_layers.stores import runs
from gis_layers.stores.constraints import read_constraint_surveys
from gis_layers.stores.edition_ground import read_edition_ground
from gis_layers.stores.places import find_boundary
from gis_layers.stores.town import RegisterQuery, count_register, read_register
from risk_model.guidance import GuidanceTerms, Units, receiving_ground
from risk_model.rulebook import Hazard, RuleBook
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

_read: Once[tuple[str, int], Units] = Once(4)


@dataclass(frozen=True, slots=True)
class Receiving:
    """Patches that may receive (metric CRS), and of every kind of excluded ground how much of the town its surveys cover.

    ``covered`` is the ground all of these surveys speak for; outside it nobody knows whether a patch is shut.
    """

    patches: Geometries
    shares: dict[str, float | None]
    covered: Any


_found: Once[tuple[str, int, str, int, int], Receiving] = Once(4)


def choose_run(session: Session) -> Any | None:
    """The run to count on: of the newest runs of grid and villages the one of the newer edition, else the finer grid."""
    found = [run for unit in ("grid", "village") if (run := runs.latest_run(session, unit)) is not None]
    return max(found, key=lambda run: run.edition, default=None)


def read_units(session: Session, deployment: Deployment, run: Any) -> Units:
    """The units of a run in the metric CRS; a run never changes, so it is read once."""

    def read() -> Units:
        frame = runs.read_ranks(session, run.id)
        shapes = to_metric(frame.geometry.to_numpy(), deployment.settings.metric_crs)
        return Units(frame["grade_rank"].to_numpy(dtype=np.int64), shapes)

    return _read.get((deployment.url, run.id), read)


def find_receiving(session: Session, deployment: Deployment, run: Any, units: Units, terms: GuidanceTerms) -> Receiving:
    """The patches that may receive by the edition of the run and the constraints known today; found once for each."""
    known = len(read_constraint_surveys(session)), count_register(session, "constraints")
    key = (deployment.url, run.id, deployment.rulebook.fingerprint, *known)
    return _found.get(key, lambda: _find_receiving(session, deployment, run, units, terms))


def _find_receiving(
    session: Session, deployment: Deployment, run: Any, units: Units, terms: GuidanceTerms
) -> Receiving:
    metric_crs, rulebook = deployment.settings.metric_crs, deployment.rulebook
    themes = rulebook.mandatory_themes(terms.receiving_class)
    zones, extents = read_edition_ground(session, run.edition, themes, metric_crs)
    hazards = [rulebook.hazard(theme) for theme in themes]
    surveyed = [_surveyed(hazard, zones, extents) for hazard in hazards]
    shut = [_shut(hazard, zones, rulebook, terms) for hazard in hazards if not hazard.graded]
    areas, shares, covered = _constraints(session, terms, metric_crs)
    return Receiving(receiving_ground(units, surveyed, [*shut, *areas], terms), shares, covered)


def _surveyed(hazard: Hazard, zones: ZoneSet, extents: ExtentSet) -> Any:
    mine = (extents.hazard == hazard.key) & np.array([hazard.surveyed_by(one) for one in extents.product], dtype=bool)
    own = np.isin(zones.extent_id, extents.extent_id[mine & extents.own_zones]) & (zones.hazard == hazard.key)
    return _joined([*extents.geometry[mine & ~extents.own_zones], *zones.geometry[own]])


def _shut(hazard: Hazard, zones: ZoneSet, rulebook: RuleBook, terms: GuidanceTerms) -> Any:
    """Ground in, or too near to, the zones of a hazard that knows no mild grade."""
    seismic = rulebook.terms.seismic_class[terms.receiving_class]
    reach_m = hazard.reach_m(terms.receiving_class, seismic, intensity=rulebook.terms.intensity)
    mine = (zones.hazard == hazard.key) & np.isin(zones.product, sorted(hazard.products_read))
    return _joined(shapely.buffer(zones.geometry[mine], reach_m))


def _constraints(
    session: Session, terms: GuidanceTerms, metric_crs: str
) -> tuple[list[Any], dict[str, float | None], Any]:
    surveys, boundary = read_constraint_surveys(session), find_boundary(session)
    whole = shapely.Polygon() if boundary is None else to_metric(as_array([boundary]), metric_crs)[0]
    shut, shares, covered = [], dict[str, float | None](), whole
    for kind in terms.excluded:
        areas = read_register(session, "constraints", RegisterQuery(kind=kind))
        drawn = _joined(to_metric(areas.geometry.to_numpy(), metric_crs))
        shut.append(drawn)
        mine = surveys[surveys["kind"] == kind]
        known = [shape for shape in mine.geometry if shape is not None]
        own = areas.geometry[areas["survey_id"].isin(mine["id"][mine["extent_kind"] == "zones"])]
        ground = _joined(to_metric(as_array([*known, *own]), metric_crs))
        covered = shapely.intersection(covered, ground)
        shares[kind] = _share(ground, whole) if len(mine) else None
    return shut, shares, covered


def _share(ground: Any, whole: Any) -> float | None:
    area = float(shapely.area(whole))
    return round(float(shapely.area(shapely.intersection(ground, whole))) / area, 6) if area else None


def _joined(shapes: Any) -> Any:
    array = as_array(list(shapes))
    crossed = ~shapely.is_valid(array)
    array[crossed] = shapely.make_valid(array[crossed])
    return shapely.union_all(array)
