"""What stands in the synthetic township: people, houses, enterprises, forces, shelters, land set aside."""

from __future__ import annotations

import re
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS, transform
from gis_layers.demo.documents import DOCUMENTS
from gis_layers.demo.geohazard_sites import geohazard_sites
from gis_layers.demo.refuges import AREA_A_PERSON_M2
from gis_layers.demo.township import Township
from risk_model.codes import enumeration

PHONE = re.compile(r"1\d{2}000000\d{2}")
# Critical amount in tonnes and β of GB 18218-2018 for what the two major hazard installations hold.
CRITICAL = {"氯": (5.0, 4.0), "氯化氢（无水）": (20.0, 3.0), "氢": (5.0, 1.5), "硝酸钠": (200.0, 1.0), "氨": (10.0, 2.0),
            "汽油": (200.0, 1.0), "柴油": (5000.0, 1.0), "液化石油气": (50.0, 1.5), "乙醇": (500.0, 1.0), "乙炔": (1.0, 1.5)}  # fmt: skip
ALPHA = {0: 0.5, 1: 1.0, 30: 1.2, 50: 1.5, 100: 2.0}


def metric(frame: gpd.GeoDataFrame) -> np.ndarray:
    return transform(frame.geometry.to_numpy(), STORAGE_CRS, DEFAULT_METRIC_CRS)


def zones(township: Township, hazard: str) -> shapely.Geometry:
    layer = next(one for one in township.layers if one.hazard == hazard)
    return shapely.union_all(metric(layer.zones))


def test_the_groups_share_their_villages_people_and_stand_in_them(township: Township):
    groups, villages = township.groups, township.villages
    told = groups.groupby("village_code")["population"].sum()
    assert told.to_dict() == dict(zip(villages["code"], villages["population"], strict=True))
    assert "南寨子村三社" in set(groups["name"])
    assert groups["name"].is_unique
    areas = dict(zip(villages["code"], villages.geometry, strict=True))
    assert all(areas[code].contains(place) for code, place in zip(groups["village_code"], groups.geometry, strict=True))


def test_a_group_named_on_a_debris_fan_lies_by_that_fan(township: Township):
    fans = next(one for one in township.layers if one.hazard == "declared_geological").zones
    fan = transform(
        fans[fans["name"] == "南寨子村三社泥石流堆积扇"].geometry.to_numpy(), STORAGE_CRS, DEFAULT_METRIC_CRS
    )
    group = metric(township.groups[township.groups["name"] == "南寨子村三社"])
    assert shapely.distance(fan[0], group[0]) < 1500.0


def test_every_household_has_a_house_and_no_house_stands_on_another_or_on_a_road(township: Township):
    buildings = township.buildings
    assert 3000 <= len(buildings) <= 6000
    assert buildings["households"].sum() == township.groups["households"].sum()
    outlines = metric(buildings)
    pairs = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    assert (pairs[0] == pairs[1]).all()
    for frame in (
        township.roads,
        township.reservoirs,
        township.projects,
        township.enterprises[township.enterprises.geom_type != "Point"],
    ):
        tree = shapely.STRtree(metric(frame))
        assert len(tree.query(outlines, predicate="intersects")[0]) == 0
    assert set(buildings["structure"]) == {"土木", "砖木", "砖混", "框架"}
    assert buildings["floors"].between(1, 6).all()


def test_some_forty_fictional_enterprises_of_the_promised_kinds(township: Township):
    enterprises = township.enterprises
    count = enterprises["sector"].value_counts()
    assert 40 <= len(enterprises) <= 46
    assert set(enterprises["sector"]) <= set(enumeration("sector"))
    assert (count["chemical"], count["fuel"], count["gas"], count["mining"], count["cold_store"]) == (2, 3, 1, 4, 2)
    assert count["small_place"] == 20
    assert enterprises["name"].str.contains("示范").all()
    assert enterprises["contact_phone"].str.fullmatch(PHONE).all()
    assert set(enterprises[enterprises.geom_type == "Polygon"]["sector"]) >= {"chemical", "mining", "seed", "food"}


def test_plants_do_not_lie_on_each_other_or_on_roads(township: Township):
    plants = metric(township.enterprises[township.enterprises.geom_type == "Polygon"])
    assert shapely.area(plants).sum() == pytest.approx(shapely.union_all(plants).area)
    assert not shapely.intersects(plants, shapely.union_all(metric(township.roads))).any()


def test_the_major_hazard_levels_follow_from_what_is_in_stock(township: Township):
    """GB 18218-2018: S = Σ q/Q decides whether, R = α Σ β q/Q which level, for any number of neighbours."""
    for name, level, stock in township.enterprises[["name", "major_hazard_level", "inventory"]].itertuples(index=False):
        amounts = [(item["tonnes"], *CRITICAL[item["substance"]]) for item in stock if item["substance"] in CRITICAL]
        ratio = sum(tonnes / critical for tonnes, critical, _ in amounts)
        if level is None or np.isnan(level):
            assert ratio < 1.0, name
            continue
        risks = [
            alpha * sum(beta * tonnes / critical for tonnes, critical, beta in amounts) for alpha in ALPHA.values()
        ]
        assert ratio >= 1.0
        assert {3: all(10 <= risk < 50 for risk in risks), 4: all(risk < 10 for risk in risks)}[int(level)], name


def test_assessed_unassessed_and_declared_enterprises_all_occur(township: Township):
    enterprises = township.enterprises
    assessed = enterprises["risk_points"].notna()
    declared = enterprises["base_grade"].notna()
    assert not (assessed & declared).any()
    assert declared.sum() == 2
    assert (~assessed & ~declared).sum() == 4
    assert enterprises["inspections"].map(len).max() >= 2
    assert (enterprises["inspections"].map(len) == 0).equals(enterprises["last_check"].isna())


def test_hidden_dangers_of_three_years_in_every_state_lie_at_their_enterprises(township: Township):
    dangers = township.hidden_dangers
    assert 40 <= len(dangers) <= 60
    assert set(dangers["state"]) == set(enumeration("danger_state"))
    assert {day.year for day in dangers["found_on"]} == {2024, 2025, 2026}
    assert dangers["code"].is_unique
    assert dangers["code"].str.startswith("SYN-").all()
    grounds = dict(zip(township.enterprises["name"], metric(township.enterprises), strict=True))
    places = zip(dangers["enterprise"], metric(dangers), strict=True)
    assert all(shapely.distance(grounds[name], place) < 0.01 for name, place in places)
    closed = dangers[dangers["state"] == "closed"]
    assert (closed["closed_on"] >= closed["confirmed_on"]).all()


def test_geohazard_sites_lie_on_declared_ground_and_nobody_unknown_is_counted_as_none(township: Township):
    sites = geohazard_sites(township.layers, township.villages)
    fans = next(one for one in township.layers if one.hazard == "declared_geological").zones
    assert len(sites) == 4
    on_fans = shapely.covers(fans.union_all(), sites.geometry.to_numpy())
    assert (on_fans == (sites["state"] != "struck_off")).all()
    assert set(sites["state"]) == set(enumeration("geohazard_state"))
    assert sites["people"].isna().any()
    assert sites["village_code"].notna().all()
    assert {one["hazard"] for one in DOCUMENTS} >= {"declared_geological", "river_management"}
    assert all(one["number"].endswith("（合成）") for one in DOCUMENTS)


def test_the_plants_stand_within_their_safety_distances(township: Township):
    ground = zones(township, "hazmat_distance")
    plants = township.enterprises[township.enterprises["major_hazard_level"].notna()]
    assert shapely.contains(ground, metric(plants)).all()


def test_one_fire_station_and_one_village_station_in_each_village(township: Township):
    stations = township.stations
    assert list(stations["kind"]).count("fire") == 1
    villages = stations[stations["kind"] == "village"]
    assert sorted(villages["village_code"]) == sorted(township.villages["code"])
    assert set(stations["kind"]) <= set(enumeration("station_kind"))
    roads = shapely.union_all(metric(township.roads))
    assert (shapely.distance(metric(stations), roads) < 80.0).all()
    assert stations["last_verified"].isna().any()


def test_forces_of_every_kind_with_known_capabilities_some_expired_some_unverified(township: Township):
    forces = township.forces
    assert set(forces["kind"]) == set(enumeration("force_kind"))
    able = {word for words in forces["capabilities"] for word in words}
    assert able == set(enumeration("capability"))
    expiry = forces["agreement_expires"].dropna()
    assert any(day.year <= 2025 for day in expiry)
    assert any(day.year >= 2027 for day in expiry)
    assert forces["last_verified"].isna().any()
    assert set(forces["station"].dropna()) <= set(township.stations["name"])
    assert forces["station"].isna().sum() > 10
    assert forces["contact_phone"].str.fullmatch(PHONE).all()


def test_eight_shelters_hold_what_their_ground_allows_and_stand_in_no_danger(township: Township):
    facilities = township.facilities
    assert set(facilities["kind"]) <= set(enumeration("facility_kind"))
    shelters = facilities[facilities["kind"] == "shelter"]
    assert len(shelters) == 8
    need = shelters["shelter_term"].map(AREA_A_PERSON_M2)
    assert (shelters["capacity"] == (shelters["effective_area_m2"] / need).astype(int)).all()
    assert (shelters["effective_area_m2"] < shapely.area(metric(shelters))).all()
    for hazard in ("declared_geological", "flood", "flash_flood", "dam_break", "hazmat_distance"):
        assert not shapely.intersects(metric(shelters), zones(township, hazard)).any(), hazard


def test_set_aside_land_is_of_three_kinds_disjoint_and_partly_unsurveyed(township: Township):
    layers = {layer.kind: layer for layer in township.constraints}
    assert set(layers) == {"farmland", "ecological_redline", "urban_boundary"}
    every = np.concatenate([metric(layer.areas) for layer in layers.values()])
    assert shapely.area(every).sum() - shapely.union_all(every).area < 50.0
    boundary = metric(township.boundary)[0]
    left_out = {}
    for kind, layer in layers.items():
        if layer.extent is not None:
            extent = transform(np.array([layer.extent], dtype=object), STORAGE_CRS, DEFAULT_METRIC_CRS)[0]
            left_out[kind] = shapely.difference(boundary, extent).area / boundary.area
            assert shapely.difference(shapely.union_all(metric(layer.areas)), extent).area < 50.0
    assert set(left_out) == {"farmland", "ecological_redline"}
    assert all(0.02 < share < 0.25 for share in left_out.values())


def test_nobody_lives_on_farmland(township: Township):
    farmland = shapely.union_all(metric(next(one for one in township.constraints if one.kind == "farmland").areas))
    shapely.prepare(farmland)
    assert shapely.intersects(farmland, metric(township.buildings)).mean() < 0.001


def test_the_relief_lies_under_the_whole_township(township: Township):
    west, south, east, north = township.relief.bounds
    low_x, low_y, high_x, high_y = township.boundary.total_bounds
    assert west < low_x < high_x < east
    assert south < low_y < high_y < north
    assert len(township.relief.content) < 1_500_000


def test_regional_assessments_are_synthetic_and_one_of_them_has_expired(township: Township):
    found = township.assessments
    assert found["synthetic"].all()
    assert found["name"].str.contains("合成").all()
    assert len(set(found["number"])) == len(found) == 3
    assert (found["valid_to"] > found["valid_from"]).all()
    assert (found["valid_to"] < date(2025, 1, 1)).sum() == 1
    boundary = metric(township.boundary)[0].buffer(1.0)
    assert shapely.within(metric(found), boundary).all()
    geological = shapely.union_all(metric(next(one.zones for one in township.layers if one.hazard == "geological")))
    assert shapely.intersects(metric(found), geological).all()
