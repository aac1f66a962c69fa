"""Whose ground an edit may touch, what a draft would bring, and what happened to a place."""
# ruff: noqa: F811 - fixtures of other files

import geopandas as gpd
import pytest
import shapely

from app.accounts.people import Rights
from app.main import create_app
from app.platform.principals import Role
from gis_layers.stores.projects import append_projects
from gis_layers.stores.town import append_register
from tests.app.conftest import site
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import EAST, WEST, Officer, done, flooded, two_of  # noqa: F401
from tests.app.visitors import add_account, browser, sign_in

SHED = shapely.box(99.7820, 39.3020, 99.7825, 39.3025)
FAR = shapely.box(99.8600, 39.3700, 99.8605, 39.3705)


def test_hazards_and_area_of_an_account_hold_for_every_edit(deployment, flooded, as_):
    app, area = create_app(deployment, loopback=True), shapely.multipolygons([shapely.box(99.77, 39.29, 99.790, 39.32)])
    officers = {}
    for name, rights in (("li", Rights(("wildfire",))), ("wang", Rights(("flood",), area))):
        add_account(deployment, name, Role.OFFICER, rights=rights)
        officers[name] = browser(app)
        sign_in(officers[name], name)
    li, wang = Officer(officers["li"]), Officer(officers["wang"])
    west, east = two_of(wang)
    refused = li.edit("update", zone=west, attributes={"name": "甲"})
    assert (refused.status_code, refused.json()["code"], refused.json()["zone"]) == (403, "role", west)
    done(wang.edit("update", zone=west, attributes={"name": "甲"}))
    for body in ({"op": "delete", "zone": east}, {"op": "merge", "zones": [west, east]}):
        assert wang.edit(**body).status_code == 403
    shape = wang.zones()[west]["geometry"]
    ring = shape["coordinates"][0][0]
    (x1, y1), (x2, y2) = ring[0], ring[1]
    noded = [*ring[:1], [(x1 + x2) / 2, (y1 + y2) / 2], *ring[1:]]
    told = done(wang.edit("update", zone=west, geometry={"type": "Polygon", "coordinates": [noded]}))
    assert {one["id"] for one in told["zones"]} == {west, east}, "a vertex moves no ground"
    pushed = [*ring[:1], [x1 + 1e-3, (y1 + y2) / 2], *ring[1:]]
    refused = wang.edit("update", zone=west, geometry={"type": "Polygon", "coordinates": [pushed]})
    assert refused.status_code == 403
    assert refused.json()["location"][0] > 99.79


@pytest.fixture
def built(deployment, flooded):
    """Two sheds, one of them on a flooded zone, and a station beside it."""
    sheds = {
        "name": ["近", "远"],
        "project_class": ["K4", "K4"],
        "seismic_class": [None, None],
        "synthetic": [True, True],
    }
    with deployment.sessions.begin() as session:
        append_projects(session, gpd.GeoDataFrame(sheds, geometry=[SHED, FAR], crs=4490))
        station = {"name": ["镇站"], "kind": ["fire"]}
        append_register(session, "stations", gpd.GeoDataFrame(station, geometry=[SHED.centroid], crs=4490))


def test_the_impact_told_before_is_what_comes(as_, built):
    officer, approver, planner = Officer(as_(Role.OFFICER)), as_(Role.APPROVER), as_(Role.PLANNER)
    west, east = two_of(officer)

    def verdicts():
        answers = {
            name: planner.post("/api/siting/check", json=site(one)).json() for name, one in (("近", SHED), ("远", FAR))
        }
        return {name: one["verdict"] for name, one in answers.items()}, answers["近"]["edition"]["number"]

    before, edition = verdicts()
    done(officer.edit("delete", zone=west))
    done(officer.edit("update", zone=east, attributes={"grade": "极高"}))
    impact = done(officer.visitor.get(f"{officer.address}/impact"))
    assert verdicts() == (before, edition), "looking changes nothing"
    assert impact["next_edition"] == edition + 1
    (theme,) = impact["themes"]
    ground = {one["grade"]: (one["gained_m2"], one["lost_m2"]) for one in theme["grades"]}
    whole = sum(one["area_m2"] for one in theme["changes"])
    assert ground["极高"][0] == pytest.approx(whole / 2, rel=1e-3)
    assert ground["高"] == pytest.approx((0.0, whole), rel=1e-9)
    assert (impact["leaving"]["stations"], impact["entering"]["stations"]) == (1, 0)
    assert impact["projects_judged"] == 1
    done(officer.take("submit"))
    done(officer.take("approve", approver))
    done(officer.take("publish"))
    after, now = verdicts()
    flips = {one["name"]: (one["before"], one["after"]) for one in impact["projects"]}
    assert flips == {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert flips
    assert now == edition + 1


def test_what_happened_to_a_place_names_versions_editions_and_lineage(as_, flooded):
    officer, approver = Officer(as_(Role.OFFICER)), as_(Role.APPROVER)
    west, _ = two_of(officer)
    line = {"type": "LineString", "coordinates": [[99.77, 39.305], [99.7851, 39.3052], [99.795, 39.305]]}
    pieces = done(officer.edit("split", zone=west, line=line))["zones"]
    first, second = sorted((one["id"] for one in pieces if one["change"] == "create"), key=int)
    halved = {"type": "LineString", "coordinates": [[99.785, 39.29], [99.785, 39.32]]}
    done(officer.edit("split", zone=first, line=halved))
    done(officer.take("submit"))
    done(officer.take("approve", approver))
    edition = done(officer.take("publish"))["number"]
    lon, lat = shapely.Point(99.7801, 39.3001).coords[0]
    events = done(approver.get(f"/api/zones/ground?lon={lon}&lat={lat}"))["items"]
    old, new = (one for one in events if one["hazard"] == "flood")
    assert (old["zone"], old["to_edition"], new["from_edition"]) == (west, edition, edition)
    assert new["parents"] == [west]
    assert first not in old["children"], "what only the draft knew is passed over"
    assert {new["zone"], second} < set(old["children"])
    history = done(approver.get(f"/api/zones/{west}/history"))
    assert (history["children"], history["parents"], history["total"]) == (old["children"], [], 1)
    assert done(approver.get(f"/api/zones/{west}?as_of={edition - 1}"))["to_edition"] == edition
    assert approver.get(f"/api/zones/{west}?as_of={edition}").status_code == 404
