"""Ground of every kind with a fixed seed: holes, parts, spikes, slivers, twins, lines, points, sites on borders and far away."""

import numpy as np
import shapely

from tests.risk_model.ground import extent, site, zone

CLASSES = [f"K{number}" for number in range(1, 8)]
GRADES = {
    "geological": ("极高", "高", "中", "低", ""),
    "flood": ("极高", "高", "中", "低"),
    "wildfire": ("高", "中高", "低"),
    "river_management": ("",),
    "fault": ("",),
    "sinkhole": ("",),
}


def ragged(chance, x, y, radius, vertices):
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = radius * chance.uniform(0.5, 1.3, vertices)
    return shapely.Polygon(np.column_stack((x + reach * np.cos(turn), y + reach * np.sin(turn))))


def star(x, y, radius, vertices):
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    reach = np.where(np.arange(vertices) % 2, radius, 0.3 * radius)
    return shapely.Polygon(np.column_stack((x + reach * np.cos(turn), y + reach * np.sin(turn))))


def shape(chance, least, most):
    """One area of some kind; ``least`` and ``most`` are radii in metres."""
    x, y = chance.uniform(-500, 500, 2)
    radius = float(chance.uniform(least, most))
    hole = shapely.Point(x, y).buffer(radius * 0.2)
    kinds = [
        lambda: ragged(chance, x, y, radius, int(chance.integers(4, 60))),
        lambda: ragged(chance, x, y, radius, 40).difference(hole),
        lambda: shapely.union_all([ragged(chance, x, y, radius / 3, 12), ragged(chance, x + radius, y, radius / 2, 9)]),
        lambda: star(x, y, radius, int(chance.choice([10, 40, 300]))),
        lambda: shapely.box(x, y, x + radius, y + float(chance.uniform(0.05, 12))),
        lambda: shapely.box(*(corner := np.round((x, y), -2)), *(corner + 100 * chance.integers(1, 4, 2))),
    ]
    return kinds[chance.integers(len(kinds))]()


def lay(seed):
    """Rows of zones, rows of surveyed ground, and sites of all classes."""
    chance = np.random.default_rng(seed)
    rows = []
    for number in range(int(chance.integers(2, 18))):
        hazard = str(chance.choice(sorted(GRADES)))
        ground = shapely.LineString(chance.uniform(-600, 600, (3, 2))) if hazard == "fault" else shape(chance, 20, 350)
        areas = [row["geometry"] for row in rows if row["hazard"] != "fault"]
        if areas and hazard != "fault" and chance.random() < 0.2:
            ground = areas[chance.integers(len(areas))]
        rows.append(zone(f"z{number}", hazard, ground, str(chance.choice(GRADES[hazard])), extent_id=1))
    survey = [extent(key) for key in ("geological", "flood", "wildfire") if chance.random() < 0.8]
    survey += [extent("sinkhole", shapely.box(-700, -700, 300, 700)), extent("river_management", own=True, number=1)]
    sites = [site(_place(chance, rows, number), CLASSES[number % 7]) for number in range(14)]
    return rows, survey, sites


def _place(chance, rows, number):
    zoned = rows[chance.integers(len(rows))]["geometry"]
    west, south, east, north = shapely.bounds(zoned)
    kinds = [
        lambda: shape(chance, 5, 120),
        lambda: shape(chance, 5, 120),
        lambda: shapely.Point(chance.uniform(-500, 500, 2)),
        lambda: shapely.LineString(chance.uniform(-500, 500, (3, 2))),
        lambda: shapely.box(east, south, east + 40, south + 30),
        lambda: shapely.box((west + east) / 2, north - 20, east + 5, north),
        lambda: zoned if zoned.area > 1 else shapely.box(0, 0, 30, 30),
        lambda: shapely.box(5000, 5000, 5040, 5040 + number),
    ]
    return kinds[chance.integers(len(kinds))]()
