"""Objects on high ground, and the nearest ground that may receive them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from app.guidance.counts import Counted
from app.guidance.ground import Receiving
from app.guidance.schemas import HighItem, OnHighGround, PointGeometry, ReceivingPatch
from gis_layers.crs import to_storage
from risk_model.guidance import GradedUnits, GuidanceTerms, nearest_ground
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

COMPASS: Final = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


def list_high(
    counted: Counted, units: GradedUnits, receiving: Receiving, *, terms: GuidanceTerms, rulebook: RuleBook, crs: str
) -> list[HighItem]:
    """Objects and villagers on high ground, worst grade first, each with its nearest receiving ground or why none.

    The distance is a straight line; villagers are told by village and grade, at the middle of their dwellings there.
    """
    rows, places = _objects(counted, terms), [shape for _, shape in _rows_of(counted, terms)]
    villagers = _villagers(counted, units, terms)
    rows += [row for row, _ in villagers]
    places += [place for _, place in villagers]
    where = as_array(places)
    goal = nearest_ground(where, receiving.patches)
    shown = to_storage(shapely.point_on_surface(where), crs)
    ends = to_storage(as_array([point for point in goal.point if point is not None]), crs)
    drawn = iter(ends)
    scheme = _scheme(rulebook)
    items: list[HighItem] = []
    for number, row in enumerate(rows):
        patch: ReceivingPatch | None = None
        if goal.number[number] >= 0:
            bearing_deg = float(goal.bearing_deg[number])
            patch = {
                "distance_m": round(float(goal.distance_m[number]), 1),
                "bearing_deg": None if np.isnan(bearing_deg) else round(bearing_deg, 1),
                "direction": direction_of(bearing_deg),
                "area_m2": round(float(shapely.area(receiving.patches[goal.number[number]])), 1),
                "village": _village_at(goal.point[number], counted),
                "constraints_surveyed": bool(shapely.dwithin(receiving.covered, goal.point[number], 1.0)),
                "geometry": point_of(next(drawn)),
            }
        items.append(
            {
                **row,
                "geometry": point_of(shown[number]),
                "grade": scheme[row["grade_rank"] - 1],
                "receiving": patch,
                "none_because": None if patch else "没有已调查、等级足够低且不受约束的地段",
            }
        )
    return sorted(items, key=lambda row: (row["grade_rank"], row["kind"], row["name"]))


def point_of(shape: shapely.Point) -> PointGeometry:
    """A point (storage CRS) as GeoJSON."""
    return {"type": "Point", "coordinates": [shape.x, shape.y]}


def direction_of(bearing_deg: float) -> str | None:
    """The one of eight directions a bearing (degrees from north) points to; None where there is no bearing."""
    return None if np.isnan(bearing_deg) else COMPASS[round(bearing_deg / 45.0) % 8]


def _rows_of(counted: Counted, terms: GuidanceTerms) -> list[tuple[int, shapely.Geometry]]:
    rank = counted.objects.rank
    return [(int(at), counted.objects.geometry[at]) for at in np.flatnonzero((rank > 0) & (rank <= terms.high_rank))]


def _objects(counted: Counted, terms: GuidanceTerms) -> list[OnHighGround]:
    objects = counted.objects
    return [
        {
            "kind": objects.kind[at],
            "id": f"{objects.kind[at]}-{objects.key[at]}",
            "name": objects.name[at],
            "project_class": objects.project_class[at],
            "village": counted.names[objects.village[at]] if objects.village[at] >= 0 else None,
            "grade_rank": int(objects.rank[at]),
            "people": None,
        }
        for at, _ in _rows_of(counted, terms)
    ]


def _villagers(
    counted: Counted, units: GradedUnits, terms: GuidanceTerms
) -> list[tuple[OnHighGround, shapely.Geometry]]:
    homes = shapely.centroid(counted.dwellings.geometry)
    found: list[tuple[OnHighGround, shapely.Geometry]] = []
    for rank in range(1, terms.high_rank + 1):
        ground = units.geometry[units.rank == rank]
        tree = shapely.STRtree(ground)
        on_it = np.unique(tree.query(homes, predicate="intersects")[0])
        for number in np.flatnonzero(np.nan_to_num(counted.people[:, rank]) > 0).tolist():
            village = counted.settlements.geometry[number]
            near = homes[on_it][shapely.intersects(homes[on_it], village)]
            met = ground[tree.query(village, predicate="intersects")]
            place = _middle(near) if len(near) else shapely.point_on_surface(shapely.intersection(met[0], village))
            row: OnHighGround = {
                "kind": "people",
                "id": f"people-{counted.keys[number]}-{rank}",
                "name": counted.names[number],
                "project_class": "K4",
                "village": counted.names[number],
                "grade_rank": rank,
                "people": int(counted.people[number, rank]),
            }
            found.append((row, place))
    return found


def _middle(points: Geometries) -> shapely.Geometry:
    """The point of ``points`` nearest to their mean: a dwelling, not a field between two."""
    mean = shapely.Point(shapely.get_coordinates(points).mean(axis=0))
    nearest: shapely.Geometry = points[int(shapely.distance(points, mean).argmin())]
    return nearest


def _village_at(point: shapely.Geometry, counted: Counted) -> str | None:
    met = np.flatnonzero(shapely.dwithin(counted.settlements.geometry, point, 1.0))
    return counted.names[met[0]] if len(met) else None


def _scheme(rulebook: RuleBook) -> Sequence[str]:
    return [look.name for look in rulebook.scheme("comp5").grades]
