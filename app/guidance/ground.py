"""The ground the figures are counted on: the graded units of one run, and the patches that may receive."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.platform.errands import STORED, reckon
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores import runs
from gis_layers.stores.constraints import read_constraint_surveys
from gis_layers.stores.editions import current_edition
from gis_layers.stores.places import find_boundary
from gis_layers.stores.runs import GradingRun
from gis_layers.stores.surroundings import read_everything
from gis_layers.stores.town import RegisterQuery, count_register, read_register
from risk_model.guidance import GradedUnits, GuidanceTerms, mild_ground, receiving_ground
from risk_model.shapes import as_array, join_shapes
from risk_model.siting import ProjectProfile, Withheld, withheld_ground
from risk_model.vocabulary import Geometries

_read: Once[tuple[str, int], GradedUnits] = Once(4)


@dataclass(frozen=True, slots=True)
class TakenAway:
    """Mild ground that may not receive: its area (m²), and the hazard with its rule (None: unsurveyed) or the constraint."""

    hazard: str | None
    rule: str | None
    constraint: str | None
    reason: str
    reason_en: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class Receiving:
    """Patches that may receive (metric CRS) with what was ``taken_away`` from the mild ground and why, and of every kind of excluded ground how much of the town its surveys cover.

    ``covered`` is the ground all of these surveys speak for; outside it nobody knows whether a patch is shut.
    """

    patches: Geometries
    shares: dict[str, float | None]
    covered: shapely.Geometry
    taken_away: tuple[TakenAway, ...] = ()


_found: Once[tuple[object, ...], Receiving] = Once(4)


def choose_run(session: Session) -> GradingRun | None:
    """The run to count on: of the newest runs of grid and villages the one of the newer edition, else the finer grid."""
    found = [run for unit in ("grid", "village") if (run := runs.latest_run(session, unit)) is not None]
    return max(found, key=lambda run: run.edition, default=None)


def read_units(work: Work, run: GradingRun) -> GradedUnits:
    """The units of a run in the metric CRS; a run never changes, so it is read once."""

    def read() -> GradedUnits:
        frame = runs.read_ranks(work.session, run.id)
        shapes = to_metric(frame.geometry.to_numpy(), work.settings.metric_crs)
        return GradedUnits(frame["grade_rank"].to_numpy(dtype=np.int64), shapes)

    return _read.get((work.deployment.url, run.id), read)


def find_receiving(
    work: Work,
    run: GradingRun,
    units: GradedUnits,
    *,
    terms: GuidanceTerms,
    on: datetime.date,
) -> Receiving:
    """The patches that may receive by what is published, the rules and the constraints of today; found once for each."""
    known = len(read_constraint_surveys(work.session)), count_register(work.session, "constraints")
    edition = current_edition(work.session)
    published = edition.fingerprint if edition else ""
    key = (work.deployment.url, run.id, published, work.rulebook.fingerprint, on, *known)
    return _found.get(key, lambda: _find_receiving(work, units, terms, on))


def _find_receiving(work: Work, units: GradedUnits, terms: GuidanceTerms, on: datetime.date) -> Receiving:
    """Mild ground on which a project of the receiving class is judged permitted, outside all constraints.

    Kinds of land set aside that the rules of siting speak of are judged with the rest; other excluded kinds are taken away.
    """
    metric_crs, rulebook = work.settings.metric_crs, work.rulebook
    mild = reckon(len(units.rank), mild_ground, units, terms)
    registers = rulebook.neighbours.registers(terms.receiving_class, None, on) if rulebook.neighbours else ()
    around = read_everything(work.session, metric_crs, registers, rulebook.constraints)
    asker = ProjectProfile(terms.receiving_class, rulebook.terms.seismic_class[terms.receiving_class], on)
    asked = partial(withheld_ground, objects=around.objects, constraints=around.constraints)
    size = _size_of([mild, *around.zones.geometry])
    withheld = reckon(size, asked, mild, around.zones, around.ground, rulebook, asker)
    areas, shares, covered = _constraints(work.session, terms, metric_crs)
    shutting = [*(one.ground for one in withheld), *areas.values()]
    patches = reckon(_size_of([mild, *shutting]), receiving_ground, mild, shutting, terms)
    unjudged = {kind: area for kind, area in areas.items() if kind not in {one.hazard for one in withheld}}
    shut = [TakenAway(None, None, kind, "", "", _area_within(area, mild)) for kind, area in unjudged.items()]
    return Receiving(patches, shares, covered, (*_taken_away(withheld), *(one for one in shut if one.area_m2 > 0)))


def _size_of(shapes: Sequence[shapely.Geometry]) -> int:
    return int(shapely.get_num_coordinates(shapes).sum()) // STORED


def _taken_away(withheld: Sequence[Withheld]) -> list[TakenAway]:
    """Ground withheld by reason, the largest first; ground withheld for several reasons counts under each."""
    told = [
        TakenAway(one.hazard, one.rule, None, one.reason.zh, one.reason.en, float(shapely.area(one.ground)))
        for one in withheld
    ]
    return sorted(told, key=lambda one: -one.area_m2)


def _area_within(area: shapely.Geometry, mild: shapely.Geometry) -> float:
    return float(shapely.area(shapely.intersection(area, mild)))


def _constraints(
    session: Session, terms: GuidanceTerms, metric_crs: str
) -> tuple[dict[str, shapely.Geometry], dict[str, float | None], shapely.Geometry]:
    surveys, boundary = read_constraint_surveys(session), find_boundary(session)
    whole = shapely.Polygon() if boundary is None else to_metric(as_array([boundary]), metric_crs)[0]
    shut, shares, covered = dict[str, shapely.Geometry](), dict[str, float | None](), whole
    for kind in terms.excluded:
        areas = read_register(session, "constraints", RegisterQuery(kind=kind))
        shut[kind] = join_shapes(to_metric(areas.geometry.to_numpy(), metric_crs))
        mine = surveys[surveys["kind"] == kind]
        known = [shape for shape in mine.geometry if shape is not None]
        own = areas.geometry[areas["survey_id"].isin(mine["id"][mine["extent_kind"] == "zones"])]
        ground = join_shapes(to_metric(as_array([*known, *own]), metric_crs))
        covered = shapely.intersection(covered, ground)
        shares[kind] = _share(ground, whole) if len(mine) else None
    return shut, shares, covered


def _share(ground: shapely.Geometry, whole: shapely.Geometry) -> float | None:
    area = float(shapely.area(whole))
    return round(float(shapely.area(shapely.intersection(ground, whole))) / area, 6) if area else None
