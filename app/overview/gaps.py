"""Ground nobody surveyed for a theme: where it lies, in which villages, who lives there, which surveys are due."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import shapely
from sqlalchemy.orm import Session

from app.judgement.population import read_settlements
from app.platform.clock import today
from app.platform.errands import ROWS, STORED, reckon
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import STORAGE_SRID, to_metric, to_storage
from gis_layers.stores.edition_ground import read_edition_ground
from gis_layers.stores.editions import current_edition
from gis_layers.stores.places import find_boundary, read_places
from gis_layers.stores.registers_state import read_registers_state
from gis_layers.stores.surveys import published_layers, run_out_layers
from risk_model.exposure import Inventory, count_exposure, lay_grounds
from risk_model.people import DwellingFootprints, Settlements
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.surveys import surveyed_ground
from risk_model.vocabulary import Geometries

_unsurveyed: Once[tuple[str, str], gpd.GeoDataFrame] = Once(64)
_settled: Once[str, tuple[Settlements, DwellingFootprints]] = Once(2)

NOTICEABLE_M2 = 100.0
"""Ground smaller than this beside a survey's edge is a sliver of two boundaries that do not quite meet."""


def state_of_town(work: Work, published: str) -> str:
    """State that changes whenever the measures of the overview may: edition (its fingerprint), rules, boundary, registers, what has run out."""
    past = run_out_layers(work.session, today())
    return f"{work.deployment.url} {published} {work.rulebook.fingerprint} {read_registers_state(work.session)} {past}"


def unsurveyed_ground(work: Work, hazard: str) -> gpd.GeoDataFrame:
    """Ground inside the boundary that nobody surveyed for a theme, piece by piece (storage CRS).

    Columns ``hazard lacking area_m2 villages people geometry``: ``lacking`` are the hazards whose survey is due there
    (of a composed theme those of its hazards that are unknown), ``people`` who lives there, None where a village it
    shares ground with is uncounted. Empty where all is surveyed, or where no boundary is known. Only products the
    theme's rules read count as a survey. All hazards together are known only where each of them is that has been
    surveyed anywhere. Found once for each edition and each state of the registers; nobody may change what is answered.
    """
    edition = current_edition(work.session)
    return unsurveyed_in(state_of_town(work, edition.fingerprint if edition else ""), work, hazard)


def unsurveyed_in(state: str, work: Work, hazard: str) -> gpd.GeoDataFrame:
    """The unsurveyed ground as it is in ``state``, which the caller has read already."""
    return _unsurveyed.get((state, hazard), lambda: _find_unsurveyed(state, work, hazard))


def _find_unsurveyed(state: str, work: Work, hazard: str) -> gpd.GeoDataFrame:
    boundary, metric_crs = find_boundary(work.session), work.settings.metric_crs
    if boundary is None:
        return _frame([], metric_crs, hazard=[], lacking=[], villages=[], people=[])
    whole = to_metric(as_array([boundary]), metric_crs)[0]
    grounds = _surveyed(work.session, work.rulebook, hazard, metric_crs)
    known = list(grounds.values())
    left = reckon(int(shapely.get_num_coordinates([whole, *known]).sum()) // STORED, left_of, whole, known)
    parts = left[(shapely.get_dimensions(left) == 2) & (shapely.area(left) > NOTICEABLE_M2)]
    settled = _settled.get(state, lambda: read_settlements(work)) if len(parts) else None
    return _frame(
        list(parts),
        metric_crs,
        hazard=[hazard] * len(parts),
        lacking=[[one for one, known in grounds.items() if _reaches_beyond(part, known)] for part in parts],
        villages=_names_of_villages(work.session, parts, metric_crs),
        people=_people(parts, *settled) if settled else [],
    )


def left_of(whole: shapely.Geometry, known: Sequence[shapely.Geometry]) -> Geometries:
    """The parts of ``whole`` that not every one of ``known`` covers."""
    parts: Geometries = shapely.get_parts(shapely.difference(whole, shapely.intersection_all(known)))
    return parts


def _surveyed(session: Session, rulebook: RuleBook, hazard: str, metric_crs: str) -> dict[str, shapely.Geometry]:
    """The ground surveyed for ``hazard`` and, where it is composed, for each it is made of, as the model tells it."""
    edition = current_edition(session)
    if edition is None:
        return {hazard: shapely.Polygon()}
    known = rulebook.hazards.get(hazard)
    asked = {hazard, *published_layers(session)["hazard"]} if known and known.composed else {hazard}
    ground = surveyed_ground(
        *read_edition_ground(session, edition.number, sorted(asked), metric_crs), rulebook, today()
    )
    return {one: ground.of(one) for one in ground.asked_with(hazard)}


def _reaches_beyond(part: shapely.Geometry, known: shapely.Geometry) -> bool:
    return bool(shapely.area(shapely.difference(part, known)) > NOTICEABLE_M2)


def _frame(parts: Sequence[shapely.Geometry], metric_crs: str, **columns: Sequence[object]) -> gpd.GeoDataFrame:
    shapes = as_array(parts)
    measured = {**columns, "area_m2": shapely.area(shapes).astype(float)}
    return gpd.GeoDataFrame(measured, geometry=to_storage(shapes, metric_crs), crs=STORAGE_SRID)


def _names_of_villages(session: Session, parts: Geometries, metric_crs: str) -> list[list[str]]:
    villages = read_places(session, "villages")
    shapes = to_metric(villages.geometry.to_numpy(), metric_crs)
    names = villages["name"].to_numpy()
    return [list(names[shapely.area(shapely.intersection(shapes, part)) > NOTICEABLE_M2]) for part in parts]


def _people(parts: Geometries, settlements: Settlements, dwellings: DwellingFootprints) -> list[float | None]:
    """People on each part, to a tenth; None where a village it shares ground with is uncounted, or it lies in none."""
    size = len(dwellings.geometry) + int(shapely.get_num_coordinates(parts).sum())
    found = reckon(size // ROWS, people_on, parts, Inventory(settlements, dwellings, {}))
    return [None if count is None else round(count, 1) for count in found]


def people_on(parts: Geometries, inventory: Inventory) -> list[float | None]:
    """People on each of ``parts`` (metric CRS)."""
    return [one.people.number for one in count_exposure(lay_grounds([[part] for part in parts]), inventory)]
