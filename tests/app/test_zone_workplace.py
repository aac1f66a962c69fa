"""Beside the edits: what a draft would bring by name, files and paper of it, and who else is at work."""
# ruff: noqa: F811 - fixtures of other files

import csv
import datetime
import io

import geopandas as gpd
import openpyxl
import pytest
import shapely
from sqlalchemy import text

from app.assessments.service import GradingOrder, grade_town
from app.platform.principals import Role
from app.platform.work import Work
from app.reports.approval_sheet import page_of
from app.zones import drafts
from app.zones.approval_sheet import SheetOrder, tell_approval_sheet
from app.zones.submitted import submitted_of
from gis_layers.stores import places
from gis_layers.stores.draft_presence import record_presence
from gis_layers.stores.runs import read_areas
from gis_layers.stores.town import append_register
from tests.app.seeds import GROUND, publish_zones
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import EAST, WEST, done, flooded, officer, two_of  # noqa: F401
from tests.app.test_zone_problems_mended import leave_a_gap
from tests.app.test_zone_rights_and_impact import SHED, built  # noqa: F401
from tests.app.visitors import add_account

WICKED = "=HYPERLINK(1)"


@pytest.fixture
def lived_in(deployment, flooded):
    """A village with a house on each zone and one far away, roads across, an enterprise with a name no spreadsheet should read."""
    for hazard, grade in (("earthquake", ("低", 5, "quake5")), ("meteorological", ("低", 4, "met4"))):
        publish_zones(deployment, hazard, GROUND, grade=grade)
    shapes = [WEST, EAST, shapely.box(99.85, 39.36, 99.86, 39.37)]
    villages = {"code": ["w", "e", "f"], "name": ["西村", "东村", "远村"], "population": [1000, 200, 50]}
    roads = {"name": ["河堤路"] * 2, "road_class": ["village"] * 2, "oneway": ["no"] * 2, "bridge": [False] * 2}
    lines = [shapely.LineString([(99.781, y), (99.789, y)]) for y in (39.303, 39.304)]
    plant = {"name": [WICKED], "sector": ["chemical"], "inventory": [[]]}
    with deployment.sessions.begin() as session:
        frame = gpd.GeoDataFrame(villages, geometry=[shapely.multipolygons([one]) for one in shapes], crs=4490)
        places.append_places(session, "villages", frame)
        houses = {"use": ["农村住宅"] * 3, "floors": [1] * 3, "structure": ["土坯", "砖混", "砖混"]}
        homes = [shape.centroid.buffer(size) for shape, size in zip(shapes, (1e-3, 2e-4, 2e-4), strict=True)]
        append_register(session, "buildings", gpd.GeoDataFrame(houses, geometry=homes, crs=4490))
        places.append_places(session, "roads", gpd.GeoDataFrame(roads, geometry=lines, crs=4490))
        append_register(session, "enterprises", gpd.GeoDataFrame(plant, geometry=[WEST.centroid], crs=4490))
    return graded(deployment)


def graded(deployment):
    """The grades of the villages, by hazard and by risk, in a run of today."""
    with deployment.sessions.begin() as session:
        run = grade_town(Work(session, deployment), GradingOrder("village", "officer"))
        areas = read_areas(session, run.id)
        told = zip(areas["name"], areas["grade"], areas["risk"], strict=True)
        return {
            (name, product): grade
            for name, hazard, risk in told
            for product, grade in (("hazard", hazard), ("risk", risk["grade"]))
        }


def test_what_stands_on_changed_ground_is_named_and_the_areas_told_are_those_that_change(
    as_, officer, deployment, lived_in
):
    west, _ = two_of(officer)
    done(officer.edit("update", zone=west, attributes={"grade": "极高"}))
    told = done(officer.visitor.get(f"{officer.address}/impact"))
    assert (told["entering"]["people"], told["leaving"]["people"]) == (1000, 0)
    things = {(one["register"], one["name"]): one for one in told["things"]}
    assert set(things) == {("enterprises", WICKED), ("roads", "河堤路")}
    assert all(one["turns"] == "entering" for one in told["things"])
    assert things["roads", "河堤路"]["shared"] == pytest.approx(told["entering"]["roads_m"], abs=1)
    (move,) = told["themes"][0]["changes"]
    assert shapely.geometry.shape(move["geometry"]).symmetric_difference(WEST).area < 1e-9
    for step, visitor in (("submit", None), ("approve", as_(Role.APPROVER)), ("publish", None)):
        done(officer.take(step, visitor))
    after = graded(deployment)
    shifts = {(one["name"], one["product"]): (one["before"]["grade"], one["after"]["grade"]) for one in told["areas"]}
    assert shifts == {key: (lived_in[key], after[key]) for key in after if after[key] != lived_in[key]}
    assert {product for _, product in shifts} == {"hazard", "risk"}
    assert told["areas_judged"] == 2, "the village far away was not graded anew"


def test_an_impact_is_taken_away_as_a_workbook_a_table_and_features(officer, lived_in):
    west, _ = two_of(officer)
    done(officer.edit("delete", zone=west))
    told = done(officer.visitor.get(f"{officer.address}/impact"))
    files = {}
    for suffix in ("xlsx", "csv", "geojson"):
        answer = officer.visitor.get(f"{officer.address}/impact.{suffix}")
        assert answer.status_code == 200
        assert f"impact.{suffix}" in answer.headers["content-disposition"]
        files[suffix] = answer
    rows = list(csv.reader(io.StringIO(files["csv"].content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))
    listed = list(book.worksheets[1].iter_rows(values_only=True))
    assert [len(listed), *map(str, listed[0])] == [len(rows), *rows[0]]
    assert f"'{WICKED}" in {row[2] for row in rows} & {row[2] for row in listed}
    features = files["geojson"].json()["features"]
    places_told = [one for name in ("things", "projects", "areas") for one in told[name]]
    places_told += [*told["coverage"]["forces"], *told["coverage"]["roads"]]
    assert len(features) == len(places_told) + len(told["themes"][0]["changes"])
    english = officer.visitor.get(f"{officer.address}/impact.csv", headers={"Accept-Language": "en"})
    assert "To a better grade" in english.text
    assert officer.visitor.get(f"{officer.address}/impact.kml").status_code in {404, 422}


def test_too_many_areas_are_told_to_be_ungraded(officer, lived_in, monkeypatch):
    west, _ = two_of(officer)
    done(officer.edit("delete", zone=west))
    monkeypatch.setattr("app.zones.impact_areas.MOST", 0)
    told = done(officer.visitor.get(f"{officer.address}/impact"))
    assert (told["areas_judged"], told["areas"]) == (None, [])


def test_a_project_that_flips_is_led_to(officer, built):
    west, _ = two_of(officer)
    done(officer.edit("delete", zone=west))
    told = done(officer.visitor.get(f"{officer.address}/impact"))
    assert (told["projects_near"], told["projects_judged"]) == (1, 1)
    for one in told["projects"]:
        assert shapely.box(*SHED.bounds).covers(shapely.Point(one["place"]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_approval_sheet_holds_changes_problems_reasons_and_the_digest(officer, deployment, language):
    _, east, _ = leave_a_gap(officer)
    told = done(officer.take("submit", reason="此处是河道"))
    with deployment.sessions() as session:
        work = Work(session, deployment)
        draft = drafts.require_draft(session, officer.id)
        order = SheetOrder(submitted_of(work, draft, datetime.date(2026, 6, 1)), "某镇", language, synthetic=True)
        page = page_of(tell_approval_sheet(work, draft, order))
    digest = told["history"][-1]["content"]["digest"]
    for words in (digest[:16], "此处是河道", east, "token:officer"):
        assert words in page
    assert ("分管领导" if language == "zh" else "Leader in charge") in page


def test_an_approval_sheet_is_printed(officer):
    west, _ = two_of(officer)
    done(officer.edit("update", zone=west, attributes={"name": "<b>甲</b>"}))
    answer = officer.visitor.get(f"{officer.address}/approval-sheet.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_a_signed_sheet_approves_where_nobody_else_can_and_exactly_what_stands_on_it(as_, officer, deployment):
    west, _ = two_of(officer)
    done(officer.edit("update", zone=west, attributes={"name": "甲"}))
    done(officer.take("submit"))
    second = as_(Role.OFFICER, "second")
    digest = second.get(officer.address).json()["history"][-1]["content"]["digest"][:16]
    scan = b"%PDF-1.7 signed"

    def enter(visitor=second, content=scan, **other):
        form = {"signed_by": "镇长", "signed_on": "2026-01-05", "digest": digest, **other}
        tag = {"If-Match": visitor.get(officer.address).headers["ETag"]}
        files = {"file": ("扫描.pdf", content)}
        return visitor.post(f"{officer.address}/approve-on-paper", data=form, files=files, headers=tag)

    assert enter(officer.visitor).status_code == 403, "never by an author"
    assert enter(content=b"MZ\x00").json()["code"] == "file"
    assert enter(digest="0" * 16).json()["code"] == "unready"
    assert enter(signed_on="2999-01-01").json()["code"] == "days"
    add_account(deployment, "zhao", Role.APPROVER)
    assert enter().json()["code"] == "unready", "an approver decides in the system"
    with deployment.engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET disabled_at = now() WHERE username = 'zhao'"))
    assert as_(Role.VIEWER).get(officer.address).json()["not_on_paper"] is None
    as_(Role.APPROVER)
    assert officer.visitor.get(officer.address).json()["not_on_paper"] is not None
    assert enter().json()["code"] == "unready", "so does whoever has the token of one"
    with deployment.engine.begin() as connection:
        connection.execute(text("UPDATE tokens SET expires_at = now() - interval '1 day' WHERE role = 'approver'"))
    told = done(enter())
    kept = told["history"][-1]
    assert (told["state"], kept["step"], kept["content"]["signed_by"]) == ("approved", "approve_on_paper", "镇长")
    answer = second.get(f"{officer.address}/papers/{kept['content']['paper']}")
    assert (answer.content, answer.headers["content-type"]) == (scan, "application/pdf")
    assert second.get(f"{officer.address}/papers/999999").status_code == 404
    done(officer.take("publish"))


def test_others_are_told_who_works_where_for_ten_minutes_and_hindered_by_nobody(as_, officer, deployment):
    west, east = two_of(officer)
    colleague = as_(Role.OFFICER, "colleague")
    own = done(officer.visitor.post(f"{officer.address}/presence", json={"zones": [west]}))
    assert (own["items"], own["released_after_s"]) == ([], 600)
    (seen,) = done(colleague.get(f"{officer.address}/presence"))["items"]
    assert (seen["by"], seen["zones"], seen["draft"]) == ("token:officer", [west], officer.id)
    tag = {"If-Match": colleague.get(officer.address).headers["ETag"]}
    done(colleague.post(f"{officer.address}/edits", json={"op": "delete", "zone": west}, headers=tag))
    done(officer.visitor.post(f"{officer.address}/presence", json={"zones": [east, east]}))
    (seen,) = done(colleague.get(f"{officer.address}/presence"))["items"]
    assert seen["zones"] == [east]
    done(officer.visitor.post(f"{officer.address}/presence", json={"zones": []}))
    assert done(colleague.get(f"{officer.address}/presence"))["items"] == []
    long_ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=11)
    with deployment.sessions.begin() as session:
        record_presence(session, officer.id, "token:officer", [int(west)], long_ago)
    assert done(colleague.get(f"{officer.address}/presence"))["items"] == []
    assert as_(Role.VIEWER).post(f"{officer.address}/presence", json={"zones": [west]}).status_code == 403
    assert colleague.get("/api/zones/drafts/999999/presence").status_code == 404
