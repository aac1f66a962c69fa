"""An officer grades the villages at the console; the service that runs beside it answers the new grades at once."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.running import Running, reachable_folder, start


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with reachable_folder() as folder:
        started = start(folder / "data")
        yield started
        started.stop()


def areas(running: Running, unit: str = "village") -> list[dict]:
    return httpx.get(f"{running.base}/api/areas?unit={unit}", timeout=60).raise_for_status().json()["items"]


def test_the_synthetic_township_is_graded_from_its_first_start(running: Running):
    graded = areas(running)
    assert len(graded) == 16
    ranks = [area["grade_rank"] for area in graded if area["grade_rank"]]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2
    ungraded = [area for area in graded if area["grade"] is None]
    assert ungraded
    assert all(area["data_gaps"] for area in ungraded)


def test_grading_again_without_a_change_moves_nothing(running: Running):
    before = areas(running)
    ran = running.anzhi("grade", "--json")
    assert ran.returncode == 0, ran.stderr
    run = json.loads(ran.stdout)
    after = areas(running)
    assert {area["run"] for area in after} == {run["id"]}
    compared = httpx.get(f"{running.base}/api/runs/{before[0]['run']}/compare/{run['id']}", timeout=60).json()
    assert compared["moved"] == []
    assert compared["unmoved"] == 16
    assert compared["changed_settings"] == {}
    assert compared["from"]["results_digest"] == compared["to"]["results_digest"]


def test_villages_and_cells_agree_on_how_much_ground_lies_in_each_grade_of_flood(running: Running):
    ran = running.anzhi("grade", "--unit", "grid", "--cell-m", "1000", "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["cell_m"] == 1000
    by_village, by_cell = _flooded(areas(running)), _flooded(areas(running, "grid&limit=1000"))
    assert set(by_village) == set(by_cell)
    assert by_cell == pytest.approx(by_village, rel=1e-5)


def test_a_wrong_unit_is_wrong_usage(running: Running):
    assert running.anzhi("grade", "--unit", "county").returncode == 2


def _flooded(graded: list[dict]) -> dict[str, float]:
    total: dict[str, float] = {}
    for area in graded:
        for row in area["measurements"]["hazards"]["flash_flood"]["by_grade"]:
            if row["grade"]:
                total[row["grade"]] = total.get(row["grade"], 0.0) + row["area_m2"]
    return total
