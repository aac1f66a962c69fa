"""What changed from one edition to another: held against both editions as they are answered, measured a second time."""
# ruff: noqa: F811 - fixtures of other files

import io

import numpy as np
import openpyxl
import pyproj
import pytest
import shapely

from app.platform.principals import Role
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import Officer, done
from tests.app.test_zone_edits_undone import tiled  # noqa: F401

METRES = pyproj.Transformer.from_crs(4490, 4542, always_xy=True)
ABOUT = ("grade", "grade_rank", "grade_scheme", "name", "source", "survey_date")


@pytest.fixture
def changed(as_, tiled):
    """Three editions: the first, one that an officer changed in every way, and the first once more."""
    officer, approver = Officer(as_(Role.OFFICER)), as_(Role.APPROVER, "second")
    zones = [one for one, told in officer.zones().items() if told["geometry"]["coordinates"][0][0][0][0] > 99.75]
    first = officer.visitor.get("/api/editions").json()["items"][0]["number"]
    west, south, east, north = shapely.geometry.shape(officer.zones()[zones[0]]["geometry"]).bounds
    line = [[west - 1e-4, (south + north) / 2], [east + 1e-4, (south + north) / 2 + 1e-5]]
    done(officer.edit("split", zone=zones[0], line={"type": "LineString", "coordinates": line}))
    done(officer.edit("update", zone=zones[2], attributes={"grade_rank": 1}))
    done(officer.edit("update", zone=zones[3], attributes={"name": "沟口"}))
    done(officer.edit("delete", zone=zones[5]))
    for step, visitor in (("submit", None), ("approve", approver), ("publish", None)):
        done(officer.take(step, visitor))
    done(approver.post(f"/api/editions/{first}/revert", json={"reason": "误改"}), 201)
    return officer.visitor, first


def held(visitor, edition):
    """The zones of an edition: what they say, and their area measured with code of this file."""
    items = visitor.get(f"/api/zones?hazard=flood&limit=1000&as_of={edition}").json()["items"]
    return {
        one["id"]: (
            one["geometry"]["coordinates"],
            {name: one[name] for name in ABOUT},
            shapely.transform(shapely.geometry.shape(one["geometry"]), metres).area,
        )
        for one in items
    }


def metres(degrees):
    return np.column_stack(METRES.transform(degrees[:, 0], degrees[:, 1]))


def told(visitor, edition, **asked):
    return done(visitor.get(f"/api/editions/{edition}/changes", params=asked))


def test_the_changes_are_those_between_both_editions_as_they_are_answered(changed):
    visitor, first = changed
    answer = told(visitor, first + 1)
    before, after = held(visitor, first), held(visitor, first + 1)
    differing = {zone for zone in before.keys() | after.keys() if before.get(zone) != after.get(zone)}
    found = {one["zone"]: one for one in answer["items"]}
    assert found.keys() == differing
    assert answer["counts"] == {
        "new": len(after.keys() - before.keys()),
        "gone": len(before.keys() - after.keys()),
        "changed": len(differing & before.keys() & after.keys()),
    }
    for zone, one in found.items():
        old, new = before.get(zone), after.get(zone)
        assert one["delta_m2"] == pytest.approx((new[2] if new else 0) - (old[2] if old else 0), abs=0.01)
        assert (one["before"] is None, one["after"] is None) == (old is None, new is None)
        if old and new:
            assert one["reshaped"] == (old[0] != new[0])
            assert set(one["attributes"]) == {name for name in ABOUT if old[1][name] != new[1][name]}
    parents = {one["zone"]: one["parents"] for one in answer["items"] if one["state"] == "new"}
    assert len(parents) == 2
    assert len({*map(tuple, parents.values())}) == 1


def test_looked_at_from_the_other_side_all_is_reversed_and_a_revert_differs_in_nothing(changed):
    visitor, first = changed
    there, back = told(visitor, first + 1), told(visitor, first, **{"from": first + 1})
    assert [(one["zone"], one["before"], one["after"], -one["delta_m2"]) for one in there["items"]] == [
        (one["zone"], one["after"], one["before"], pytest.approx(one["delta_m2"])) for one in back["items"]
    ]
    assert told(visitor, first + 2, **{"from": first})["items"] == []
    assert told(visitor, first + 2)["total"] == there["total"]
    whole = told(visitor, first + 1, **{"from": 0, "limit": 3})
    assert (len(whole["items"]), whole["earlier"], whole["counts"]["gone"]) == (3, None, 0)
    for edition, asked in ((first + 9, {}), (first, {"from": first + 9})):
        assert visitor.get(f"/api/editions/{edition}/changes", params=asked).status_code == 404


def test_the_change_log_is_read_on_the_page_and_taken_away_as_a_document(changed):
    visitor, first = changed
    answer = told(visitor, first + 1)
    where = {"from": first, "to": first + 1}
    page = visitor.get("/zones/compare", params=where)
    assert page.status_code == 200, page.text[:500]
    sheet = visitor.get("/zones/compare.xlsx", params=where)
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True))
    heading = next(number for number, row in enumerate(rows) if row[0] == "区号")
    assert [row[0] for row in rows[heading + 1 :][: answer["total"]]] == [one["zone"] for one in answer["items"]]
    deltas = [row[8] for row in rows[heading + 1 :][: answer["total"]]]
    assert deltas == [pytest.approx(one["delta_m2"], abs=0.01) for one in answer["items"]]
    html = visitor.get("/zones/compare.html", params={**where, "lang": "en"}).text
    for one in answer["items"]:
        assert f'data-change="{answer["items"].index(one)}"' in page.text
        assert one["zone"] in html
    assert "Zone changes from edition" in html
    assert visitor.get("/zones/compare.pdf", params=where).content.startswith(b"%PDF")
    assert visitor.get("/zones/compare", params={"from": first + 9}).status_code == 404
