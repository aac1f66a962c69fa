"""Drafts of zones: changed edit by edit, undone exactly, decided by a second person, put in force, gone back from."""
# ruff: noqa: F811 - fixtures of other files

import pytest
import shapely

from app.platform.principals import Role
from gis_layers.crs import transform_points
from tests.app.seeds import METRIC, publish_zones, seeded_database
from tests.app.test_rulebook_versions import as_  # noqa: F401

WEST = shapely.box(99.780, 39.300, 99.790, 39.310)
EAST = shapely.box(99.790, 39.300, 99.800, 39.310)
HIGH = ("高", 2, "flood4")


@seeded_database("surveyed")
def flooded(deployment) -> None:
    publish_zones(deployment, "flood", WEST, EAST, grade=HIGH)


class Officer:
    """An officer with a draft, who always shows the tag of the last answer."""

    def __init__(self, visitor, name="汛前调整"):
        self.visitor = visitor
        answer = visitor.post("/api/zones/drafts", json={"name": name})
        assert answer.status_code == 201, answer.text
        self.address, self.tag, self.id = answer.headers["Location"], answer.headers["ETag"], answer.json()["id"]

    def edit(self, op, **body):
        answer = self.visitor.post(f"{self.address}/edits", json={"op": op, **body}, headers={"If-Match": self.tag})
        self.tag = answer.headers.get("ETag", self.tag)
        return answer

    def take(self, step, visitor=None, **body):
        visitor = visitor or self.visitor
        tag = visitor.get(self.address).headers["ETag"]
        answer = visitor.post(f"{self.address}/{step}", json=body, headers={"If-Match": tag})
        self.tag = self.visitor.get(self.address).headers["ETag"]
        return answer

    def zones(self):
        return {one["id"]: one for one in self.visitor.get(f"{self.address}/zones?hazard=flood").json()["items"]}


def done(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
def officer(as_, flooded):
    return Officer(as_(Role.OFFICER))


def published(visitor):
    return {one["id"]: one for one in visitor.get("/api/zones?hazard=flood").json()["items"]}


def wider(item):
    """The outline of a zone with one vertex more, given by numbers no rounding survives."""
    ring = [list(point) for point in item["geometry"]["coordinates"][0][0]]
    (x1, y1), (x2, y2) = ring[0], ring[1]
    ring.insert(1, [(x1 + x2) / 2 + 1e-4 / 3, (y1 + y2) / 2 + 1e-5 / 7])
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def test_a_draft_is_changed_submitted_approved_by_another_and_published(as_, officer):
    approver, before = as_(Role.APPROVER, "second"), published(officer.visitor)
    west, east = sorted(before, key=lambda one: before[one]["geometry"]["coordinates"][0][0][0][0])[1:]
    shape = wider(before[west])
    told = done(officer.edit("update", zone=west, geometry=shape, attributes={"grade": "极高"}, reason="复核"))
    (zone,) = told["zones"]
    assert zone["geometry"] == {"type": "MultiPolygon", "coordinates": shape["coordinates"]}
    assert (zone["grade"], zone["grade_rank"], zone["change"], zone["version"]) == ("极高", 1, "update", 1)
    done(officer.edit("delete", zone=east))
    new = done(officer.edit("create", geometry=shapely.box(99.81, 39.31, 99.82, 39.32).__geo_interface__,
                            attributes={"hazard": "flood", "product": "hazard", "grade_rank": 3}))["zones"][0]  # fmt: skip
    assert new["version"] is None
    assert published(officer.visitor) == before
    assert done(officer.take("submit"))["state"] == "submitted"
    assert officer.take("publish").json()["code"] == "step"
    assert done(officer.take("approve", approver))["state"] == "approved"
    edition = done(officer.take("publish"))
    after = published(officer.visitor)
    assert edition["number"] == officer.visitor.get("/api/editions").json()["items"][0]["number"]
    assert after[west]["geometry"]["coordinates"] == shape["coordinates"]
    assert (after[west]["version"], east in after, after[new["id"]]["version"]) == (2, False, 1)
    assert officer.edit("delete", zone=west).json()["code"] == "ended"
    again = done(
        as_(Role.APPROVER, "third").post(f"/api/editions/{edition['number'] - 1}/revert", json={"reason": "误改"}), 201
    )
    items = {one["number"]: one for one in officer.visitor.get("/api/editions").json()["items"]}
    assert again["fingerprint"] == items[edition["number"] - 1]["fingerprint"] != edition["fingerprint"]
    kept = ("geometry", "grade", "grade_rank")
    assert {one: [item[name] for name in kept] for one, item in published(officer.visitor).items()} == {
        one: [item[name] for name in kept] for one, item in before.items()
    }


def states(officer):
    """All a draft shows, as it would be drawn, but what is proposed of it."""
    return {
        zone: {name: value for name, value in one.items() if name != "change"} for zone, one in officer.zones().items()
    }


def two_of(officer):
    """The western and the eastern zone, which share a border."""
    zones = officer.zones()
    return sorted(zones, key=lambda one: zones[one]["geometry"]["coordinates"][0][0][0][0])[1:]


def area(item):
    return shapely.area(shapely.transform(shapely.geometry.shape(item["geometry"]), metres))


def metres(degrees):
    return transform_points(degrees, "EPSG:4490", METRIC)


def vertices(item):
    return {tuple(point) for part in item["geometry"]["coordinates"] for ring in part for point in ring}


ACROSS = {"type": "LineString", "coordinates": [[99.775, 39.3051], [99.7853, 39.3047], [99.805, 39.3052]]}


def test_a_zone_split_with_its_neighbour_keeps_its_ground_and_its_vertices(officer):
    west, east = two_of(officer)
    before = officer.zones()
    told = done(officer.edit("split", zones=[west, int(east)], line=ACROSS))
    assert sorted(told["removed"]) == sorted([west, east])
    children = {one["child"]: one["parent"] for one in told["lineage"]}
    pieces = {one["id"]: one for one in told["zones"]}
    assert set(children) == set(pieces)
    for parent in (west, east):
        own = [piece for zone, piece in pieces.items() if children[zone] == parent]
        assert sum(map(area, own)) == pytest.approx(area(before[parent]), abs=0.01)
        assert vertices(before[parent]) <= set().union(*map(vertices, own))
        assert {piece["grade"] for piece in own} == {"高"}
    new = set().union(*map(vertices, pieces.values())) - vertices(before[west]) - vertices(before[east])
    border = [point for point in new if sum(point in vertices(piece) for piece in pieces.values()) == 4]
    assert len(border) == 1
    merged = done(officer.edit("merge", zones=[one for one in pieces if children[one] == west]))["zones"]
    assert len(merged) == 1
    assert area(merged[0]) == pytest.approx(area(before[west]), abs=0.01)
    for _ in range(2):
        done(officer.edit("undo"))
    assert officer.zones() == before
    for _ in range(2):
        done(officer.edit("redo"))
    assert merged[0]["id"] in officer.zones()
    assert officer.edit("redo").json()["code"] == "unchanged"


def test_a_neighbour_gets_the_vertex_of_a_shared_border(officer):
    west, east = two_of(officer)
    shape = officer.zones()[west]["geometry"]
    ring = shape["coordinates"][0][0]
    (x1, y1), (x2, y2) = ring[0], ring[1]
    ring.insert(1, [(x1 + x2) / 2, (y1 + y2) / 2])
    told = done(officer.edit("update", zone=west, geometry=shape))
    assert {one["id"] for one in told["zones"]} == {west, east}
    assert told["lineage"] == []
    assert all(tuple(ring[1]) in vertices(one) for one in told["zones"])


def test_a_line_that_ends_inside_is_told_where(officer):
    west, _ = two_of(officer)
    line = {"type": "LineString", "coordinates": [[99.775, 39.305], [99.785, 39.305]]}
    answer = officer.edit("split", zone=west, line=line)
    assert (answer.status_code, answer.json()["code"]) == (422, "geometry")
    assert answer.json()["location"] == pytest.approx([99.785, 39.305], abs=1e-6)
    assert officer.visitor.get(officer.address).json()["edits"] == []


def test_a_stale_edit_is_told_base_mine_and_theirs_and_changes_nothing(as_, officer):
    west, east = two_of(officer)
    base = officer.zones()
    other = as_(Role.OFFICER, "colleague")
    stale = officer.tag
    done(officer.edit("update", zone=west, attributes={"name": "甲"}))
    body = {"op": "update", "changes": [{"zone": west, "attributes": {"name": "乙"}}, {"zone": east, "attributes": {}}]}
    answer = other.post(f"{officer.address}/edits", json=body, headers={"If-Match": stale})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    first, second = answer.json()["conflicts"]
    assert (first["base"]["name"], first["mine"]["attributes"], first["theirs"]["name"]) == (None, {"name": "乙"}, "甲")
    assert second["base"] == second["theirs"] == base[east]
    assert officer.zones()[west]["name"] == "甲"
    assert other.post(f"{officer.address}/edits", json=body).status_code == 428
    fresh = {"If-Match": other.get(officer.address).headers["ETag"]}
    done(other.post(f"{officer.address}/edits", json=body, headers=fresh))
    assert officer.visitor.get(officer.address).json()["authors"] == ["token:officer", "token:colleague"]


def test_no_author_approves_and_an_edit_after_approval_needs_another(as_, officer):
    west, east = two_of(officer)
    admin, approver = as_(Role.ADMIN, "both"), as_(Role.APPROVER)
    done(officer.edit("update", zone=west, attributes={"name": "甲"}))
    tag = admin.get(officer.address).headers["ETag"]
    body = {"op": "update", "zone": east, "attributes": {"name": "乙"}}
    done(admin.post(f"{officer.address}/edits", json=body, headers={"If-Match": tag}))
    done(officer.take("submit"))
    refused = officer.take("approve", admin)
    assert (refused.status_code, refused.json()["code"]) == (403, "role")
    pinned = {"comment": "东侧请复核", "comments": [{"text": "此处", "place": [99.79, 39.305], "zone": east}]}
    told = done(officer.take("return", approver, **pinned))
    assert (told["state"], told["history"][-1]["content"]["comments"][0]["place"]) == ("returned", [99.79, 39.305])
    done(officer.take("submit"))
    done(officer.take("approve", approver))
    done(officer.edit("update", zone=west, attributes={"name": "丙"}))
    refused = officer.take("publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "step")
    done(officer.take("submit"))
    done(officer.take("approve", approver))
    assert officer.take("publish", edition=1).json()["code"] == "overtaken"
    done(officer.take("publish", approver))


def test_of_two_drafts_of_one_zone_the_second_sees_both_states_and_settles(as_, officer):
    west, east = two_of(officer)
    second, approver = Officer(as_(Role.OFFICER, "colleague")), as_(Role.APPROVER)
    for one, name in ((officer, "甲"), (second, "乙")):
        done(one.edit("update", changes=[{"zone": zone, "attributes": {"name": name}} for zone in (west, east)]))
        done(one.take("submit"))
        done(one.take("approve", approver))
    done(officer.take("publish"))
    refused = second.take("publish").json()
    assert refused["code"] == "overtaken"
    told = [[one[side]["name"] for side in ("base", "mine", "theirs")] for one in refused["conflicts"]]
    assert told == [[None, "乙", "甲"]] * 2
    assert second.visitor.get(second.address).json()["overtaken"] == sorted([west, east], key=int)
    done(second.edit("rebase", choices=[{"zone": west, "keep": "mine"}, {"zone": east, "keep": "theirs"}]))
    done(second.take("submit"))
    done(second.take("approve", approver))
    done(second.take("publish"))
    after = published(officer.visitor)
    assert [(after[one]["name"], after[one]["version"]) for one in (west, east)] == [("乙", 3), ("甲", 2)]


def test_a_blocking_problem_stops_a_draft_but_one_that_stood_before_does_not(as_, officer, deployment):
    approver, over = as_(Role.APPROVER), shapely.box(99.785, 39.302, 99.787, 39.304)
    publish_zones(deployment, "flood", over, grade=HIGH)
    west = next(one for one, zone in officer.zones().items() if shapely.geometry.shape(zone["geometry"]).covers(over))
    told = done(officer.edit("update", zone=west, attributes={"name": "甲"}))
    assert [(one["kind"], one["level"], one["inherited"]) for one in told["problems"]] == [
        ("overlap", "blocking", True)
    ]
    shape = shapely.box(99.7815, 39.3015, 99.783, 39.303)
    about = {"hazard": "flood", "product": "hazard"}
    new = done(officer.edit("create", geometry=shape.__geo_interface__, attributes=about))
    found = {one["kind"]: one for one in new["problems"]}
    assert set(found) == {"overlap", "missing_attribute"}
    assert found["missing_attribute"]["field"] == "grade"
    assert found["overlap"]["size"] == pytest.approx(area({"geometry": shape.__geo_interface__}), rel=1e-6)
    refused = officer.take("submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "unready")
    done(officer.edit("undo"))
    listed = done(officer.visitor.get(f"{officer.address}/problems"))
    assert (listed["blocking"], listed["warnings"]) == (0, 1)
    for step, visitor in (("submit", None), ("approve", approver), ("publish", None)):
        done(officer.take(step, visitor))
