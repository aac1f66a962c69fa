"""The gazetteer over HTTP, and what imports and the console do to it."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from app.exchange.enterprises import import_enterprises
from app.exchange.service import import_places
from app.main import create_app
from app.places import service
from app.platform.deployment import Deployment
from app.platform.errors import NotFound, Refused
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.exchange import ReadingOptions
from gis_layers.stores import places
from gis_layers.stores.gazetteer import refresh_names
from tests.app.conftest import METRIC
from tests.app.seeds import seeded_database
from tests.app.visitors import add_account, audited, browser, sign_in
from tests.saying import tells

CODE = "620724102202"


def villages(*rows: tuple[str, str, float]) -> gpd.GeoDataFrame:
    boxes = [shapely.multipolygons([shapely.box(west, 39.30, west + 0.02, 39.34)]) for *_, west in rows]
    columns = {"code": [row[1] for row in rows], "name": [row[0] for row in rows], "population": 120}
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=4490)


def road(name: str, *, synthetic: bool) -> gpd.GeoDataFrame:
    columns = {"name": [name], "road_class": ["national"], "synthetic": [synthetic]}
    return gpd.GeoDataFrame(columns, geometry=[shapely.LineString([(99.80, 39.31), (99.84, 39.31)])], crs=4490)


def load_places(deployment: Deployment, kind: str, frame: gpd.GeoDataFrame) -> None:
    """Put villages or roads into their tables and make the names anew."""
    with deployment.sessions.begin() as session:
        places.append_places(session, kind, frame)
        refresh_names(session, METRIC)


@pytest.fixture
def load(deployment):
    return partial(load_places, deployment)


@seeded_database()
def two_villages(deployment: Deployment) -> None:
    load_places(deployment, "villages", villages(("小海子村", CODE, 99.79), ("小海子村", "620721202205", 99.85)))


@pytest.fixture
def officer(client, token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(Role.OFFICER)}"}


def search(client, asked: str, **more) -> dict:
    answer = client.get("/api/places", params={"q": asked, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("asked", ["小海子村", "小海子", "xhz", "xiaohaizi", "ＸＨＺＣ", "海子"])
def test_both_villages_of_one_name_are_answered_with_what_tells_them_apart(client, two_villages, asked):
    answer = search(client, asked)
    assert answer["total"] == 2
    assert {item["id"] for item in answer["items"]} == {f"village:{CODE}", "village:620721202205"}
    assert len({item["detail"] for item in answer["items"]}) == 2


def test_a_candidate_is_a_map_object_in_a_list_of_the_contract(client, two_villages):
    answer = search(client, "小海子", limit=1)
    assert (answer["limit"], answer["offset"], len(answer["items"])) == (1, 0, 1)
    assert "offset=1" in answer["links"]["next"]
    item = answer["items"][0]
    assert item["geometry"] == {"type": "Point", "coordinates": [item["lon"], item["lat"]]}
    assert item["bbox"][0] <= item["lon"] <= item["bbox"][2]
    assert (item["kind"], item["matched"], item["matched_text"]) == ("village", "name", "小海子村")
    collection = client.get("/api/places", params={"q": "小海子"}, headers={"Accept": "application/geo+json"})
    assert len(collection.json()["features"]) == 2


def test_what_nobody_is_called_finds_nothing_and_an_empty_question_is_refused(client, two_villages):
    assert search(client, "没有这个地方")["items"] == []
    assert client.get("/api/places", params={"q": ""}).status_code == 422
    assert client.get("/api/places").status_code == 422


@pytest.mark.parametrize("asked", ["99.80,39.33", "39.33 99.80", "99°48′E 39°19.8′N"])
def test_typed_coordinates_are_a_candidate_with_their_village(client, two_villages, asked):
    item = search(client, asked)["items"][0]
    assert (item["kind"], item["village"]) == ("coordinates", "小海子村")
    assert item["geometry"]["coordinates"] == pytest.approx([99.80, 39.33])


@pytest.mark.parametrize("asked", ["G312 K1+300", "g312k1.3", "312国道1公里300米", "Ｇ３１２ Ｋ１＋３００"])
def test_a_stake_is_placed_to_the_metre(client, load, asked):
    load("roads", road("G312", synthetic=True))
    answer = search(client, asked)
    assert answer["total"] == 1
    item = answer["items"][0]
    assert (item["kind"], item["name"]) == ("stake", "G312 K1+300")
    start = shapely.Point(99.80, 39.31)
    points = gpd.GeoSeries([start, shapely.Point(item["lon"], item["lat"])], crs=4490).to_crs(METRIC)
    assert points[0].distance(points[1]) == pytest.approx(1300.0, abs=0.1)


def test_a_whole_kilometre_is_answered_once(client, load):
    load("roads", road("G312", synthetic=True))
    assert [item["id"] for item in search(client, "G312 K2")["items"]] == ["stake:G312:2000"]


def test_a_stake_beyond_the_road_answers_the_road_and_says_why(client, load):
    load("roads", road("G312", synthetic=True))
    item = search(client, "G312 K99")["items"][0]
    assert (item["id"], item["matched"]) == ("road:G312", "road")
    assert tells(item["detail"], "桩号不在已绘道路范围内")


def test_a_true_road_has_no_stakes_until_somebody_tells_where_they_begin(client, load, deployment):
    load("roads", road("G312", synthetic=False))
    item = search(client, "G312 K2613")["items"][0]
    assert item["kind"] == "road"
    assert tells(item["detail"], "里程桩起点未登记，不能推算桩号位置；请管理员运行 anzhi place stakes 登记")
    with deployment.sessions.begin() as session:
        service.tell_stakes(Work(session, deployment), "G312", west_end_km=2612.5, eastward=True, author="console")
    assert search(client, "G312 K2613")["items"][0]["id"] == "stake:G312:2613000"
    with deployment.sessions.begin() as session, pytest.raises(NotFound):
        service.tell_stakes(Work(session, deployment), "G999", west_end_km=1, eastward=True, author="console")


def test_an_officer_names_an_alias_and_everybody_finds_it(client, two_villages, officer, deployment):
    made = client.post("/api/places/aliases", json={"name": f"village:{CODE}", "alias": "湾子上"}, headers=officer)
    assert made.status_code == 201
    assert client.get(made.headers["location"]).json() == made.json()
    item = search(client, "wanzishang")["items"][0]
    assert (item["id"], item["matched"], item["matched_text"]) == (f"village:{CODE}", "alias", "湾子上")
    assert client.get("/api/places/aliases").json()["items"] == [made.json()]
    assert client.delete(made.headers["location"], headers=officer).status_code == 204
    assert search(client, "湾子上")["total"] == 0
    assert client.delete(made.headers["location"], headers=officer).status_code == 404
    with deployment.sessions() as session:
        actions = session.scalars(text("SELECT action FROM audit_entries WHERE action LIKE '%alias' ORDER BY id")).all()
    assert actions == ["add place alias", "remove place alias"]


def test_an_alias_for_a_name_two_places_have_is_refused_with_both_ids(client, two_villages, officer):
    answer = client.post("/api/places/aliases", json={"name": "小海子村", "alias": "湾子上"}, headers=officer)
    assert answer.status_code == 409
    assert f"village:{CODE}" in answer.json()["detail"]
    assert "village:620721202205" in answer.json()["detail"]


def give(client, officer, alias: str, place: str = f"village:{CODE}"):
    return client.post("/api/places/aliases", json={"name": place, "alias": alias}, headers=officer)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("", "请写一个名称"),
        (" \u3000 ", "请写一个名称"),
        ("湾" * 101, "最多 100 个字"),
        ("湾子\n上", "控制字符"),
        ("湾子\x00上", "控制字符"),
        ("湾子\u202e上", "控制字符"),
        ("湾\u200b子", "控制字符"),
        ("——", "没有文字或数字"),
    ],
)
def test_what_is_no_name_is_refused_with_the_place_and_what_to_do(client, two_villages, officer, typed, advice):
    answer = give(client, officer, typed)
    assert answer.status_code == 422
    assert advice in answer.json()["detail"]
    assert "小海子村" in answer.json()["detail"]
    assert [error["field"] for error in answer.json()["errors"]] == ["alias"]
    assert client.get("/api/places/aliases").json()["total"] == 0


def test_the_longest_alias_is_still_found_by_all_its_letters(client, two_villages, officer):
    longest = "湾" * 100
    assert give(client, officer, longest).status_code == 201
    assert [item["id"] for item in search(client, longest)["items"]] == [f"village:{CODE}"]


def test_an_alias_is_kept_without_the_space_around_it(client, two_villages, officer):
    assert give(client, officer, "  湾子　上 ").json()["alias"] == "湾子 上"


@pytest.mark.parametrize("again", ["湾子上", " 湾子上 ", "湾子·上", "湾 子 上"])
def test_the_same_alias_twice_is_told_and_nothing_is_written(client, two_villages, officer, deployment, again):
    give(client, officer, "湾子上")
    answer = give(client, officer, again)
    assert answer.status_code == 409
    assert "小海子村" in answer.json()["detail"]
    assert client.get("/api/places/aliases").json()["total"] == 1
    with deployment.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entries WHERE action = 'add place alias'")) == 1


def test_two_people_who_give_one_alias_at_once_write_it_once(two_villages, deployment):
    def add(author: str) -> str:
        with deployment.sessions.begin() as session:
            try:
                service.add_alias(session, f"village:{CODE}", "湾子上", author=author)
            except Refused:
                return "told"
            return "written"

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(add, ("li", "wu", "zhao", "sun"))) == ["told", "told", "told", "written"]


def test_two_places_may_carry_one_alias_and_every_search_offers_both(client, two_villages, officer):
    other = "village:620721202205"
    assert give(client, officer, "湾子上").status_code == 201
    called = client.get("/api/places/called", params={"name": "湾子上"}).json()
    assert [item["id"] for item in called["items"]] == [f"village:{CODE}"]
    assert give(client, officer, "湾子上", other).status_code == 201
    for asked in ("湾子上", "wanzishang", "wzs"):
        answer = search(client, asked)
        assert (answer["total"], {item["matched"] for item in answer["items"]}) == (2, {"alias"})
    assert client.get("/api/places/called", params={"name": "湾子上"}).json()["total"] == 2


def test_who_is_called_so_is_asked_by_the_whole_name(client, two_villages):
    def called(name: str) -> int:
        return client.get("/api/places/called", params={"name": name}).json()["total"]

    assert (called("小海子村"), called("小海"), called("xhz")) == (2, 0, 0)


def test_the_aliases_of_one_place_are_listed_with_who_gave_them(client, two_villages, officer):
    give(client, officer, "湾子上")
    give(client, officer, "河湾", "village:620721202205")
    of_one = client.get("/api/places/aliases", params={"place": f"village:{CODE}"}).json()
    assert [(item["alias"], item["created_by"]) for item in of_one["items"]] == [("湾子上", "token:test")]
    assert of_one["items"][0]["created_at"]
    assert client.get("/api/places/aliases", params={"place": "a\x00b"}).status_code == 422


def test_points_that_are_no_place_cannot_be_named(client, load):
    load("roads", road("G312", synthetic=True))
    told = {asked: search(client, asked)["items"][0] for asked in ("99.80,39.33", "G312 K1+300", "G312 K1", "G312")}
    assert [item["nameable"] for item in told.values()] == [False, False, True, True]


def test_every_candidate_that_is_said_to_be_nameable_takes_an_alias(client, load, officer):
    load("roads", road("G312", synthetic=True))
    for item in search(client, "G312")["items"]:
        assert item["nameable"]
        assert give(client, officer, "老路", item["id"]).status_code == 201
    refused = give(client, officer, "老路", "stake:G312:1300")
    assert refused.status_code == 404
    assert tells(
        refused.json()["detail"], "没有叫 {name} 的地方，它可能已不在台账中；请重新查找（GET /api/places?q=）后再试"
    )


def test_an_alias_stays_with_an_enterprise_that_is_imported_again(client, deployment, officer, tmp_path):
    def deliver(name: str) -> None:
        file = tmp_path / f"{name}.gpkg"
        columns = {"name": [name], "credit_code": ["91350100M000100Y43"], "sector": ["化工"]}
        gpd.GeoDataFrame(columns, geometry=[shapely.Point(99.80, 39.31)], crs=4490).to_file(file)
        with deployment.sessions.begin() as session:
            report = import_enterprises(Work(session, deployment), file, ReadingOptions(), author="officer").report
        assert report.features_loaded == 1, report

    deliver("示范化工厂")
    give(client, officer, "老药厂", search(client, "示范化工厂")["items"][0]["id"])
    deliver("示范新材料公司")
    found = search(client, "laoyaochang")["items"]
    assert [(item["name"], item["matched_text"]) for item in found] == [("示范新材料公司", "老药厂")]


def test_a_browser_that_shows_no_token_of_its_page_writes_no_alias(deployment, two_villages):
    add_account(deployment, "li", Role.OFFICER)
    visitor = browser(create_app(deployment, loopback=True))
    sign_in(visitor, "li")
    body = {"name": f"village:{CODE}", "alias": "湾子上"}
    token = visitor.headers.pop("X-CSRF-Token")
    assert visitor.post("/api/places/aliases", json=body).json()["code"] == "csrf"
    visitor.headers["X-CSRF-Token"] = token
    made = visitor.post("/api/places/aliases", json=body)
    assert (made.status_code, made.json()["created_by"]) == (201, "li")
    assert audited(deployment)[-1] == ("li", "add place alias")


@pytest.mark.parametrize(("role", "offered"), [(Role.OFFICER, True), (Role.ADMIN, True), (Role.VIEWER, False)])
def test_only_who_may_name_places_is_offered_it_on_pages(deployment, two_villages, role, offered):
    add_account(deployment, "li", role)
    visitor = browser(create_app(deployment, loopback=True))
    sign_in(visitor, "li")
    page = visitor.get("/registers/villages").text
    assert (re.search(r"/aliases[\w.-]*\.js", page) is not None, "data-name-place" in page, 'role="grid"' in page) == (
        offered,
    ) * 3


def test_a_register_shows_what_its_places_are_called_too(client, two_villages, officer):
    give(client, officer, "湾子上")
    give(client, officer, "河湾")
    assert "又称 湾子上、河湾" in client.get("/registers/villages").text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "无此村", "alias": "湾子上"}, 404),
        ({"name": f"village:{CODE}", "alias": "小海子村"}, 409),
        ({"name": "village\x00", "alias": "湾子上"}, 422),
        ({"name": f"village:{CODE}", "alias": "湾" * 5000}, 422),
        ({"name": f"village:{CODE}"}, 422),
    ],
)
def test_an_alias_that_makes_no_sense_is_refused(client, two_villages, officer, body, status):
    assert client.post("/api/places/aliases", json=body, headers=officer).status_code == status


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PLANNER, Role.DISPATCHER, Role.APPROVER])
def test_only_officers_and_admins_give_aliases(client, two_villages, token, role):
    headers = {"Authorization": f"Bearer {token(role)}"}
    body = {"name": f"village:{CODE}", "alias": "湾子上"}
    assert client.post("/api/places/aliases", json=body, headers=headers).status_code == 403
    assert client.delete("/api/places/aliases/1", headers=headers).status_code == 403
    admin = {"Authorization": f"Bearer {token(Role.ADMIN)}"}
    assert client.post("/api/places/aliases", json=body, headers=admin).status_code == 201


def test_an_imported_village_is_found_at_once(client, deployment, tmp_path):
    file = tmp_path / "villages.gpkg"
    villages(("新坝示范村", "620724103201", 99.80)).to_file(file)
    with deployment.sessions.begin() as session:
        import_places(Work(session, deployment), "villages", file, ReadingOptions(), author="officer")
    assert [item["name"] for item in search(client, "xbsf")["items"]] == ["新坝示范村"]
