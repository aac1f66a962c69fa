"""The past of a zone as a page: held against the versions the service answers, its pictures against their geometry."""
# ruff: noqa: F811 - fixtures of other files

import re

import numpy as np
import pytest
import shapely

from app.maps.outline_picture import MARGIN, SIDE, OutlinePicture
from tests.app.test_edition_changes import changed  # noqa: F401
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import done
from tests.app.test_zone_edits_undone import tiled  # noqa: F401

HEADING = re.compile(r"<h2>第 (\d+) 版 · (新增|变化|消失)")


def editions_of(items: list[dict]) -> list[tuple[int, str]]:
    """Which edition made what of a zone, newest first, told from its versions alone."""
    begins = {one["from_edition"] for one in items}
    found = {
        one["from_edition"]: "变化" if any(other["to_edition"] == one["from_edition"] for other in items) else "新增"
        for one in items
    }
    found |= {one["to_edition"]: "消失" for one in items if one["to_edition"] and one["to_edition"] not in begins}
    return sorted(found.items(), reverse=True)


def test_a_page_tells_every_edition_that_made_something_of_a_zone(changed):
    visitor, first = changed
    touched = done(visitor.get(f"/api/editions/{first + 1}/changes"))["items"]
    assert {one["state"] for one in touched} == {"changed", "new", "gone"}
    for one in touched:
        page = visitor.get(f"/zones/{one['zone']}/history")
        assert page.status_code == 200, page.text[:300]
        told = done(visitor.get(f"/api/zones/{one['zone']}/history"))
        assert [(int(number), state) for number, state in HEADING.findall(page.text)] == editions_of(told["items"])
        for other in (*told["parents"], *told["children"]):
            assert f'href="/zones/{other}/history"' in page.text
        assert "误改" in page.text  # why the last edition went back
    assert "The past of zone" in visitor.get(f"/zones/{touched[0]['zone']}/history", params={"lang": "en"}).text
    assert visitor.get("/zones/999999999/history").status_code == 404


def points_in(path: str) -> np.ndarray:
    return np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", path), dtype=float)


@pytest.mark.parametrize("seed", range(5))
def test_a_picture_holds_all_of_its_shapes_in_their_true_proportion(seed):
    random = np.random.default_rng(seed)
    ground = shapely.box(*np.sort(random.uniform(0, 5000, (2, 2)), axis=0).ravel())
    holed = shapely.difference(ground, shapely.buffer(shapely.centroid(ground), shapely.minimum_clearance(ground) / 9))
    line = shapely.linestrings(random.uniform(-3000, 3000, (6, 2)))
    picture = OutlinePicture([holed, line])
    drawn = [points_in(picture.path(one)) for one in (holed, line)]
    assert np.vstack(drawn).min() >= MARGIN - 0.1
    assert np.vstack(drawn).max() <= SIDE - MARGIN + 0.1
    assert picture.path(holed).count("Z") == 2
    assert "Z" not in picture.path(line)
    scale = (SIDE - 2 * MARGIN) / max(np.ptp(shapely.get_coordinates([holed, line]), axis=0))
    west, south, east, north = shapely.bounds(ground) * scale
    assert np.ptp(drawn[0], axis=0) == pytest.approx([east - west, north - south], abs=0.25)
