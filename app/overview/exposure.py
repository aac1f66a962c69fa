"""People (by share of village area), buildings and enterprises in the two worst grades of each layer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from app.platform.errands import ROWS, STORED, reckon
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.places import read_places
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from gis_layers.stores.town import count_register, light_buildings, read_register
from risk_model.overlay import prepared_copy

WORST_RANKS = 2


@dataclass(frozen=True, slots=True)
class Exposure:
    """``people`` spread evenly over each village; None where a register is empty, since nothing counted is not zero.

    ``uncounted_villages`` touch the ground but have no number of people. ``ranks`` are the grades meant.
    """

    ranks: tuple[int, ...]
    people: int | None
    buildings: int | None
    enterprises: int | None
    uncounted_villages: int


@dataclass(frozen=True, slots=True)
class ExposedObjects:
    """Things in the town, in the metric CRS: villages with people (NaN where unknown), points of the rest."""

    villages: npt.NDArray[np.object_]
    people: npt.NDArray[np.float64]
    buildings: npt.NDArray[np.object_]
    enterprises: npt.NDArray[np.object_]


def measure_exposure(work: Work, layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One ``Exposure`` (as a dict) for each graded one of ``layers`` (``hazard product grade_scheme``), in their order."""
    metric_crs = work.settings.metric_crs
    standing = _read_standing(work.session, metric_crs)
    size = (len(standing.buildings) + len(standing.villages)) // ROWS
    return [asdict(reckon(size, exposed, standing, _worst_ground(work.session, layer, metric_crs))) for layer in layers]


def registers_state(session: Session) -> str:
    """Changes whenever villages, buildings or enterprises do."""
    villages = read_places(session, "villages")
    people = villages["population"].sum() if len(villages) else 0
    counts = [count_register(session, register) for register in ("buildings", "enterprises")]
    return f"{len(villages)} {villages['id'].max()} {people} {counts}"


def _read_standing(session: Session, metric_crs: str) -> ExposedObjects:
    villages = read_places(session, "villages")
    return ExposedObjects(
        to_metric(villages.geometry.to_numpy(), metric_crs),
        villages["population"].to_numpy(dtype=np.float64, na_value=np.nan),
        _points(light_buildings(session, None), metric_crs),
        _points(read_register(session, "enterprises"), metric_crs),
    )


def _points(frame: gpd.GeoDataFrame, metric_crs: str) -> npt.NDArray[np.object_]:
    middles: npt.NDArray[np.object_] = shapely.point_on_surface(to_metric(frame.geometry.to_numpy(), metric_crs))
    return middles


def _worst_ground(session: Session, layer: dict[str, Any], metric_crs: str) -> Any:
    zones = read_zones(session, ZoneQuery(layer["hazard"], layer["product"]))
    worst = zones.geometry.to_numpy()[(zones["grade_rank"] <= WORST_RANKS).to_numpy(dtype=bool)]
    shapes = to_metric(worst, metric_crs)
    return reckon(int(shapely.get_num_coordinates(shapes).sum()) // STORED, shapely.union_all, shapes)


def exposed(standing: ExposedObjects, ground: Any) -> Exposure:
    """Exposure of the town on ``ground`` (metric CRS)."""
    ground = prepared_copy(ground)
    shares = shapely.area(shapely.intersection(standing.villages, ground)) / shapely.area(standing.villages)
    touched = shares > 0
    known = ~np.isnan(standing.people)
    people = float((shares * standing.people)[known].sum())
    return Exposure(
        ranks=tuple(range(1, WORST_RANKS + 1)),
        people=round(people) if known.any() else None,
        buildings=_count_inside(standing.buildings, ground),
        enterprises=_count_inside(standing.enterprises, ground),
        uncounted_villages=int((touched & ~known).sum()),
    )


def _count_inside(points: npt.NDArray[np.object_], ground: Any) -> int | None:
    return int(shapely.intersects(points, ground).sum()) if len(points) else None
