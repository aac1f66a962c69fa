"""Roads: an expressway on two carriageways, the national road, and a net of lesser ones joining the village seats."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from gis_layers.demo.grid import Grid
from gis_layers.demo.noise import Field, Noise
from gis_layers.demo.overlay import stretch
from gis_layers.demo.villages import Villages
from risk_model.vocabulary import Geometries

BRIDGE_HALF_M = 32.0

_G30_KM = ((0.4, 14.0), (5.2, 15.0), (10.2, 16.7), (14.6, 16.1), (18.8, 16.3), (23.2, 17.1), (29.4, 17.6))
_G312_KM = (
    (0.4, 21.6),
    (4.6, 21.2),
    (8.2, 20.7),
    (11.6, 20.4),
    (14.6, 20.2),
    "南苑社区",
    (19.6, 20.6),
    (22.2, 20.0),
    (24.5, 20.1),
    (29.4, 19.9),
)
_INTERCHANGES = {"X215": "明水互通匝道", "X210": "南华互通匝道", "Y101": "义和互通匝道"}
# Name, class, then village seats by name or kilometres from the south-west corner.
_ROADS: tuple[tuple[str, str, tuple[str | tuple[float, float], ...]], ...] = (
    ("X210 高南公路", "county", ((19.9, 27.0), (19.3, 24.9), "智号村", (17.7, 21.5), "南苑社区", (16.9, 17.6), (16.2, 14.8), "南寨子村")),
    ("X215 永明公路", "county", ("永进村", "信号村", (9.6, 21.2), "大庄村", "明水村", (9.0, 13.9), "明永村")),
    ("Y101 义墩公路", "township", ("礼号村", (21.5, 20.2), "义和村", (20.7, 15.9), "墩仁村")),
    ("Y102 成小公路", "township", ("成号村", (13.2, 24.6), "小海子村", (15.4, 21.9), "南苑社区")),
    ("Y103 南山公路", "township", ("明永村", (11.9, 12.1), "南寨子村", (15.9, 12.7), "先锋村", (19.7, 12.4), "墩仁村")),
    ("Y105 园区大道", "township", ("义和村", (21.1, 17.95), (22.2, 17.75), (23.2, 17.65))),
    ("Y104 胜大公路", "township", ("大庄村", (12.4, 18.9), "胜利村", (15.8, 19.2), "南苑社区")),
    ("南苑北街", "village", ((16.72, 20.38), (17.78, 20.40))),
    ("南苑北二街", "village", ((16.80, 20.66), (17.80, 20.68))),
    ("南苑南街", "village", ((16.70, 19.84), (17.76, 19.82))),
    ("南苑东路", "village", ((17.60, 19.70), (17.56, 20.80))),
    ("南苑西路", "village", ((16.88, 19.72), (16.90, 20.76))),
    ("C201 永成路", "village", ("永进村", (10.4, 26.5), "成号村", (13.7, 26.2), "南岔村", (16.6, 24.3), "智号村")),
    ("C202 智礼路", "village", ("智号村", (20.0, 22.6), "礼号村")),
    ("C203 信成路", "village", ("信号村", (10.4, 23.6), "成号村")),
    ("C204 信小路", "village", ("信号村", (10.9, 21.9), (12.1, 22.9), "小海子村")),
    ("C205 小智路", "village", ("小海子村", (16.5, 23.2), "智号村")),
    ("C206 南小路", "village", ("南岔村", (15.1, 24.4), "小海子村")),
    ("C207 义先路", "village", ("义和村", (19.7, 15.9), (18.4, 14.4), "先锋村")),
    ("C208 胜寨路", "village", ("胜利村", (13.7, 16.8), (13.6, 15.1), "南寨子村")),
    ("C209 明胜路", "village", ("明水村", (11.3, 16.9), "胜利村")),
    ("C210 园区南路", "village", ((22.2, 17.75), (22.1, 17.2), (21.6, 16.2), (20.7, 15.9))),
    ("南寨子沟道", "track", ("南寨子村", (13.5, 10.6), (13.0, 8.3))),
    ("明永沟道", "track", ("明永村", (9.9, 9.6), (9.3, 7.6))),
    ("先锋沟道", "track", ("先锋村", (18.0, 10.4), (18.6, 8.4))),
    ("墩仁沟道", "track", ("墩仁村", (20.9, 10.9), (21.4, 8.9))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Roads:
    """Road edges between junctions in parallel arrays, metric CRS."""

    name: tuple[str, ...]
    road_class: tuple[str, ...]
    oneway: tuple[bool, ...]
    bridge: tuple[bool, ...]
    line: Geometries


@dataclass(frozen=True, slots=True)
class _Road:
    name: str
    road_class: str
    line: shapely.LineString
    oneway: bool = False


def expressway(grid: Grid) -> shapely.LineString:
    """The middle line of G30 from its western to its eastern interchange."""
    corners = np.array(_G30_KM)
    return shapely.LineString(_spline(grid.place(corners[:, 0], corners[:, 1])))


def draw_roads(grid: Grid, villages: Villages, crossed: Geometries, rng: np.random.Generator) -> Roads:
    """The connected network; ``crossed`` are the watercourses that call for bridges."""
    noise = Noise(rng)
    plain = [_through(grid, villages, noise, road) for road in (("G312", "national", _G312_KM), *_ROADS)]
    plain += _streets(villages, plain, noise, rng)
    plain, motorway = _with_expressway(expressway(grid), plain)
    edges = [*_noded(plain), *motorway]
    carriageways = np.array([road.line for road in motorway if road.name == "G30"], dtype=object)
    pieces = [piece for road in edges for piece in _bridged(road, crossed, carriageways)]
    return Roads(
        tuple(road.name for road, _ in pieces),
        tuple(road.road_class for road, _ in pieces),
        tuple(road.oneway for road, _ in pieces),
        tuple(bridge for _, bridge in pieces),
        np.array([road.line for road, _ in pieces], dtype=object),
    )


def _through(
    grid: Grid, villages: Villages, noise: Noise, road: tuple[str, str, tuple[str | tuple[float, float], ...]]
) -> _Road:
    name, road_class, stops = road
    places = [villages.seat[villages.index(stop)] if isinstance(stop, str) else grid.place(*stop)[0] for stop in stops]
    sway_m = {"national": 60.0, "county": 110.0, "township": 170.0}.get(road_class, 210.0)
    return _Road(name, road_class, shapely.LineString(_swayed(_spline(np.array(places)), noise, sway_m)))


def _streets(villages: Villages, roads: list[_Road], noise: Noise, rng: np.random.Generator) -> list[_Road]:
    """Short lanes that leave the roads around each seat, as village groups are strung along them."""
    streets = []
    for name, seat in zip(villages.name, villages.seat, strict=True):
        count = 14 if name == "南苑社区" else 6
        near = [k for k, road in enumerate(roads) if road.line.distance(shapely.Point(seat)) < 5.0]
        for number in range(count):
            k = near[int(rng.integers(len(near)))]
            line, home = roads[k].line, float(roads[k].line.project(shapely.Point(seat)))
            along = float(np.clip(home + rng.uniform(-900.0, 900.0), 30.0, line.length - 30.0))
            roads[k], start = _with_vertex(roads[k], along)
            ahead = shapely.get_coordinates(line.interpolate(along + 20.0))[0] - start
            side = np.array([-ahead[1], ahead[0]]) / max(float(np.hypot(*ahead)), 1.0) * rng.choice([-1.0, 1.0])
            end = start + side * float(rng.uniform(160.0, 480.0)) + rng.normal(0.0, 45.0, 2)
            path = _swayed(np.linspace(start, end, 12), noise, 70.0)
            streets.append(_Road(f"{name}{number + 1}巷", "village", shapely.LineString(path)))
    return streets


def _with_expressway(middle: shapely.LineString, roads: list[_Road]) -> tuple[list[_Road], list[_Road]]:
    """Join G30 to the net by a diamond of ramps at each interchange; its carriageways meet at both ends of the map."""
    lines = {side: _carriageway(middle, side) for side in (1.0, -1.0)}
    over = {road: next(k for k, other in enumerate(roads) if other.name.startswith(road)) for road in _INTERCHANGES}
    places = {road: middle.project(_crossing(middle, roads[k].line)) for road, k in over.items()}
    cuts = sorted(place + side * 560.0 for place in places.values() for side in (-1.0, 1.0))
    motorway = [piece for side, line in lines.items() for piece in _driven(line, side, cuts, middle)]
    for road, k in over.items():
        feet = {}
        for side, line in lines.items():
            roads[k], feet[side] = _with_vertex(roads[k], _beside(middle, roads[k].line, side))
            for approach in (-1.0, 1.0):
                gate = _on(line, places[road] + approach * 560.0, middle)
                leaves = (approach < 0) == (side < 0)
                path = _bow(gate, feet[side]) if leaves else _bow(feet[side], gate)
                motorway.append(_Road(_INTERCHANGES[road], "motorway", shapely.LineString(path), oneway=True))
        roads[k], *others = _parted(roads[k], list(feet.values()))
        roads += others
    return roads, motorway


def _crossing(middle: shapely.LineString, road: shapely.LineString) -> shapely.Point:
    """Place where ``road`` passes over the expressway, the first if it does so twice."""
    first: shapely.Point = shapely.get_parts(shapely.intersection(middle, road))[0]
    return first


def _beside(middle: shapely.LineString, road: shapely.LineString, side: float) -> float:
    """Metres along ``road`` to its ramp foot north (1) or south (-1) of the expressway."""
    over = road.project(_crossing(middle, road))
    southwards = road.interpolate(over + 50.0).y < road.interpolate(over - 50.0).y
    return float(over + (-side if southwards else side) * 300.0)


def _carriageway(middle: shapely.LineString, side: float) -> shapely.LineString:
    """The northern (1) or southern (-1) carriageway, meeting the other at both ends."""
    points = shapely.get_coordinates(shapely.segmentize(middle, 60.0))
    run = np.gradient(points, axis=0)
    normal = np.column_stack([-run[:, 1], run[:, 0]]) / np.hypot(run[:, 0], run[:, 1])[:, None]
    ease = np.minimum(1.0, np.minimum(np.arange(len(points)), np.arange(len(points))[::-1]) / 6.0)
    return shapely.LineString(points + side * 13.0 * normal * ease[:, None])


def _driven(line: shapely.LineString, side: float, cuts: list[float], middle: shapely.LineString) -> list[_Road]:
    """The pieces of a carriageway between gates, each drawn in the direction it is driven (on the right)."""
    gates = [_on(line, cut, middle) for cut in cuts]
    stops = [0.0, *(line.project(shapely.Point(gate)) for gate in gates), line.length]
    pieces = []
    for first, last in pairwise(stops):
        piece = shapely.get_coordinates(stretch(line, first, last))
        for gate in gates:
            for end in (0, -1):
                if np.hypot(*(piece[end] - gate)) < 1.0:
                    piece[end] = gate
        pieces.append(_Road("G30", "motorway", shapely.LineString(piece if side < 0 else piece[::-1]), oneway=True))
    return pieces


def _on(line: shapely.LineString, along_middle: float, middle: shapely.LineString) -> Field:
    """The place on a carriageway abreast of a distance along the middle line."""
    place: Field = shapely.get_coordinates(line.interpolate(line.project(middle.interpolate(along_middle))))[0]
    return place


def _with_vertex(road: _Road, along: float) -> tuple[_Road, Field]:
    """The road with a vertex at ``along`` metres, and that vertex."""
    points = shapely.get_coordinates(road.line)
    place = np.round(shapely.get_coordinates(road.line.interpolate(along))[0], 3)
    passed = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    row = int(np.searchsorted(passed, along))
    line = shapely.LineString(np.insert(points, row, place, axis=0))
    return _Road(road.name, road.road_class, line, road.oneway), place


def _parted(road: _Road, feet: list[Field]) -> list[_Road]:
    """The road cut at vertices it has at ``feet``."""
    points = shapely.get_coordinates(road.line)
    rows = sorted(int(np.argmin(np.hypot(*(points - foot).T))) for foot in feet)
    runs = pairwise([0, *rows, len(points) - 1])
    return [_Road(road.name, road.road_class, shapely.LineString(points[a : b + 1]), road.oneway) for a, b in runs]


def _noded(roads: list[_Road]) -> list[_Road]:
    """The roads cut wherever two of them meet; every cut is a junction."""
    lines = np.array([shapely.transform(road.line, lambda c: np.round(c, 3)) for road in roads], dtype=object)
    edges = shapely.get_parts(shapely.unary_union(lines))
    middles = shapely.line_interpolate_point(edges, 0.5, normalized=True)
    owner = shapely.STRtree(lines).nearest(middles)
    return [_Road(roads[k].name, roads[k].road_class, edge) for k, edge in zip(owner, edges, strict=True)]


def _bridged(road: _Road, crossed: Geometries, carriageways: Geometries) -> list[tuple[_Road, bool]]:
    """The road cut into plain pieces and bridges: over water, and over the expressway for all but itself."""
    under = crossed if road.road_class == "motorway" else np.append(crossed, carriageways)
    near = under[shapely.intersects(under, road.line)]
    points = shapely.get_coordinates(shapely.intersection(near, road.line))
    stops = np.sort(shapely.line_locate_point(road.line, shapely.points(points))) if len(points) else np.empty(0)
    stops = stops[(stops > 4.0) & (stops < road.line.length - 4.0)]
    cuts, length = [0.0], road.line.length
    for stop in stops:
        low, high = max(stop - BRIDGE_HALF_M, 0.0), min(stop + BRIDGE_HALF_M, length)
        cuts = [*cuts[:-1], high] if len(cuts) > 1 and low <= cuts[-1] else [*cuts, low, high]
    return _pieces(road, [*cuts, length])


def _pieces(road: _Road, cuts: list[float]) -> list[tuple[_Road, bool]]:
    pieces = []
    for number, (first, last) in enumerate(pairwise(cuts)):
        if last - first > 1e-6:
            points: Field = np.round(shapely.get_coordinates(stretch(road.line, first, last)), 3)
            part = _Road(road.name, road.road_class, shapely.LineString(points), road.oneway)
            pieces.append((part, number % 2 == 1))
    return pieces


def _spline(stops: Field) -> Field:
    """A Catmull-Rom curve through ``stops``, each of which stays a vertex."""
    padded = np.concatenate([2 * stops[:1] - stops[1:2], stops, 2 * stops[-1:] - stops[-2:-1]])
    share = np.linspace(0.0, 1.0, 17)[:-1, None]
    runs = []
    for k in range(len(stops) - 1):
        before, here, there, after = padded[k : k + 4]
        square = 2 * before - 5 * here + 4 * there - after
        cube = 3 * here - before - 3 * there + after
        runs.append(0.5 * (2 * here + (there - before) * share + square * share**2 + cube * share**3))
    return np.concatenate([*runs, stops[-1:]])


def _swayed(points: Field, noise: Noise, reach_m: float) -> Field:
    """Points pushed aside by noise, less the nearer they are to either end or to a stop sixteen steps apart."""
    step = np.arange(len(points))
    hold: Field = np.sin(np.pi * (step % 16) / 16.0) if len(points) > 16 else np.sin(np.pi * step / (len(points) - 1))
    east = noise.fractal(points[:, 0], points[:, 1], length_m=1700.0, octaves=2)
    north = noise.fractal(points[:, 0] + 5e4, points[:, 1], length_m=1700.0, octaves=2)
    swayed: Field = np.round(points + reach_m * hold[:, None] * np.column_stack([east, north]), 3)
    return swayed


def _bow(start: Field, end: Field) -> Field:
    """A gentle curve between two places."""
    share: Field = np.linspace(0.0, 1.0, 14)[:, None]
    run = end - start
    bow: Field = np.round(start + run * share + 0.12 * np.sin(np.pi * share) * np.array([-run[1], run[0]]), 3)
    return bow
