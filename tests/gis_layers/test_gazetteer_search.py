"""The gazetteer's rows: made anew from the registers, with the aliases people gave."""

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gis_layers.stores import gazetteer_search, places, projects
from gis_layers.stores.gazetteer import find_road, place_on, refresh_names
from gis_layers.stores.town import append_register

METRIC = "EPSG:4542"


def village(name: str, code: str | None, west: float, people: int | None = 100) -> gpd.GeoDataFrame:
    box = shapely.multipolygons([shapely.box(west, 39.30, west + 0.02, 39.32)])
    return gpd.GeoDataFrame({"code": [code], "name": [name], "population": [people]}, geometry=[box], crs=4490)


def point(lon: float = 99.805, lat: float = 39.31, **columns) -> gpd.GeoDataFrame:
    values = {key: [value] for key, value in columns.items()}
    return gpd.GeoDataFrame(values, geometry=[shapely.Point(lon, lat)], crs=4490)


def road(name: str, road_class: str, *corners: tuple[float, float], synthetic: bool = True) -> gpd.GeoDataFrame:
    columns = {"name": [name], "road_class": [road_class], "synthetic": [synthetic]}
    return gpd.GeoDataFrame(columns, geometry=[shapely.LineString(corners)], crs=4490)


@pytest.fixture
def session(sessions):
    with sessions() as opened:
        places.append_places(opened, "villages", village("小海子村", "620724102202", 99.80))
        yield opened


def found(session, asked: str) -> list[str]:
    return [place.id for place in gazetteer_search.search_names(session, asked, limit=100)[0]]


def test_nothing_is_found_before_the_names_are_made_and_everything_after(session):
    assert found(session, "小海子村") == []
    assert refresh_names(session, METRIC) == 1
    assert found(session, "小海子村") == ["village:620724102202"]


def test_two_villages_of_one_name_both_appear_with_what_tells_them_apart(session):
    places.append_places(session, "villages", village("小海子村", "620721202205", 99.90, people=None))
    refresh_names(session, METRIC)
    both, total = gazetteer_search.search_names(session, "小海子", limit=100)
    assert total == 2
    assert {place.id for place in both} == {"village:620724102202", "village:620721202205"}
    assert {place.detail for place in both} == {
        "代码 620724102202 · 100 人", "代码 620721202205 · 人口未登记",
    }  # fmt: skip


@pytest.mark.parametrize(
    "asked", ["小海子村", "小海子", "海子", "xhz", "XHZC", "xiaohaizi", "xiao hai", "haizi", "小海子社区"]
)
def test_a_village_is_found_by_name_part_pinyin_and_initials(session, asked):
    refresh_names(session, METRIC)
    assert found(session, asked) == ["village:620724102202"]


def test_every_register_is_in_the_gazetteer_with_its_village(session):
    append_register(session, "groups", point(name="三社", village_code="620724102202"))
    append_register(session, "stations", point(name="示范消防站", kind="fire"))
    append_register(session, "enterprises", point(name="示范化工厂", sector="chemical"))
    append_register(session, "facilities", point(name="示范广场", kind="shelter"))
    append_register(session, "facilities", point(name="示范小学", kind="school"))
    projects.append_projects(session, point(name="示范小区", project_class="K4"))
    water = gpd.GeoDataFrame(
        {"name": ["黑河"], "kind": ["river"]}, geometry=[shapely.LineString([(99.8, 39.3), (99.9, 39.3)])], crs=4490
    )
    places.append_places(session, "water", water)
    refresh_names(session, METRIC)
    kinds = {place.kind: place.village for place in gazetteer_search.search_names(session, "示范", limit=100)[0]}
    assert kinds == dict.fromkeys(("station", "enterprise", "shelter", "facility", "project"), "小海子村")
    assert found(session, "小海子三社") == found(session, "小海子村3社") == found(session, "xhzss")
    assert [place.partition(":")[0] for place in found(session, "小海子三社")] == ["group"]
    assert found(session, "heihe")[0].startswith("water:黑河")


@pytest.mark.parametrize("written", ["三社", "小海子村三社"])
def test_a_group_is_found_with_or_without_its_village_however_the_register_writes_it(session, written):
    append_register(session, "groups", point(name=written, village_code="620724102202"))
    refresh_names(session, METRIC)
    for asked in ("小海子三社", "小海子3社", "小海子村三社", "小海子村3社", "三社", "xhzss"):
        assert [place.partition(":")[0] for place in found(session, asked)] == ["group"], asked


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("小海子 三社", "group"), ("三社 小海子", "group"), ("小海子村　3社", "group"), ("xiaohaizi 三社", "group"),
        ("化工 小海子", "enterprise"), ("化工厂 老化工", "enterprise"), ("小海子 老化工", "enterprise"), ("化工 南华", None),
    ],
)  # fmt: skip
def test_words_apart_stand_each_in_the_name_or_that_of_the_village(session, asked, kind):
    append_register(session, "groups", point(name="三社", village_code="620724102202"))
    append_register(session, "enterprises", point(name="示范化工厂", sector="chemical"))
    refresh_names(session, METRIC)
    (plant,) = gazetteer_search.places_called(session, "示范化工厂")
    gazetteer_search.save_alias(session, plant, "老化工化工厂", author="officer")
    assert [place.partition(":")[0] for place in found(session, asked)] == ([kind] if kind else [])


def test_what_has_numbers_is_listed_in_their_order(session):
    for number in "一二三四五":
        append_register(session, "groups", point(name=f"小海子村{number}社", village_code="620724102202"))
    refresh_names(session, METRIC)
    listed = [place.name for place in gazetteer_search.search_names(session, "小海子村", limit=100)[0]]
    assert listed == ["小海子村", *(f"小海子村{number}社" for number in "一二三四五")]


def test_an_exact_name_comes_before_a_longer_one_and_that_before_a_part(session):
    for name in ("新小海子站", "小海子站北", "小海子站"):
        append_register(session, "stations", point(name=name))
    refresh_names(session, METRIC)
    ordered = [place.name for place in gazetteer_search.search_names(session, "小海子站", limit=100)[0]]
    assert ordered == ["小海子站", "小海子站北", "新小海子站"]


def test_pages_follow_each_other_and_the_total_stays(session):
    for number in range(5):
        append_register(session, "stations", point(name=f"站点{number}"))
    refresh_names(session, METRIC)
    first, total = gazetteer_search.search_names(session, "站点", limit=3)
    rest, same = gazetteer_search.search_names(session, "站点", limit=3, offset=3)
    beyond = gazetteer_search.search_names(session, "站点", limit=3, offset=9)
    assert (total, same, beyond) == (5, 5, ([], 5))
    assert [place.name for place in first + rest] == [f"站点{number}" for number in range(5)]


@pytest.mark.parametrize("asked", ["%", "_", "，", "  ", "\\", "' OR 1=1"])
def test_wildcards_and_quotes_find_nothing(session, asked):
    refresh_names(session, METRIC)
    assert gazetteer_search.search_names(session, asked, limit=10) == ([], 0)


def test_stretches_of_one_name_are_one_place_unless_they_lie_apart(session):
    for west in (99.80, 99.81, 99.90):
        places.append_places(session, "roads", road("中心路", "village", (west, 39.3), (west + 0.01, 39.3)))
    refresh_names(session, METRIC)
    assert len(found(session, "中心路")) == 2


def test_an_alias_finds_its_place_and_outlives_a_rebuild(session):
    refresh_names(session, METRIC)
    place = gazetteer_search.find_place(session, "village:620724102202")
    kept = gazetteer_search.save_alias(session, place, "海湾子", author="officer")
    refresh_names(session, METRIC)
    by_alias, total = gazetteer_search.search_names(session, "haiwanzi", limit=10)
    assert (total, by_alias[0].id) == (1, "village:620724102202")
    assert (by_alias[0].name, by_alias[0].matched, by_alias[0].matched_text) == ("小海子村", "alias", "海湾子")
    assert gazetteer_search.read_aliases(session) == [kept]
    gazetteer_search.delete_alias(session, kept.id)
    assert found(session, "海湾子") == []


def test_an_alias_whose_place_is_gone_is_listed_but_finds_nothing(session):
    refresh_names(session, METRIC)
    gazetteer_search.save_alias(
        session, gazetteer_search.find_place(session, "village:620724102202"), "海湾子", author="officer"
    )
    session.execute(text("DELETE FROM villages"))
    refresh_names(session, METRIC)
    assert found(session, "海湾子") == []
    assert [(alias.alias, alias.name) for alias in gazetteer_search.read_aliases(session)] == [("海湾子", None)]


def test_a_place_takes_an_alias_once_and_never_its_own_name(session):
    refresh_names(session, METRIC)
    place = gazetteer_search.find_place(session, "village:620724102202")
    gazetteer_search.save_alias(session, place, "海湾子", author="officer")
    for taken in ("海湾子", "海 湾 子", "小海子村"):
        with pytest.raises(gazetteer_search.AliasTaken):
            gazetteer_search.save_alias(session, place, taken, author="officer")


def test_deleting_an_alias_never_touches_a_register_name(session):
    refresh_names(session, METRIC)
    number = session.scalar(text("SELECT id FROM place_names"))
    gazetteer_search.delete_alias(session, number)
    assert found(session, "小海子村") == ["village:620724102202"]


def test_a_synthetic_road_begins_with_k0_at_its_west_end(session):
    places.append_places(session, "roads", road("G312", "national", (99.84, 39.3), (99.80, 39.3)))
    refresh_names(session, METRIC)
    assert found(session, "g312k") == [f"stake:G312:{at_m}" for at_m in (0, 1000, 2000, 3000)]
    measured = find_road(session, "G312", METRIC)
    at = place_on(measured, 0.0, METRIC)
    assert at.distance(shapely.Point(99.80, 39.3)) < 1e-9
    assert place_on(measured, 1300.0, METRIC).x == pytest.approx(99.80 + 1300 / measured.length_m * 0.04, abs=1e-6)


def test_a_road_written_in_full_width_is_measured_like_any_other(session):
    places.append_places(session, "roads", road("Ｘ２１０ 高南公路", "county", (99.80, 39.3), (99.84, 39.3)))
    refresh_names(session, METRIC)
    assert find_road(session, "X210", METRIC).length_m == pytest.approx(3440, rel=0.01)
    assert find_road(session, "X21", METRIC) is None


def test_the_stakes_of_a_true_road_are_not_guessed(session):
    places.append_places(session, "roads", road("G30", "motorway", (99.80, 39.3), (99.84, 39.3), synthetic=False))
    refresh_names(session, METRIC)
    assert found(session, "G30") == ["road:G30"]
    assert find_road(session, "G30", METRIC) is None
    gazetteer_search.save_origin(session, "G30", west_end_m=2_510_200.0, eastward=True)
    refresh_names(session, METRIC)
    assert found(session, "G30 K2511") == ["stake:G30:2511000"]


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ("kind = 'town'", "kind_known"),
        ("source = 'hearsay'", "source_known"),
        ("name = ' '", "name_not_empty"),
        ("words = 'unframed'", "words_framed"),
        ("lon = NULL", "position_of_the_register"),
        ("source = 'alias'", "position_of_the_register"),
        ("west = lon + 1", "position_within_its_box"),
    ],
)
def test_no_client_can_write_an_unsound_name(session, wrong, constraint):
    refresh_names(session, METRIC)
    with pytest.raises(IntegrityError, match=constraint):
        session.execute(text(f"UPDATE place_names SET {wrong}"))
