"""The gazetteer over HTTP, and what imports and the console do to it."""

from functools import partial

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from app.deployment import Deployment
from app.errors import NotFound
from app.exchange.service import import_places
from app.places import service
from app.security import Role
from gis_layers.exchange import ReadingOptions
from gis_layers.stores import places
from gis_layers.stores.gazetteer import refresh_names
from tests.app.conftest import METRIC
from tests.app.grounds import ground

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


@ground()
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
    assert "不在已绘道路范围内" in item["detail"]


def test_a_true_road_has_no_stakes_until_somebody_tells_where_they_begin(client, load, deployment):
    load("roads", road("G312", synthetic=False))
    item = search(client, "G312 K2613")["items"][0]
    assert item["kind"] == "road"
    assert "起点未登记" in item["detail"]
    with deployment.sessions.begin() as session:
        service.tell_stakes(session, deployment, "G312", west_end_km=2612.5, eastward=True, author="console")
    assert search(client, "G312 K2613")["items"][0]["id"] == "stake:G312:2613000"
    with deployment.sessions.begin() as session, pytest.raises(NotFound):
        service.tell_stakes(session, deployment, "G999", west_end_km=1, eastward=True, author="console")


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


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "无此村", "alias": "湾子上"}, 404),
        ({"name": f"village:{CODE}", "alias": "小海子村"}, 409),
        ({"name": f"village:{CODE}", "alias": " "}, 422),
        ({"name": f"village:{CODE}", "alias": "——"}, 422),
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
        import_places(session, deployment, "villages", file, ReadingOptions(), author="officer")
    assert [item["name"] for item in search(client, "xbsf")["items"]] == ["新坝示范村"]
