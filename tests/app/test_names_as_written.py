"""Names as people write them: every register takes them, every list and page shows them, every search finds them."""

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from app.exchange.enterprises import import_enterprises, import_hidden_dangers
from app.exchange.registers import import_register
from app.exchange.service import import_places
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.exchange import ReadingOptions
from tests.saying import tells

SIGNS = (
    "***",
    "×××",
    "（）",
    "？",
    "😀",
    "<!-- -->",
    "<script>",
    "%",
    "_",
    "' --",
    "=1+1",
    "{name}",
    "%s",
    "\x0b祁",
    "祁连",
)
PLAIN = ReadingOptions()
PAGES = ("/", "/enterprises", "/registers/enterprises", "/registers/villages", "/registers/stations", "/registers/forces",
         "/registers/facilities", "/enterprises/list.xlsx", "/downloads/enterprises.xlsx", "/downloads/enterprises.csv",
         "/downloads/enterprises.gpkg", "/enterprises/1", "/api/enterprises?limit=1000", "/api/hidden-dangers", "/kpi",
         "/maps/hazards", "/api/villages", "/tiles/enterprises/10/795/390.mvt")  # fmt: skip


def points(**columns) -> gpd.GeoDataFrame:
    places = [shapely.Point(99.75 + number / 1000, 39.25) for number in range(len(SIGNS))]
    return gpd.GeoDataFrame(
        {"name": SIGNS, **{key: [value] * len(SIGNS) for key, value in columns.items()}}, geometry=places, crs=4490
    )


def written(folder, name: str, frame: gpd.GeoDataFrame):
    frame.to_file(folder / name)
    return folder / name


@pytest.fixture
def named(deployment, tmp_path) -> None:
    boxes = [shapely.box(99.75 + n / 1000, 39.25, 99.7509 + n / 1000, 39.26) for n in range(len(SIGNS))]
    villages = gpd.GeoDataFrame(
        {"name": SIGNS, "code": [f"6207241022{n:02d}" for n in range(len(SIGNS))]}, geometry=boxes, crs=4490
    )
    dangers = points(state="registered", found_on="2026-01-01").assign(danger_code=SIGNS, enterprise=SIGNS)
    with deployment.sessions.begin() as session:
        reports = [
            import_places(Work(session, deployment), "villages", written(tmp_path, "v.gpkg", villages), PLAIN, author="a"),
            import_enterprises(Work(session, deployment), written(tmp_path, "e.gpkg", points(sector="other")), PLAIN, author="a"),
            *(import_register(Work(session, deployment), register, written(tmp_path, f"{register}.gpkg", points(kind=kind)), PLAIN, author="a")
              for register, kind in (("stations", "fire"), ("forces", "fire"), ("facilities", "school"))),
            import_hidden_dangers(Work(session, deployment), written(tmp_path, "d.gpkg", dangers), PLAIN, author="a"),
        ]  # fmt: skip
    assert [
        (report.features_loaded, report.problems)
        for report in (one.report for one in reports)
        if report.features_loaded != len(SIGNS)
    ] == []


def test_an_import_of_such_names_loses_nothing_and_every_page_shows_them(client, named):
    for path in PAGES:
        assert client.get(path).status_code == 200, path
    shown = {item["name"] for item in client.get("/api/enterprises?limit=1000").json()["items"]}
    assert {name.strip() for name in SIGNS} <= shown
    for name in SIGNS:
        found = client.get("/api/places", params={"q": name.strip(), "limit": 1000}).json()["items"]
        assert {"village", "enterprise", "station", "facility"} <= {
            item["kind"] for item in found if item["name"] == name.strip()
        }, name
        assert client.get("/api/enterprises", params={"q": name.strip()}).json()["total"] >= 1, name


@pytest.mark.parametrize("name", SIGNS[::4])
def test_an_enterprise_and_a_baseline_and_a_danger_are_called_so_by_request(client, token, name):
    client.headers["Authorization"] = f"Bearer {token(Role.OFFICER)}"
    here = {"type": "Point", "coordinates": [99.8, 39.3]}
    made = client.post("/api/enterprises", json={"name": name, "geometry": here, "address": name})
    assert made.status_code == 201, made.text
    assert client.get(made.headers["location"]).json()["name"] == name.strip()
    danger = {
        "code": name,
        "place": name,
        "channel": "self",
        "found_on": "2026-01-01",
        "geometry": here,
        "enterprise_id": made.json()["id"],
    }
    assert client.post("/api/hidden-dangers", json=danger).status_code == 201
    again = client.post("/api/hidden-dangers", json=danger)
    assert again.status_code == 409
    assert client.get("/enterprises", params={"q": name}).status_code == 200


@pytest.mark.parametrize("name", [" ", "\u3000", ""])
def test_only_space_is_no_name_and_the_field_is_told(client, token, name):
    client.headers["Authorization"] = f"Bearer {token(Role.OFFICER)}"
    here = {"type": "Point", "coordinates": [99.8, 39.3]}
    answer = client.post("/api/enterprises", json={"name": name, "geometry": here})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["body.name"])


def test_what_no_database_holds_is_noted_in_a_delivery_and_costs_that_value_alone(deployment, tmp_path):
    lines = [
        "name,lon,lat,staff,address,crew",
        "a\x00b,99.8,39.3,1,x,1",
        "乙,99.8,39.3,99999999999999999999,c\x00d,1e308",
    ]
    path = tmp_path / "e.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    with deployment.sessions.begin() as session:
        report = import_enterprises(Work(session, deployment), path, PLAIN, author="a").report
        stations = import_register(Work(session, deployment), "stations", path, PLAIN, author="a").report
    assert (report.features_loaded, report.features_refused, stations.features_loaded) == (1, 1, 1)
    told = " ".join(problem.problem for problem in report.problems)
    assert tells(told, "「{column}」含不能保存的字符（空字符或半个字符）；此值按缺失处理")
    assert tells(told, "数字太大：{value}")
    assert "\x00" not in str(report.to_dict())


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def test_what_only_the_database_can_know_is_told_by_field(client, token, deployment):
    """Two officers register one code at the same moment: neither sees the other's, and only the database can tell."""
    client.headers["Authorization"] = f"Bearer {token(Role.OFFICER)}"
    here = {"type": "Point", "coordinates": [99.8, 39.3]}
    danger = {"code": "YH-1", "channel": "self", "found_on": "2026-01-01", "geometry": here}
    with deployment.engine.connect() as other, ThreadPoolExecutor(1) as second:
        other.execute(text(FIRST))
        asked = second.submit(client.post, "/api/hidden-dangers", json=danger)
        with deployment.engine.connect() as looking:
            while not looking.scalar(text(WAITING)) and not asked.done():
                looking.rollback()
        other.commit()
        answer = asked.result()
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == ["code"]


FIRST = """INSERT INTO hidden_dangers (code, state, channel, supervision, found_on, geom)
VALUES ('YH-1', 'registered', 'self', 'none', '2026-01-01', 'SRID=4490;POINT(99.8 39.3)')"""
