"""Streams: traced down the eroded hills cell by cell, then let run over fan and plain to the river."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis_layers.demo.grid import Grid
from gis_layers.demo.noise import Field, Noise, smoothstep
from gis_layers.demo.terrain import TerrainModel

HEADWATER_CELLS = 90
STEP_M = 60.0
JOIN_M = 130.0
NAMED_RIVERS = ("水关河", "石灰关河", "红沙河", "山水河", "摆浪河")
FADING_GULLIES = ("营盘沟", "黑崖沟", "柳沟", "石灰沟", "红泉沟", "梧桐沟", "大鹿沟", "小鹿沟", "马营沟", "西岔沟")


@dataclass(frozen=True, slots=True)
class Stream:
    """One watercourse from its head downwards, metric CRS; ``kind`` is river, stream or canal."""

    name: str
    kind: str
    line: shapely.LineString


def trace_streams(ground: TerrainModel, rng: np.random.Generator) -> tuple[Stream, ...]:
    """Every stream of the hills, the largest carried on to 黑河, the others sinking into their fans."""
    rivers = _mouth_order(ground)
    noise, courses = Noise(rng), list[shapely.LineString]()
    for rank, apex in enumerate(rivers):
        reach_m = 60_000.0 if rank < len(NAMED_RIVERS) else float(rng.uniform(2600.0, 5200.0))
        courses.append(_run_down(ground, noise, apex, reach_m=reach_m, joined=courses))
    named = _from_west(rivers, courses)
    heads = [Stream("", "stream", line) for line in _hill_streams(ground)]
    return (*named, *heads, Stream("黑河", "river", shapely.reverse(ground.river)))


def carve(ground: TerrainModel, streams: tuple[Stream, ...]) -> Field:
    """Heights with the beds of ``streams`` cut in: deep and narrow on the upper fans, shallow in the oasis."""
    grid, height = ground.grid, ground.height.copy()
    beds = np.array([stream.line for stream in streams if stream.name and stream.kind == "stream"], dtype=object)
    away = grid.distance_to(beds, reach_m=600.0)
    below_front = grid.north_km - ground.front_km[None, :]
    depth = 1.2 + 7.5 * np.exp(-np.clip(below_front, 0.0, None) / 3.5)
    height -= np.where(below_front > -0.4, depth * np.exp(-((away / 95.0) ** 2)), 0.0)
    away = grid.distance_to(np.array([ground.river], dtype=object), reach_m=1500.0)
    return height - 3.5 * np.exp(-((away / 170.0) ** 2)) - 1.5 * np.exp(-((away / 600.0) ** 2))


def smooth(points: Field, *, window: int) -> Field:
    """A moving average along a path that keeps both ends in place."""
    if len(points) < 4:
        return points
    half = min(window, len(points) - 1) // 2
    padded = np.concatenate([2 * points[:1] - points[half:0:-1], points, 2 * points[-1:] - points[-2 : -half - 2 : -1]])
    kernel = np.ones(2 * half + 1) / (2 * half + 1)
    return np.column_stack([np.convolve(padded[:, axis], kernel, mode="valid") for axis in (0, 1)])


def _mouth_order(ground: TerrainModel) -> Field:
    return ground.apexes[np.argsort(-ground.apex_weight, kind="stable")]


def _from_west(mouths: Field, courses: list[shapely.LineString]) -> list[Stream]:
    """Names handed out from west to east, the long courses and the fading ones from lists of their own."""
    long = [k for k in range(len(courses)) if k < len(NAMED_RIVERS)]
    short = [k for k in range(len(courses)) if k >= len(NAMED_RIVERS)]
    streams = []
    for names, group in ((NAMED_RIVERS, long), (FADING_GULLIES, short)):
        ordered = sorted(group, key=lambda k: float(mouths[k, 0]))
        streams += [Stream(name, "stream", courses[k]) for name, k in zip(names, ordered, strict=False)]
    return streams


def _hill_streams(ground: TerrainModel) -> list[shapely.LineString]:
    """The dendritic channels of the hills, each from its head to where it joins a longer one or meets the plain."""
    grid, width = ground.grid, ground.grid.columns
    front = ground.front_km * 1000.0 / grid.cell_m
    wet = ground.drainage >= HEADWATER_CELLS
    donors = np.bincount(ground.receiver[wet], minlength=len(wet))
    heads = np.nonzero(wet & (donors == 0))[0]
    paths = sorted((_downhill_cells(ground, int(head), front) for head in heads), key=len, reverse=True)
    taken, lines = set[int](), list[shapely.LineString]()
    for path in paths:
        stop = next((k for k, cell in enumerate(path) if cell in taken), len(path) - 1)
        cells = np.array(path[: stop + 1])
        taken.update(path[:stop])
        if len(cells) >= 6:
            points = np.column_stack([grid.x[0, cells % width], grid.y[cells // width, 0]])
            lines.append(shapely.LineString(smooth(points, window=7)))
    return lines


def _downhill_cells(ground: TerrainModel, head: int, front: Field) -> list[int]:
    """Flat cell numbers from ``head`` down to the foot of the hills, the southern edge or a pit."""
    path, width = [head], ground.grid.columns
    while True:
        cell = path[-1]
        following = int(ground.receiver[cell])
        if following == cell or cell // width > front[cell % width] + 2:
            return path
        path.append(following)


def _run_down(
    ground: TerrainModel, noise: Noise, start: Field, *, reach_m: float, joined: list[shapely.LineString]
) -> shapely.LineString:
    """A meandering course from ``start`` down the slope until it joins a course, the river, or has run ``reach_m``."""
    grid = ground.grid
    rises: list[Field] = list(np.gradient(ground.height, grid.cell_m))
    points: list[Field] = [start]
    heading: Field = np.array([0.0, 1.0])
    while STEP_M * len(points) < reach_m and _stays_inside(grid, points[-1]):
        here = points[-1]
        fall: Field = -np.array([grid.sample(field, here[0:1], here[1:2])[0] for field in reversed(rises)])
        turn = _meander(ground, noise, here)
        pull = _turned(fall / max(float(np.hypot(*fall)), 1e-9), turn) + np.array([-0.10, 0.25])
        heading = heading * 0.6 + 0.4 * pull / np.hypot(*pull)
        points.append(here + STEP_M * heading / np.hypot(*heading))
        meeting = _meeting(points[-1], [*joined, ground.river])
        if meeting is not None and len(points) > 10:
            points.append(meeting)
            break
    return shapely.LineString(smooth(np.array(points), window=5))


def _meander(ground: TerrainModel, noise: Noise, here: Field) -> float:
    """Radians a stream swings aside here: little on the steep fan, more in the flat oasis."""
    grid = ground.grid
    away_km = (here[1] - grid.south) / 1000.0 - float(np.interp(here[0], grid.x[0], ground.front_km))
    swing = 0.9 + 1.5 * float(smoothstep(np.array(away_km), 3.0, 12.0))
    return swing * float(noise.fractal(here[:1], here[1:], length_m=2100.0, octaves=4)[0])


def _turned(vector: Field, radians: float) -> Field:
    cosine, sine = np.cos(radians), np.sin(radians)
    return np.array([cosine * vector[0] - sine * vector[1], sine * vector[0] + cosine * vector[1]])


def _stays_inside(grid: Grid, point: Field) -> bool:
    column, row = (point[0] - grid.west) / grid.cell_m, (point[1] - grid.south) / grid.cell_m
    return bool(3 < column < grid.columns - 4 and 0 <= row < grid.rows - 4)


def _meeting(point: Field, courses: list[shapely.LineString]) -> Field | None:
    """The place on one of ``courses`` within JOIN_M of ``point``."""
    here = shapely.Point(point)
    near = [course for course in courses if shapely.dwithin(course, here, JOIN_M)]
    if not near:
        return None
    place: Field = shapely.get_coordinates(near[0].interpolate(near[0].project(here)))[0]
    return place
