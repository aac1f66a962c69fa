"""Three hundred random sites of a running service, judged a second time by a program that shares no code with it."""

import random
from collections import Counter
from functools import lru_cache

import httpx
import pyproj
import pytest
import shapely
from shapely.geometry import mapping

from gis_layers.embedded import join_cluster
from tests.recomputed.ground import in_metres, read_published
from tests.recomputed.own_scale import OwnScale
from tests.recomputed.siting import WORDS, Judge
from tests.running import Running

SITES = 300
NOISE_M = 0.12
"""Two programs may draw one border so far apart: gaps that are closed, arcs, and the sixth decimal of a metre."""
BUILDINGS = {
    "K1": ["fuel_station"],
    "K2": ["school", "hospital"],
    "K3": ["water_works"],
    "K6": ["planting_facility"],
}
BACK = pyproj.Transformer.from_crs(4542, 4490, always_xy=True)


@pytest.fixture(scope="module")
def published(town: Running):
    with join_cluster(town.data_dir) as cluster:
        return read_published(cluster.url)


def random_site(chance: random.Random, borders: list[shapely.Geometry]) -> shapely.Geometry:
    """A site of any kind, mostly by a border, in metres."""
    border = chance.choice(borders)
    at = border.interpolate(chance.uniform(0, border.length))
    x, y = at.x + chance.gauss(0, 45), at.y + chance.gauss(0, 45)
    size, kind = chance.choice([3, 20, 60, 150, 600]), chance.randrange(6)
    corners = [(x + chance.uniform(-size, size), y + chance.uniform(-size, size)) for _ in range(chance.randint(3, 9))]
    hull = shapely.MultiPoint(corners).convex_hull
    if kind == 0:
        return shapely.Point(x, y)
    if kind == 1:
        return shapely.LineString([(x, y), *corners[:3]])
    if kind == 2:
        return shapely.MultiPolygon([hull, shapely.box(x + 2 * size, y, x + 2.5 * size, y + size)])
    if kind == 3:
        return shapely.box(x, y, x + size, y + size * chance.uniform(0.2, 1)).difference(
            shapely.box(x + size * 0.3, y + size * 0.05, x + size * 0.6, y + size * 0.15)
        )
    if kind == 4:
        return shapely.MultiPoint(corners[:3])
    return hull


def in_degrees(shape: shapely.Geometry) -> dict:
    return mapping(shapely.transform(shape, lambda xy: [*zip(*BACK.transform(*xy.T), strict=True)]))


def conditions_agree(judge: Judge, answer: dict, footprint: shapely.Geometry, project_class: str) -> Counter[bool]:
    """Compare which conditions are closed; how many are, and how many stand open."""
    for one in answer["conditions"]:
        mine = judge.closed(one["procedure"], footprint, project_class)
        assert mine in (None, one["closed"]), (project_class, one, footprint.wkt)
    return Counter(one["closed"] for one in answer["conditions"])


def own_scales_agree(judge: Judge, answer: dict, footprint: shapely.Geometry, asked: tuple[str, str], number: int):
    """Compare of every tenth site the verdicts by own scale; where a hair's breadth decides, with one of those there are."""
    if number % 10:
        return
    said = [answer["own_scale"][way]["verdict"] for way in ("outward", "inward")]
    drawn = [OwnScale(judge, footprint, *asked, off_m=off).verdicts() for off in (-NOISE_M, 0.0, NOISE_M)]
    for one, mine in zip(said, zip(*drawn, strict=True), strict=True):
        assert one in mine or (one is None and len({*mine}) > 1), (asked, said, drawn, footprint.wkt)


def test_a_program_of_its_own_judges_three_hundred_sites_alike(town, published):
    chance = random.Random(20261126)
    judge = Judge(published)
    judge.known = lru_cache(judge.known)
    borders = [line for zone in published.zones for line in shapely.get_parts(shapely.boundary(zone.shape) if zone.shape.area else zone.shape)]  # fmt: skip
    borders += [line for land in published.areas for line in shapely.get_parts(shapely.boundary(land.shape))]
    borders += [shapely.boundary(one.shape) for one in published.assessed] * 40
    borders += [thing.shape for thing in published.things if thing.register == "roads"]
    told: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    lacking: Counter[str] = Counter()
    closed: Counter[bool] = Counter()
    close = 0
    with httpx.Client(base_url=town.base, timeout=60) as client:
        for number in range(SITES):
            shape = random_site(chance, borders)
            if shape.is_empty or not shape.is_valid or (shapely.get_dimensions(shape) == 2 and shape.area < 2):
                continue
            project_class = f"K{chance.randint(1, 7)}"
            seismic = chance.choice([None, None, "甲", "乙"])
            judge.building = building = chance.choice([None, *BUILDINGS.get(project_class, ())])
            asked = {"name": f"site {number}", "project_class": project_class, "building_type": building}
            drawn = in_degrees(shape)
            body = {"type": "Feature", "geometry": drawn, "properties": {**asked, **({"seismic_class": seismic} if seismic else {})}}  # fmt: skip
            answer = client.post("/api/siting/check", json=body)
            assert answer.status_code == 200, answer.text
            answer = answer.json()
            placed = in_metres(shapely.geometry.shape(drawn))
            footprint, seismic = (
                judge.footprint(placed, project_class),
                seismic or judge.terms["seismic_class"][project_class],
            )
            floor = judge.floor(footprint, project_class, seismic)
            grounds = judge.grounds(footprint, project_class, seismic)

            def verdicts(shift, f=footprint, g=grounds, low=floor):
                return [WORDS[judge.worst(f, g, low, shift + off)] for off in (0.0, -NOISE_M, NOISE_M)]

            for shift, said in [
                (0.0, answer["verdict"]),
                *((one["shift_m"], one["verdict"]) for one in answer["sensitivity"]),
            ]:
                mine = verdicts(shift)
                close += said != mine[0]
                assert said in mine, (number, project_class, seismic, shift, said, mine, shape.wkt)
            if len({*verdicts(0.0), *verdicts(10.0), *verdicts(-10.0)}) == 1:
                _, _, borderline = judge.judge(placed, project_class, seismic, building)
                assert answer["borderline"] == borderline, (number, project_class, shape.wkt)
            own_scales_agree(judge, answer, footprint, (project_class, seismic), number)
            told[answer["verdict"]] += 1
            unchecked = judge.unchecked(footprint)
            assert unchecked == set(answer["data_gaps"]) & judge.set_aside.keys(), (number, shape.wkt)
            lacking.update(unchecked)
            beside.update(
                one["object"]["kind"] for theme in answer["themes"] for one in theme["findings"] if one["object"]
            )
            closed += conditions_agree(judge, answer, footprint, project_class)
            assert bool(answer["notes"]) is (project_class in ("K2", "K3") and building != "water_works"), number
    assert set(told) >= {"prohibited", "restricted", "permitted"}
    assert beside["roads"] > 10
    assert min(beside["farmland"], beside["ecological_redline"]) > 10
    assert min(closed[True], closed[False]) > 1
    assert min(lacking["farmland"], lacking["ecological_redline"]) > 1
    assert close <= 6, "more than the noise of two drawings"
