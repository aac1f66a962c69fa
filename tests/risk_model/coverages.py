"""Coverages: zones that share their borders bit for bit on a plane far from its origin, as plans have them."""

import numpy as np
import shapely
from hypothesis import strategies as st

from risk_model.editing.rings import points_of

EAST, NORTH = 500_000.0, 4_360_000.0
SIDE = 100.0


def square(column: float, row: float, wide: float = 1.0, high: float = 1.0):
    """A rectangle of the grid, in sides of a cell."""
    x, y = EAST + column * SIDE, NORTH + row * SIDE
    return shapely.box(x, y, x + wide * SIDE, y + high * SIDE)


def across(*points: tuple[float, float]):
    """A line through points given in sides of a cell."""
    return shapely.LineString([(EAST + x * SIDE, NORTH + y * SIDE) for x, y in points])


def vertices(zones) -> set[complex]:
    """Every vertex of some zones, exactly."""
    shapes = list(zones.values()) if isinstance(zones, dict) else list(zones)
    return set(points_of(shapely.get_coordinates(shapes)).tolist())


def area(shapes) -> float:
    return float(sum(shape.area for shape in shapes))


def grid(columns: int, rows: int, parts: int, rng: np.random.Generator, jitter_m: float = 12.0):
    """Cells whose borders have ``parts`` edges each, every vertex moved a little, in all cells alike."""
    moved = rng.uniform(-jitter_m / parts, jitter_m / parts, (columns * parts + 1, rows * parts + 1, 2))

    def at(i, j):
        return EAST + i * SIDE / parts + moved[i, j, 0], NORTH + j * SIDE / parts + moved[i, j, 1]

    zones = {}
    for column in range(columns):
        for row in range(rows):
            i, j = column * parts, row * parts
            steps = range(parts)
            ring = [at(i + k, j) for k in steps] + [at(i + parts, j + k) for k in steps]
            ring += [at(i + parts - k, j + parts) for k in steps] + [at(i, j + parts - k) for k in steps]
            zones[f"{column}-{row}"] = shapely.Polygon(ring)
    return zones


def with_island(zones, key: str, *, filled: bool):
    """The zone ``key`` with a hole around its middle; what stands in the hole is a zone of its own where ``filled``."""
    shape = zones[key]
    middle, reach = shape.centroid, SIDE / 8
    island = shapely.Polygon(
        [(middle.x + reach * x, middle.y + reach * y) for x, y in ((-1, 0), (0, -1), (1, 0.1), (0.2, 1))]
    )
    changed = {**zones, key: shapely.Polygon(shape.exterior, [island.exterior])}
    return {**changed, "island": island} if filled else changed


def unnoded(zones, rng: np.random.Generator):
    """The zones where one of two sides has lost vertices that lie on straight ground: true T-junctions."""
    shapes = {}
    for key, shape in zones.items():
        ring = shapely.get_coordinates(shape.exterior)[:-1]
        middle = (ring + np.roll(ring, -1, axis=0)) / 2
        taken = rng.random(len(ring)) < 0.3
        wide = [
            xy for one, half, more in zip(ring, middle, taken, strict=True) for xy in ((one, half) if more else (one,))
        ]
        shapes[key] = shapely.Polygon(wide, [hole.coords for hole in shape.interiors])
    return shapes


@st.composite
def coverages(draw, largest: int = 3):
    """A noded coverage: a grid of uneven cells or the cells of scattered points, sometimes with an island."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if draw(st.booleans()):
        zones = grid(draw(st.integers(1, largest)), draw(st.integers(1, largest)), draw(st.integers(1, 4)), rng)
    else:
        points = rng.uniform(0, largest * SIDE, (draw(st.integers(4, 12)), 2)) + np.array([EAST, NORTH])
        cells = shapely.voronoi_polygons(shapely.MultiPoint(points), ordered=True)
        zones = {f"v{number}": cell for number, cell in enumerate(cells.geoms)}
    first = next(iter(zones))
    island = draw(st.sampled_from([None, True, False]))
    if island is not None and zones[first].buffer(-SIDE / 7).contains(zones[first].centroid):
        zones = with_island(zones, first, filled=island)
    return zones


@st.composite
def lines(draw, zones):
    """A line of up to three edges that begins and ends outside of all the zones."""
    west, south, east, north = shapely.total_bounds(list(zones.values()))
    inner = st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
    inside = [(west + x * (east - west), south + y * (north - south)) for x, y in draw(st.lists(inner, max_size=2))]
    ends = [
        (west - 30, south + draw(st.floats(0.1, 0.9)) * (north - south)),
        (east + 30, north - draw(st.floats(0.1, 0.9)) * (north - south)),
    ]
    return shapely.LineString([ends[0], *inside, ends[1]])


@st.composite
def clinging_lines(draw, zones):
    """A line as snapping draws it: through vertices and along edges of the zones, or within a hand's breadth of them."""
    at = shapely.get_coordinates(list(zones.values()))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points = []
    for _ in range(draw(st.integers(2, 5))):
        number = rng.integers(len(at) - 1)
        along = draw(st.sampled_from([0.0, 0.0, rng.random(), 3 * rng.random()]))
        aside = rng.normal(0, 0.01, 2) if draw(st.booleans()) else np.zeros(2)
        points.append(at[number] + along * (at[number + 1] - at[number]) + aside)
    return shapely.LineString(points)
