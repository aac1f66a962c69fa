"""From a thing on the map to its row: the service turns the register, or the list of a run, to the page it stands on."""

import re

import geopandas as gpd
import pytest
import shapely

from app.assessments.run_view import LISTED, page_of_area
from app.assessments.service import GradingOrder, grade_town
from app.main import create_app
from app.platform.principals import Role
from app.platform.work import Work
from app.registers.pages import ROWS
from gis_layers.stores import places, runs
from gis_layers.stores.town import append_register
from tests.app.visitors import add_account, browser, sign_in
from tests.saying import tells

MANY = 2 * ROWS + 7
GROUND = shapely.box(99.70, 39.20, 99.90, 39.40)


@pytest.fixture
def enterprises(deployment) -> None:
    """Two full pages of enterprises and a part of a third, the last by id the first by staff."""
    points = [shapely.Point(99.75 + number / 10_000, 39.31) for number in range(MANY)]
    columns = {
        "name": [f"示范厂{number}" for number in range(MANY)],
        "sector": ["chemical" if number % 2 else "food" for number in range(MANY)],
        "staff": [MANY - number for number in range(MANY)],
    }
    with deployment.sessions.begin() as session:
        append_register(session, "enterprises", gpd.GeoDataFrame(columns, geometry=points, crs=4490))


def shown(client, address: str) -> tuple[list[str], str | None, str]:
    """The keys of the rows on the page, the key of the marked one, and the page."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    marked = re.search(r'<tr id="row-(\w+)" aria-current="true"[^>]*>', answer.text)
    return re.findall(r'<tr id="row-(\w+)"', answer.text), marked and marked[1], answer.text


def ids(client) -> list[int]:
    return [item["id"] for item in client.get("/api/enterprises?limit=1000").json()["items"]]


def test_a_row_on_a_later_page_is_shown_and_marked(client, enterprises):
    for number in sorted(ids(client))[:: ROWS - 1]:
        rows, marked, page = shown(client, f"/registers/enterprises?row={number}")
        assert str(number) in rows
        assert marked == str(number)
        assert page.count('id="marked"') == 1


def test_a_row_is_found_in_the_order_and_with_the_filter_that_are_asked_for(client, enterprises):
    last = max(ids(client))
    _, marked, page = shown(client, f"/registers/enterprises?row={last}&sort=staff")
    assert (marked, tells(page, "第 %(page)s / %(pages)s 页", page=1, pages=3)) == (str(last), True)
    _, marked, page = shown(client, f"/registers/enterprises?row={last}&sort=staff&down=true")
    assert (marked, tells(page, "第 %(page)s / %(pages)s 页", page=3, pages=3)) == (str(last), True)
    _, marked, page = shown(client, f"/registers/enterprises?row={last}&kind=food")
    assert (marked, tells(page, "第 %(page)s / %(pages)s 页", page=2, pages=2)) == (str(last), True)


@pytest.mark.parametrize("row", ["999999", "none", "code:7", "1 OR 1=1"])
def test_a_row_that_is_not_there_is_said_and_the_register_shown(client, enterprises, row):
    rows, marked, page = shown(client, f"/registers/enterprises?row={row}")
    assert (len(rows), marked) == (ROWS, None)
    assert tells(page, "没有找到要看的那一行：它可能已从台账中删去，或区划已更新。")


def test_a_register_that_is_asked_for_no_row_misses_none(client, enterprises):
    assert not tells(
        client.get("/registers/enterprises").text, "没有找到要看的那一行：它可能已从台账中删去，或区划已更新。"
    )
    assert client.get("/registers/enterprises?row=a%00b").status_code == 422


def test_a_village_is_found_by_its_code_too(client, deployment):
    shape = [shapely.multipolygons([shapely.box(99.75, 39.30, 99.77, 39.32)])]
    frame = gpd.GeoDataFrame({"code": ["v1"], "name": ["西村"], "population": [9]}, geometry=shape, crs=4490)
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame)
    rows, marked, _ = shown(client, "/registers/villages?row=code:v1")
    assert [marked] == rows


def test_a_zone_is_found_by_its_lasting_number(client, publish):
    publish("flood", GROUND, grade=("极高", 1, "flood4"))
    zone = client.get("/api/zones").json()["items"][0]["id"]
    assert shown(client, f"/registers/zones?row={zone}")[1] == str(zone)


def test_the_page_of_an_enterprise_leads_to_its_row(client, enterprises):
    number = ids(client)[0]
    assert f'href="/registers/enterprises?row={number}#marked"' in client.get(f"/enterprises/{number}").text


def test_a_row_that_leads_to_the_map_is_known_there_by_its_number(client, deployment):
    group = gpd.GeoDataFrame({"name": ["三社"]}, geometry=[shapely.Point(99.8, 39.33)], crs=4490)
    with deployment.sessions.begin() as session:
        append_register(session, "groups", group)
    number = client.get("/api/groups").json()["items"][0]["id"]
    assert f"row={number}" in re.search(r'href="(/\?[^"]*kind=group[^"]*)"', client.get("/registers/groups").text)[1]


@pytest.fixture
def graded(deployment, surveyed, publish) -> int:
    """A run of more cells than a page of the list holds; some of a grade, some of another, some unsurveyed."""
    publish("earthquake", GROUND, grade=("低", 5, "quake5"))
    publish("meteorological", GROUND, grade=("低", 4, "met4"))
    publish("flood", shapely.box(99.87, 39.30, 99.88, 39.32), grade=("极高", 1, "flood4"))
    with deployment.sessions.begin() as session:
        places.save_boundary(
            session, code="1", name="镇", geometry=shapely.box(99.87, 39.30, 99.92, 39.33), synthetic=True
        )
        return grade_town(Work(session, deployment), GradingOrder("grid", "officer", 200.0)).id


@pytest.mark.parametrize("product", ["hazard", "risk"])
def test_every_area_stands_on_the_page_that_is_told_of_it(deployment, graded, product):
    with deployment.sessions.begin() as session:
        run = runs.find_run(session, graded)
        assert run.area_count > LISTED
        assert None in (grades := set(runs.read_areas(session, graded)["grade_rank"]))
        assert len(grades) > 2
        for page in range(1, -(-run.area_count // LISTED) + 1):
            listed = runs.read_areas(
                session, graded, by_risk=product == "risk", limit=LISTED, offset=LISTED * (page - 1)
            )
            for area in (*listed["id"][:3], *listed["id"][-3:]):
                assert page_of_area(session, run, int(area), product=product) == page
        assert page_of_area(session, run, 10**9, product=product) is None


def test_the_list_of_a_run_turns_to_the_area_that_is_asked_for(client, deployment, graded):
    with deployment.sessions() as session:
        last = int(runs.read_areas(session, graded, limit=1, offset=LISTED)["id"].iloc[0])
    address = f"/maps/areas?unit=grid&run={graded}&area={last}"
    whole, piece = client.get(address).text, client.get(address, headers={"HX-Request": "true"}).text
    assert f'data-area="{last}" aria-pressed="true"' in whole
    assert f'data-area="{last}" aria-pressed="true"' in piece
    assert ("<html" in whole, "<html" in piece) == (True, False)
    assert f'data-area="{last}"' not in client.get(f"/maps/areas?unit=grid&run={graded}&area={last}&page=1").text


def test_a_piece_of_the_list_is_for_those_who_may_see_it(deployment, graded):
    add_account(deployment, "li", Role.VIEWER)
    visitor = browser(create_app(deployment, loopback=False))
    asked = {"HX-Request": "true"}
    assert visitor.get("/maps/areas?unit=grid", headers=asked).status_code == 401
    sign_in(visitor, "li")
    assert visitor.get("/maps/areas?unit=grid", headers=asked).status_code == 200
