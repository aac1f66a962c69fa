"""Zones, editions, the town and its tiles, as clients read them."""

import gzip

import geopandas as gpd
import mapbox_vector_tile
import pytest
import shapely
from sqlalchemy import text

from gis_layers.stores import places
from tests.app.conftest import GROUND, site

SQUARE = shapely.box(99.80, 39.30, 99.81, 39.31)
AWAY = shapely.box(99.85, 39.35, 99.86, 39.36)
TILE = "/tiles/zones/10/795/390.mvt"


@pytest.fixture
def boundary(deployment) -> None:
    lay_boundary(deployment)


def lay_boundary(deployment) -> None:
    with deployment.sessions.begin() as session:
        places.save_boundary(session, code="T", name="试验镇", geometry=GROUND, synthetic=True)


def test_a_list_has_the_shape_of_the_contract(client, publish):
    publish("geological", SQUARE, AWAY, grade=("高", 2, "geo4"), name="试验区")
    answer = client.get("/api/zones", params={"limit": 1}).json()
    assert (answer["total"], answer["limit"], answer["offset"]) == (2, 1, 0)
    assert "offset=1" in answer["links"]["next"]
    item = answer["items"][0]
    assert item["id"] == item["zone"]
    assert item["geometry"]["type"] == "MultiPolygon"
    assert (item["grade"], item["grade_rank"], item["grade_scheme"]) == ("高", 2, "geo4")
    last = client.get("/api/zones", params={"limit": 1, "offset": 1}).json()
    assert "prev" in last["links"]
    assert "next" not in last["links"]


def test_whoever_accepts_geojson_gets_a_feature_collection(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    answer = client.get("/api/zones", headers={"Accept": "application/geo+json"})
    assert answer.headers["content-type"].startswith("application/geo+json")
    feature = answer.json()["features"][0]
    assert feature["properties"]["hazard"] == "geological"
    assert shapely.geometry.shape(feature["geometry"]).equals(SQUARE)


def test_zones_are_found_by_hazard_product_window_and_edition(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    publish("flood", AWAY, grade=("中", 3, "flood4"))
    total = {
        key: client.get("/api/zones", params=query).json()["total"]
        for key, query in {
            "hazard": {"hazard": "flood"},
            "product": {"product": "risk_all"},
            "window": {"bbox": "99.79,39.29,99.82,39.32"},
            "then": {"as_of": 1},
        }.items()
    }
    assert total == {"hazard": 1, "product": 0, "window": 1, "then": 1}


def test_the_past_is_asked_for_by_edition_by_date_or_by_moment(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    published = client.get("/api/editions").json()["items"][0]["published_at"]
    publish("flood", AWAY, grade=("中", 3, "flood4"))
    totals = {
        as_of: client.get("/api/zones", params={"as_of": as_of}).json()["total"]
        for as_of in ("1", "2", published, "2020-01-01", "2999-01-01", "2020-01-01T08:00:00")
    }
    assert list(totals.values()) == [1, 2, 1, 0, 2, 0]
    assert client.get("/api/zones", params={"as_of": "yesterday"}).status_code == 422


@pytest.mark.parametrize("bbox", ["1,2,3", "a,b,c,d", "99,39,98,40", "99,39,999,40"])
def test_a_window_that_makes_no_sense_is_named(client, bbox):
    answer = client.get("/api/zones", params={"bbox": bbox})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "bbox"


def test_a_zone_tells_its_history(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    zone = client.get("/api/zones").json()["items"][0]["id"]
    assert client.get(f"/api/zones/{zone}").json()["version"] == 1
    assert client.get(f"/api/zones/{zone}/history").json()["total"] == 1
    missing = client.get("/api/zones/999999")
    assert missing.status_code == 404
    assert missing.json()["title"] == "没有找到"


def test_editions_are_listed_newest_first(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    publish("flood", SQUARE, grade=("高", 2, "flood4"))
    numbers = [item["number"] for item in client.get("/api/editions").json()["items"]]
    assert numbers == [2, 1]


def test_health_tells_the_edition_and_503_when_the_database_is_gone(client, publish, deployment, monkeypatch):
    assert client.get("/health").json()["edition"] is None
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    assert client.get("/health").json() == {
        "status": "ok", "database": "ok", "disk": "ok", "edition": 1, "version": "0.1.0",
    }  # fmt: skip
    from gis_layers.database import open_engine

    gone = open_engine("postgresql+psycopg2://nobody@/none?host=/nonexistent")
    monkeypatch.setitem(deployment.sessions.kw, "bind", gone)
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == "gone"
    refused = client.get("/api/zones")
    assert refused.status_code == 503
    assert "anzhi doctor" in refused.json()["detail"]


def test_a_commit_that_fails_is_an_error_and_never_a_success(client, deployment):
    """The session's function scope: the commit happens before the answer leaves."""
    from app.http.dependencies import SessionOf

    app = client.app

    @app.post("/test/deferred")
    def write(session: SessionOf) -> dict[str, bool]:
        session.execute(
            text("INSERT INTO drafts (name, created_by, state, edition) VALUES ('a', 'b', 'published', 99)")
        )
        return {"saved": True}

    answer = client.post("/test/deferred")
    assert answer.status_code == 500
    with deployment.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM drafts").scalar() == 0


def test_a_tile_decodes_to_the_zones_in_it(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"), name="试验区")
    answer = client.get(TILE, headers={"Accept-Encoding": "gzip"})
    layer = mapbox_vector_tile.decode(answer.content)["zones"]
    properties = layer["features"][0]["properties"]
    assert answer.headers["content-encoding"] == "gzip"
    assert properties["grade"] == "高"
    assert properties["zone"]
    west = layer["features"][0]["geometry"]["coordinates"]
    assert west


def test_a_tile_is_tagged_by_the_edition_and_answers_304(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    tag = client.get(TILE).headers["etag"]
    assert client.get(TILE, headers={"If-None-Match": tag}).status_code == 304
    publish("flood", SQUARE, grade=("高", 2, "flood4"))
    assert client.get(TILE, headers={"If-None-Match": tag}).status_code == 200


def test_tiles_that_hold_nothing_or_do_not_exist_say_so(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    assert client.get("/tiles/zones/10/1/1.mvt").status_code == 204
    assert client.get("/tiles/nothing/10/1/1.mvt").status_code == 404
    assert client.get("/tiles/zones/3/9/1.mvt").status_code == 404


def test_the_town_tells_what_is_published_and_what_nobody_surveyed(client, publish, boundary):
    half = shapely.box(99.70, 39.20, 99.80, 39.40)
    publish("flood", shapely.box(99.71, 39.21, 99.72, 39.22), grade=("高", 2, "flood4"), extent=half)
    town = client.get("/api/overview").json()
    layer = town["layers"][0]
    assert town["edition"]["number"] == 1
    assert (layer["hazard"], layer["count"], layer["grades"][0]["name"]) == ("flood", 1, "高")
    assert layer["unsurveyed_share"] == pytest.approx(0.5, abs=0.01)
    assert layer["ungraded_share"] == pytest.approx(0.4975, abs=0.002)
    unsurveyed = client.get("/api/surveys/unsurveyed", params={"hazard": "flood"}).json()
    assert len(unsurveyed["features"]) == 1
    everything = client.get("/api/surveys/unsurveyed", params={"hazard": "fault"}).json()
    assert shapely.geometry.shape(everything["features"][0]["geometry"]).area == pytest.approx(GROUND.area, rel=1e-6)
    assert client.get("/api/surveys/unsurveyed", params={"hazard": "sharks"}).status_code == 404


def test_all_hazards_together_are_known_only_where_each_of_them_is(client, publish, boundary):
    half = shapely.box(99.70, 39.20, 99.80, 39.40)
    publish("flood", shapely.box(99.71, 39.21, 99.72, 39.22), grade=("高", 2, "flood4"), extent=half)
    publish("composite", AWAY, grade=("低", 5, "comp5"), product="risk_all", extent=GROUND)
    layers = {layer["hazard"]: layer for layer in client.get("/api/overview").json()["layers"]}
    assert layers["composite"]["unsurveyed_share"] == pytest.approx(0.5, abs=0.01)
    unknown = client.get("/api/surveys/unsurveyed", params={"hazard": "composite"}).json()["features"]
    (ground,) = (shapely.geometry.shape(feature["geometry"]) for feature in unknown)
    assert ground.intersection(half).area < 1e-3 * half.area
    assert ground.contains(AWAY)
    assert [feature["properties"]["lacking"] for feature in unknown] == [["flood"]]
    assert layers["composite"]["grades"][0]["area_m2"] == pytest.approx(0, abs=1)
    assert layers["composite"]["ungraded_share"] == pytest.approx(0.5, abs=0.01)


def test_unsurveyed_ground_tells_its_villages_and_who_lives_there(client, deployment, publish, boundary):
    frame = gpd.GeoDataFrame(
        {"code": ["v1", "v2"], "name": ["西村", "东村"], "population": [1000, 200]},
        geometry=[shapely.multipolygons([shapely.box(west, 39.20, west + 0.10, 39.40)]) for west in (99.70, 99.80)],
        crs=4490,
    )
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame)
    surveyed = shapely.box(99.70, 39.20, 99.85, 39.40)
    publish("flood", shapely.box(99.71, 39.21, 99.72, 39.22), grade=("高", 2, "flood4"), extent=surveyed)
    (piece,) = client.get("/api/surveys/unsurveyed", params={"hazard": "flood"}).json()["features"]
    told = piece["properties"]
    assert (told["hazard"], told["lacking"], told["villages"]) == ("flood", ["flood"], ["东村"])
    assert told["people"] == pytest.approx(100, abs=1)
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE villages SET population = NULL WHERE name = '东村'"))
    (piece,) = client.get("/api/surveys/unsurveyed", params={"hazard": "flood"}).json()["features"]
    assert piece["properties"]["people"] is None


def test_a_new_edition_or_boundary_changes_at_once_what_nobody_surveyed(client, deployment, publish):
    def unknown_km2() -> float:
        found = client.get("/api/surveys/unsurveyed", params={"hazard": "flood"}).json()["features"]
        return sum(feature["properties"]["area_m2"] for feature in found) / 1e6

    west, east = shapely.box(99.70, 39.20, 99.80, 39.40), shapely.box(99.80, 39.20, 99.90, 39.40)
    publish("flood", shapely.box(99.71, 39.21, 99.72, 39.22), grade=("高", 2, "flood4"), extent=west)
    assert unknown_km2() == 0
    lay_boundary(deployment)
    assert unknown_km2() == pytest.approx(191, abs=1)
    publish("flood", shapely.box(99.81, 39.21, 99.82, 39.22), grade=("高", 2, "flood4"), extent=east)
    assert unknown_km2() < 0.1


def test_the_rulebook_gives_every_rule_its_basis(client):
    book = client.get("/api/rulebook").json()
    text_of = str(book)
    assert len(book["fingerprint"]) == 64
    assert "394" in text_of


def test_the_ground_is_served_as_collections(client, boundary):
    for kind in ("villages", "roads", "water", "boundary", "relief"):
        assert client.get(f"/api/basemap/{kind}").json()["type"] == "FeatureCollection"
    assert client.get("/api/basemap/secrets").status_code == 422


def test_a_check_is_not_stored(client, deployment, surveyed):
    client.post("/api/siting/check", json=site(SQUARE))
    with deployment.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM projects").scalar() == 0


def test_tiles_are_not_squeezed_for_those_who_cannot_unpack_them(client, publish):
    publish("geological", SQUARE, grade=("高", 2, "geo4"))
    plain = client.get(TILE, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(plain.content)
