"""A new delivery of a whole layer: compared with what is in force, settled zone by zone, never undoing unsaid what was edited here."""
# ruff: noqa: F811 - fixtures of other files

import io
import zipfile
from dataclasses import replace
from functools import partial

import geopandas as gpd
import openpyxl
import pytest
import shapely

from app.exchange.service import Publication, ZonesImport, import_zones
from app.platform.errors import Refused
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.stores import editions, staged_zones, surveys
from tests.app.seeds import METRIC
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import EAST, HIGH, WEST, Officer, area, done, flooded, officer, published, two_of

__all__ = ["flooded", "officer"]
CORNER = shapely.box(99.701, 39.201, 99.702, 39.202)
LOW = ("低", 4, "flood4")


def deliver(deployment, *zones, replaces=True):
    """A draft with a new delivery of the flood layer, as an import leaves it."""
    rows = {"grade": [grade[0] for _, grade in zones], "grade_rank": [grade[1] for _, grade in zones]}
    columns = {
        "hazard": "flood",
        "product": "hazard",
        **rows,
        "grade_scheme": "flood4",
        "name": None,
        "source": "二次普查",
    }
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.multipolygons([shape]) for shape, _ in zones], crs=4490)
    layer = surveys.NewLayer("flood", "hazard", "2027.shp", "二次普查", None, None, "zones", None, replaces=replaces)
    with deployment.sessions.begin() as session:
        draft = editions.open_draft(session, name="2027.shp", author="importer")
        staged_zones.stage_new_zones(session, draft.id, surveys.save_layer(session, draft.id, layer, METRIC), frame)
        return draft.id


def comparison(visitor, draft):
    answer = visitor.get(f"/api/zones/drafts/{draft}/delivery")
    return done(answer), answer.headers["ETag"]


def decide(visitor, draft, tag=None, **body):
    tag = tag or comparison(visitor, draft)[1]
    return visitor.post(f"/api/zones/drafts/{draft}/delivery/decisions", json=body, headers={"If-Match": tag})


def stepped(visitor, draft, step):
    tag = visitor.get(f"/api/zones/drafts/{draft}").headers["ETag"]
    return visitor.post(f"/api/zones/drafts/{draft}/{step}", json={}, headers={"If-Match": tag})


def put_in_force(as_, draft):
    done(stepped(as_(Role.OFFICER, "hands"), draft, "submit"))
    done(stepped(as_(Role.APPROVER, "eyes"), draft, "approve"))
    return done(stepped(as_(Role.APPROVER, "eyes two"), draft, "publish"))


def edited_here(as_, officer, **attributes):
    """The western zone, graded otherwise by an officer, in force."""
    west, _ = two_of(officer)
    done(officer.edit("update", zone=west, attributes=attributes or {"grade": "极高"}, reason="现场复核"))
    put_in_force(as_, officer.id)
    return west


def test_a_delivery_that_changes_nothing_is_all_unchanged_and_keeps_the_lasting_numbers(as_, flooded, deployment):
    visitor = as_(Role.OFFICER)
    before = published(visitor)
    draft = deliver(deployment, (shapely.reverse(EAST), HIGH), (WEST, HIGH), (CORNER, LOW))
    told, tag = comparison(visitor, draft)
    assert (told["counts"], told["undecided"], told["replaces"]) == (
        {"unchanged": 3, "changed": 0, "new": 0, "gone": 0}, [], True,
    )  # fmt: skip
    assert {one["matched_by"] for one in told["items"]} == {"shape"}
    assert {one["delta_m2"] for one in told["items"]} == {0.0}
    told = done(decide(visitor, draft, tag, renumber=True))
    assert {one["matched_by"] for one in told["items"]} == {"id"}
    assert {one["zone"] for one in told["items"]} == set(before)
    assert decide(visitor, draft, renumber=True).json()["code"] == "no-such-thing"
    put_in_force(as_, draft)
    after = published(visitor)
    assert {zone: one["geometry"] for zone, one in after.items()} == {
        zone: one["geometry"] for zone, one in before.items()
    }
    assert {one["version"] for one in after.values()} == {2}


def test_each_zone_of_a_delivery_is_told_with_its_change(as_, flooded, deployment):
    visitor, wider = as_(Role.VIEWER), shapely.box(99.790, 39.300, 99.8004, 39.310)
    new = shapely.box(99.82, 39.30, 99.83, 39.31)
    draft = deliver(deployment, (WEST, LOW), (wider, HIGH), (new, HIGH))
    told, _ = comparison(visitor, draft)
    assert told["counts"] == {"unchanged": 0, "changed": 2, "new": 1, "gone": 1}
    by_state = {(one["state"], *one["changed"]): one for one in told["items"]}
    assert set(by_state) == {("changed", "grade"), ("changed", "shape"), ("new",), ("gone",)}
    graded, shaped = by_state["changed", "grade"], by_state["changed", "shape"]
    assert (graded["before"]["grade"], graded["after"]["grade"], graded["delta_m2"]) == ("高", "低", 0.0)
    grown = area({"geometry": shapely.box(99.8, 39.3, 99.8004, 39.31).__geo_interface__})
    assert shaped["delta_m2"] == pytest.approx(grown, rel=1e-4)
    assert told["items"][0]["state"] in ("new", "gone")
    assert shapely.Point(by_state["gone",]["place"]).within(CORNER)


def test_what_was_edited_here_is_not_undone_unsaid(as_, officer, deployment):
    west = edited_here(as_, officer)
    visitor, draft = as_(Role.OFFICER, "hands"), deliver(deployment, (WEST, HIGH), (EAST, HIGH), (CORNER, LOW))
    told, tag = comparison(visitor, draft)
    assert told["undecided"] == [west]
    (row,) = [one for one in told["items"] if one["local"]]
    assert (row["zone"], row["local"], row["changed"]) == (west, {"state": "conflict", "decision": None}, ["grade"])
    refused = stepped(visitor, draft, "submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    assert [one["message"] for one in refused.json()["errors"]] == [west]
    told = done(decide(visitor, draft, tag, choices=[{"zone": west, "keep": "ours"}]))
    (row,) = [one for one in told["items"] if one["local"]]
    assert (row["local"], row["state"], row["delivered"]) == ({"state": "kept", "decision": "ours"}, "unchanged", west)
    assert (told["undecided"], told["counts"]) == ([], {"unchanged": 3, "changed": 0, "new": 0, "gone": 0})
    tag = visitor.get(f"/api/zones/drafts/{draft}").headers["ETag"]
    done(visitor.post(f"/api/zones/drafts/{draft}/edits", json={"op": "undo"}, headers={"If-Match": tag}))
    assert comparison(visitor, draft)[0]["undecided"] == [west]
    told = done(decide(visitor, draft, choices=[{"zone": west, "keep": "theirs"}]))
    assert [one["local"] for one in told["items"] if one["local"]] == [{"state": "conflict", "decision": "theirs"}]
    put_in_force(as_, draft)
    assert sorted(one["grade"] for one in published(visitor).values()) == ["低", "高", "高"]


def test_what_is_kept_over_a_delivery_is_asked_about_at_the_next(as_, officer, deployment):
    west = edited_here(as_, officer)
    visitor = as_(Role.OFFICER, "hands")
    whole = shapely.Polygon([(99.78, 39.3), (99.79, 39.3), (99.8, 39.3), (99.8, 39.31), (99.79, 39.31), (99.78, 39.31)])
    draft = deliver(deployment, (whole, HIGH), (CORNER, LOW))
    told = done(decide(visitor, draft, choices=[{"zone": west, "keep": "ours"}]))
    assert told["undecided"] == []
    edition = put_in_force(as_, draft)
    assert comparison(visitor, draft)[0]["counts"] == {"unchanged": 3, "changed": 0, "new": 0, "gone": 0}
    after = published(visitor)
    assert (after[west]["grade"], after[west]["from_edition"]) == ("极高", edition["number"])
    shapes = [shapely.geometry.shape(one["geometry"]) for one in after.values()]
    assert sum(shape.area for shape in shapes) == pytest.approx((whole.area + CORNER.area), rel=1e-9)
    again = deliver(deployment, (whole, HIGH), (CORNER, LOW))
    assert comparison(visitor, again)[0]["undecided"] == [west]
    contained = deliver(deployment, (whole, ("极高", 1, "flood4")), (CORNER, LOW))
    told, _ = comparison(visitor, contained)
    assert [one["local"] for one in told["items"] if one["local"]] == [{"state": "absorbed", "decision": None}]
    assert told["undecided"] == []
    assert deliver_beside(visitor, deployment) == []


def deliver_beside(visitor, deployment):
    """A delivery that stands beside what is in force takes nothing's place, so nothing is asked."""
    beside = deliver(deployment, (shapely.box(99.85, 39.35, 99.86, 39.36), HIGH), replaces=False)
    return comparison(visitor, beside)[0]["undecided"]


def test_decisions_are_refused_that_name_nothing_to_decide(as_, officer, deployment):
    west = edited_here(as_, officer)
    visitor, draft = as_(Role.OFFICER, "hands"), deliver(deployment, (WEST, HIGH), (EAST, HIGH))
    assert decide(visitor, draft, choices=[{"zone": 999_999, "keep": "ours"}]).json()["code"] == "no-such-thing"
    twice = [{"zone": west, "keep": "ours"}, {"zone": west, "keep": "theirs"}]
    assert decide(visitor, draft, choices=twice).json()["code"] == "no-such-thing"
    assert decide(visitor, draft).json()["code"] == "together"
    assert decide(visitor, draft, renumber=True, choices=twice).json()["code"] == "together"
    assert decide(visitor, draft, '"stale"', choices=twice[:1]).status_code == 412
    assert as_(Role.VIEWER).post(f"/api/zones/drafts/{draft}/delivery/decisions", json={}).status_code == 403
    both = Officer(visitor)
    assert visitor.get(f"{both.address}/delivery").json()["code"] == "together"
    assert done(visitor.get(f"{both.address}/delivery?hazard=flood&product=hazard"))["counts"]["unchanged"] == 3


def test_the_console_publishes_nothing_over_what_was_edited_here(as_, officer, deployment, tmp_path):
    west = edited_here(as_, officer)
    path = tmp_path / "2027.gpkg"
    layer = gpd.GeoDataFrame({"grade": ["高", "高"]}, geometry=[WEST, EAST], crs=4490)
    layer.to_file(path, driver="GPKG", engine="pyogrio")
    settings = deployment.settings.model_copy(update={"console_publish": "always"})
    work_of = partial(Work, deployment=replace(deployment, settings=settings))
    asked = ZonesImport(path, "flood", "hazard", replaces=True)
    with pytest.raises(Refused, match=west), deployment.sessions.begin() as session:
        import_zones(work_of(session), asked, author="console", publication=Publication("年度换版"))
    with deployment.sessions.begin() as session:
        draft = import_zones(work_of(session), asked, author="console", publication=None).report.draft
    assert comparison(as_(Role.VIEWER), draft)[0]["undecided"] == [west]


def test_the_table_of_changes_is_a_workbook_and_a_shapefile(as_, flooded, deployment, tmp_path):
    visitor = as_(Role.VIEWER)
    draft = deliver(deployment, (WEST, LOW), (EAST, HIGH), (shapely.box(99.82, 39.30, 99.83, 39.31), HIGH))
    address = f"/api/zones/drafts/{draft}/delivery/table"
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{address}.xlsx").content))
    rows = [[cell.value for cell in row] for row in book["变化图斑表"].iter_rows()]
    assert rows[0] == ["编号", "名称", "类别", "原等级", "新等级", "原面积", "新面积", "面积差", "原因", "灾种"]
    assert sorted(row[2] for row in rows[1:]) == ["变化", "新增", "消失"]
    for encoding in ("utf8", "gb18030"):
        path = tmp_path / f"{encoding}.zip"
        path.write_bytes(visitor.get(f"{address}.zip?encoding={encoding}").content)
        with zipfile.ZipFile(path) as archive:
            assert archive.read("changes.cpg").decode().lower().replace("-", "") == encoding
        layer = gpd.read_file(path, engine="pyogrio")
        assert list(layer.columns[:-1]) == rows[0]
        assert sorted(layer["类别"]) == ["变化", "新增", "消失"]
        graded = layer[layer["类别"] == "变化"].iloc[0]
        assert (graded["原等级"], graded["新等级"], graded["面积差"], graded["原因"]) == ("高", "低", 0.0, "等级")
        assert shapely.equals(graded.geometry, WEST)


def test_a_delivery_shows_its_zones_before_and_after_it_came_into_force(as_, flooded, deployment):
    visitor = as_(Role.OFFICER)
    draft = deliver(deployment, (EAST, HIGH), (CORNER, LOW))

    def zones():
        return {
            one["id"]: one["geometry"]
            for one in done(visitor.get(f"/api/zones/drafts/{draft}/zones?hazard=flood&product=hazard"))["items"]
        }

    before = zones()
    put_in_force(as_, draft)
    assert len(before) == 2
    assert zones() == before
