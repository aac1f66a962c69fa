"""The synthetic township: is it one piece, is it lawful data, and does it hold the cases the demonstration needs?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS, transform
from gis_layers.demo.grid import DEMO_BOUNDS, demo_grid
from gis_layers.demo.layers import GRADES, ZONE_COLUMNS, HazardLayer
from gis_layers.demo.township import Township

HAZARDS = {
    "geological", "declared_geological", "flood", "flash_flood", "dam_break", "river_management", "fault",
    "earthquake", "wildfire", "meteorological", "hazmat_distance", "protection_corridor", "composite",
}  # fmt: skip
SCHEMES = {
    "geological": {"geo4"}, "flood": {"flood4"}, "flash_flood": {"flash3"}, "earthquake": {"quake5"},
    "wildfire": {"fire5"}, "meteorological": {"met4", "met5"}, "composite": {"comp5"},
}  # fmt: skip
WHOLE_MOSAICS = {
    ("geological", "hazard"), ("earthquake", "risk_building"), ("meteorological", "hazard"),
    ("meteorological", "risk_crop"), ("composite", "risk_all"),
}  # fmt: skip


def layer(township: Township, hazard: str, product: str | None = None) -> HazardLayer:
    return next(one for one in township.layers if one.hazard == hazard and product in (None, one.product))


def metric(frame: gpd.GeoDataFrame) -> np.ndarray:
    return transform(frame.geometry.to_numpy(), STORAGE_CRS, DEFAULT_METRIC_CRS)


def ground_of(township: Township, hazard: str, **wanted: object) -> shapely.Geometry:
    zones = layer(township, hazard).zones
    for column, value in wanted.items():
        zones = zones[zones[column] == value]
    return shapely.union_all(metric(zones))


def project(township: Township, name: str) -> shapely.Geometry:
    return metric(township.projects[township.projects["name"] == name])[0]


def share_in(footprint: shapely.Geometry, ground: shapely.Geometry) -> float:
    return float(shapely.intersection(footprint, ground).area / footprint.area)


def frames(township: Township) -> Iterator[gpd.GeoDataFrame]:
    yield from (township.boundary, township.villages, township.roads, township.railways, township.water)
    yield from (township.reservoirs, township.contours, township.projects)
    yield from (township.enterprises, township.facilities, township.groups, township.buildings)
    yield from (township.stations, township.forces)
    yield from (one.zones for one in township.layers)
    yield from (one.areas for one in township.constraints)


def test_what_a_zone_does_not_know_is_none_or_nan_never_a_word(township: Township):
    dam, fault = layer(township, "dam_break").zones, layer(township, "fault").zones
    assert all(value is None for value in (*dam["grade"], *dam["grade_scheme"], *dam["fault_age"]))
    assert fault["fault_age"].iloc[2] is None
    assert dam["intensity"].isna().all()


def test_the_villages_tile_the_boundary_without_gap_or_overlap(township: Township):
    villages = township.villages
    assert shapely.coverage_is_valid(villages.geometry.to_numpy())
    boundary = metric(township.boundary)[0]
    assert shapely.symmetric_difference(shapely.union_all(metric(villages)), boundary).area < 0.01


def test_fifteen_villages_and_one_community_share_the_population(township: Township):
    villages = township.villages
    assert list(villages["code"]) == [f"SYN-620724102-{number:02d}" for number in range(1, 17)]
    assert villages["name"].str.endswith("村").sum() == 15
    assert villages["name"].nunique() == 16
    assert villages["population"].sum() == 16_754
    assert villages["population"].min() > 200


def test_every_seat_lies_in_its_own_village(township: Township):
    villages = township.villages
    seats = shapely.points(villages["seat_lon"], villages["seat_lat"])
    assert shapely.contains(villages.geometry.to_numpy(), seats).all()


def test_village_borders_wander_as_borders_do(township: Township):
    areas = metric(township.villages)
    straightened = shapely.length(shapely.simplify(areas, 400.0))
    assert (shapely.length(areas) / straightened).min() > 1.03
    assert shapely.get_num_coordinates(areas).min() > 60


def test_everything_stays_inside_the_box_and_says_that_it_is_synthetic(township: Township):
    west, south, east, north = DEMO_BOUNDS
    for frame in frames(township):
        assert frame.crs == STORAGE_CRS
        assert frame["synthetic"].all()
        low_x, low_y, high_x, high_y = frame.total_bounds
        assert west <= low_x < high_x <= east
        assert south <= low_y < high_y <= north


def test_every_geometry_is_valid_and_none_is_empty(township: Township):
    for frame in frames(township):
        assert frame.geometry.is_valid.all()
        assert not frame.geometry.is_empty.any()


def test_every_hazard_has_a_layer_with_zones(township: Township):
    assert {one.hazard for one in township.layers} == HAZARDS
    assert all(len(one.zones) > 0 for one in township.layers)
    assert 250 <= sum(len(one.zones) for one in township.layers) <= 400


def test_zone_frames_have_the_agreed_columns_and_repeat_their_layer(township: Township):
    for one in township.layers:
        assert tuple(one.zones.columns) == ZONE_COLUMNS
        assert set(one.zones["hazard"]) == {one.hazard}
        assert set(one.zones["product"]) == {one.product}
        assert set(one.zones["survey_date"]) == {one.survey_date}
        assert one.zones["source_id"].is_unique
        assert "示范" in one.source
        kinds = {"MultiLineString"} if one.hazard == "fault" else {"MultiPolygon"}
        assert set(one.zones.geom_type) == kinds


def test_grades_are_words_of_their_scheme_and_agree_with_their_rank(township: Township):
    for one in township.layers:
        graded = one.zones[one.zones["grade"].notna()]
        assert set(graded["grade_scheme"]) == (SCHEMES.get(one.hazard, set()) & set(graded["grade_scheme"]))
        for grade, rank, scheme in zip(graded["grade"], graded["grade_rank"], graded["grade_scheme"], strict=True):
            assert GRADES[scheme][rank - 1] == grade
        assert len(graded) == (len(one.zones) if one.hazard in SCHEMES else 0)


def test_the_four_geological_grades_are_all_on_the_map(township: Township):
    for product in ("hazard", "susceptibility"):
        assert set(layer(township, "geological", product).zones["grade"]) == set(GRADES["geo4"])


def test_whole_mosaics_cover_every_metre_once(township: Township):
    boundary = metric(township.boundary)[0]
    for hazard, product in WHOLE_MOSAICS:
        zones = layer(township, hazard, product).zones
        assert shapely.coverage_is_valid(zones.geometry.to_numpy())
        assert shapely.symmetric_difference(shapely.union_all(metric(zones)), boundary).area < 20.0


def test_prone_ground_is_drawn_only_where_it_is_and_surveyed_everywhere(township: Township):
    """Outside the drawn zones the survey found nothing: the plain and its seats are not prone."""
    prone = layer(township, "geological", "susceptibility")
    assert prone.extent_kind == "boundary"
    zones = metric(prone.zones)
    assert shapely.area(zones).sum() - shapely.union_all(zones).area < 50.0
    share = shapely.union_all(zones).area / metric(township.boundary)[0].area
    assert 0.2 < share < 0.6
    ground = shapely.union_all(prone.zones.geometry.to_numpy())
    seats = dict(
        zip(
            township.villages["name"],
            shapely.points(township.villages["seat_lon"], township.villages["seat_lat"]),
            strict=True,
        )
    )
    assert not any(ground.contains(seats[name]) for name in ("南苑社区", "小海子村", "大庄村", "礼号村", "胜利村"))


def test_siting_reads_the_fire_layer_since_it_is_a_hazard(township: Township):
    assert {one.product for one in township.layers if one.hazard == "wildfire"} == {"hazard"}


@pytest.mark.parametrize("hazard", ["flood", "flash_flood", "dam_break", "wildfire", "declared_geological"])
def test_zones_of_one_layer_do_not_lie_on_each_other(township: Township, hazard: str):
    areas = metric(layer(township, hazard).zones)
    together = shapely.area(shapely.union_all(areas))
    assert shapely.area(areas).sum() - together < 50.0


def test_exactly_one_village_has_a_theme_nobody_surveyed(township: Township):
    boundary, villages = metric(township.boundary)[0], metric(township.villages)
    unsurveyed = defaultdict(set)
    for one in township.layers:
        surveyed = boundary
        if one.extent_kind == "area":
            surveyed = transform(np.array([one.extent], dtype=object), STORAGE_CRS, DEFAULT_METRIC_CRS)[0]
        if one.extent_kind == "zones":
            surveyed = shapely.union_all(metric(one.zones))
        for name, area in zip(township.villages["name"], villages, strict=True):
            if shapely.difference(area, surveyed).area > 10.0:
                unsurveyed[name].add(one.hazard)
    assert dict(unsurveyed) == {"明水村": {"flood"}}


def test_no_flood_zone_is_drawn_where_nobody_surveyed_floods(township: Township):
    mingshui = metric(township.villages[township.villages["name"] == "明水村"])[0]
    assert shapely.intersection(ground_of(township, "flood"), mingshui).area < 1.0


def test_debris_fans_lie_in_the_villages_they_are_named_for(township: Township):
    zones = layer(township, "declared_geological").zones
    areas = dict(zip(township.villages["name"], metric(township.villages), strict=True))
    for name, shape in zip(zones["name"], metric(zones), strict=True):
        village = next(candidate for candidate in areas if name.startswith(candidate))
        assert share_in(shape, areas[village]) > 0.999
        assert 5e3 < shape.area < 3e6
    assert {name.split("村")[0] for name in zones["name"]} == {"南寨子", "先锋", "墩仁", "明永"}


def test_the_dam_break_reaches_the_river_later_the_farther_it_runs(township: Township):
    zones = layer(township, "dam_break").zones
    assert sorted(set(zones["arrival_min"])) == [15.0, 30.0, 60.0, 110.0]
    reach = [ground_of(township, "dam_break", arrival_min=minutes).bounds[3] for minutes in (15.0, 30.0, 60.0, 110.0)]
    assert reach == sorted(set(reach))
    river = metric(township.water[township.water["name"] == "黑河"])[0]
    assert shapely.distance(ground_of(township, "dam_break"), river) < 600.0


def test_the_faults_are_one_recent_one_deeply_buried_and_one_of_unknown_age(township: Township):
    faults = layer(township, "fault").zones
    assert list(faults["intensity"]) == [8.0, 8.0, 8.0]
    assert list(faults["fault_age"].isna()) == [False, False, True]
    assert faults["fault_age"].iloc[0] == "Q4h"
    assert faults["overburden_m"].iloc[1] == 65.0


def test_roads_form_one_net_in_which_every_place_reaches_every_other(township: Township):
    ahead, back = defaultdict(set), defaultdict(set)
    for line, oneway in zip(township.roads.geometry, township.roads["oneway"], strict=True):
        first, last = line.coords[0], line.coords[-1]
        for start, end in ((first, last),) if oneway == "forward" else ((first, last), (last, first)):
            ahead[start].add(end)
            back[end].add(start)
    start = next(iter(ahead))
    everywhere = set(ahead) | set(back)
    assert reached(ahead, start) == everywhere
    assert reached(back, start) == everywhere


def reached(neighbours: dict, start: tuple) -> set:
    seen, waiting = {start}, [start]
    while waiting:
        fresh = neighbours[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return seen


def test_every_seat_stands_by_a_road(township: Township):
    seats = transform(
        np.asarray(shapely.points(township.villages["seat_lon"], township.villages["seat_lat"])),
        STORAGE_CRS, DEFAULT_METRIC_CRS,
    )  # fmt: skip
    net = shapely.union_all(metric(township.roads))
    assert shapely.distance(seats, net).max() < 1.0


def test_roads_cross_rivers_and_main_canals_on_bridges(township: Township):
    water = township.water
    wide = water[water["name"].notna() & ~water["name"].fillna("").str.contains("支渠")]
    courses = shapely.union_all(metric(wide))
    plain = metric(township.roads[~township.roads["bridge"]])
    wet = shapely.intersects(plain, courses)
    assert township.roads["bridge"].sum() > 20
    assert wet.mean() < 0.02


def test_road_classes_are_the_agreed_words(township: Township):
    classes = {"motorway", "national", "county", "township", "village", "track"}
    assert set(township.roads["road_class"]) == classes
    assert set(township.roads.loc[township.roads["oneway"] != "no", "road_class"]) == {"motorway"}


def test_water_runs_downhill_from_the_hills_to_the_river(township: Township):
    grid, land_height = demo_grid(), np.flipud(township.terrain.elevation).astype(float)
    named = township.water[(township.water["kind"] == "stream") & township.water["name"].notna()]
    for line in metric(named):
        ends = shapely.get_coordinates(line)[[0, -1]]
        top, foot = grid.sample(land_height, ends[:, 0], ends[:, 1])
        assert top > foot + 10.0
    assert {"river", "stream", "canal"} == set(township.water["kind"])
    assert {"黑河", "三清渠"} <= set(township.water["name"].dropna())


def test_the_ground_falls_from_the_fans_to_the_river(township: Township):
    terrain = township.terrain
    assert terrain.elevation.dtype == np.float32
    assert np.isfinite(terrain.elevation).all()
    assert 1300 < terrain.elevation.min() < 1340
    assert 1700 < terrain.elevation.max() < 2100
    by_row = terrain.elevation.mean(axis=1)
    assert by_row[60] < by_row[200] < by_row[300]
    cell, _, west, _, minus_cell, north = terrain.transform
    assert (west, north) == (terrain.bounds[0], terrain.bounds[3])
    assert cell == -minus_cell
    assert terrain.bounds[2] == pytest.approx(west + cell * terrain.elevation.shape[1])


def test_contours_stand_at_their_elevation(township: Township):
    grid, height = demo_grid(), np.flipud(township.terrain.elevation).astype(float)
    contours = township.contours
    assert (contours["index"] == (contours["elevation"] % 50 == 0)).all()
    points, owner = shapely.get_coordinates(metric(contours), return_index=True)
    off = grid.sample(height, points[:, 0], points[:, 1]) - contours["elevation"].to_numpy()[owner]
    assert np.median(np.abs(off)) < 1.0


def test_projects_are_two_dozen_of_every_class_and_of_true_size(township: Township):
    projects = township.projects
    assert len(projects) == 24
    assert set(projects["project_class"]) == {"K1", "K2", "K3", "K4", "K5", "K6", "K7"}
    hectares = shapely.area(metric(projects)) / 10_000.0
    assert hectares.min() >= 0.3
    assert hectares.max() <= 6.0
    assert set(projects.geom_type) == {"Polygon"}
    assert projects["name"].str.contains("示范").all()


def test_the_badly_sited_projects_are_badly_sited(township: Township):
    school = share_in(project(township, "南寨子村示范小学迁建"), ground_of(township, "declared_geological"))
    assert 0.02 <= school <= 0.40
    front = metric(layer(township, "fault").zones)[0]
    depot = project(township, "南华示范化工原料库")
    assert min(shapely.distance(depot, trace) for trace in metric(layer(township, "fault").zones)) < 200.0
    assert shapely.length(front) > 10_000.0
    homes = share_in(project(township, "小海子示范安置小区"), ground_of(township, "dam_break", arrival_min=15.0))
    assert homes >= 0.5
    works = share_in(project(township, "墩仁示范机械加工厂"), ground_of(township, "geological", grade="中"))
    assert works >= 0.5
    byre = share_in(project(township, "山前示范养殖合作社圈舍"), ground_of(township, "composite", grade="高"))
    assert byre > 0.999
    flats = share_in(project(township, "园区示范职工公寓"), ground_of(township, "hazmat_distance"))
    assert flats >= 0.15


def test_one_project_stands_where_floods_were_never_surveyed(township: Township):
    home = project(township, "明水示范养老服务中心")
    mingshui = metric(township.villages[township.villages["name"] == "明水村"])[0]
    assert share_in(home, mingshui) > 0.999


@pytest.mark.parametrize(
    "name",
    ["南苑示范九年制学校", "南华示范消防救援站", "胜利村示范安置区", "大庄示范番茄加工厂", "智号村示范日光温室", "礼号村示范卫生院",
     "南苑示范农贸市场迁建", "胜利示范应急物资库", "义和示范冷链仓储", "信号示范渠道衬砌"],
)  # fmt: skip
def test_the_well_sited_projects_touch_nothing_that_forbids(township: Township, name: str):
    site = project(township, name)
    for hazard in (
        "declared_geological", "flood", "flash_flood", "dam_break", "river_management", "hazmat_distance",
        "protection_corridor", "wildfire",
    ):  # fmt: skip
        assert share_in(site, ground_of(township, hazard)) == 0.0
    assert shapely.distance(site, shapely.union_all(metric(layer(township, "fault").zones))) >= 900.0


def test_projects_do_not_lie_on_each_other_on_roads_or_on_water(township: Township):
    sites = metric(township.projects)
    assert shapely.area(sites).sum() == pytest.approx(shapely.union_all(sites).area)
    assert not shapely.intersects(sites, shapely.union_all(metric(township.reservoirs))).any()
    off_road = sites[(township.projects["project_class"] != "K7").to_numpy()]
    assert not shapely.intersects(off_road, shapely.union_all(metric(township.roads))).any()
