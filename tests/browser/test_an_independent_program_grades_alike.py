"""Every village of a running service, graded by it and a second time by a program that shares no code with it."""

import httpx
import numpy as np
import pytest

from app.assessments.service import GradingOrder, grade_town
from app.platform.deployment import open_deployment
from app.platform.settings import Settings
from app.platform.work import Work
from gis_layers.embedded import join_cluster
from tests.recomputed.grading import Grader, Town
from tests.recomputed.ground import read_published
from tests.running import Running

SCORE, AREA_M2 = 1e-6, 0.01
"""How far two programs may be apart that cut the same ground in another order."""


@pytest.fixture(scope="module")
def recomputed(town: Running):
    with join_cluster(town.data_dir) as cluster:
        return Grader(read_published(cluster.url)), Town(cluster.url)


@pytest.fixture(scope="module")
def told(town: Running):
    """What the service answers of every village, graded now: others may have graded the shared town by other rules."""
    settings = Settings().with_data_dir(town.data_dir)
    with open_deployment(settings, lambda _: None) as found, found.sessions.begin() as session:
        run = grade_town(Work(session, found, found.books.packaged), GradingOrder("village", "officer")).id
    with httpx.Client(base_url=town.base, timeout=60) as client:
        answer = client.get("/api/areas", params={"unit": "village", "limit": 500}).json()
    assert {item["run"] for item in answer["items"]} == {run}
    assert len(answer["items"]) == answer["total"]
    return {item["area"]: item for item in answer["items"]}


def test_a_program_of_its_own_grades_every_village_alike(recomputed, told):
    grader, town = recomputed
    assert set(town.codes) == set(told)
    assert len(told) > 5
    for code, name, unit in zip(town.codes, town.names, town.shapes, strict=True):
        item, measured = told[code], grader.measure(unit)
        mine = grader.grade([score for _, _, score in measured])
        assert item["name"] == name
        assert_measured(item, grader, measured)
        assert item["data_gaps"] == [
            one["key"] for one, (_, _, score) in zip(grader.hazards, measured, strict=True) if score is None
        ]
        if mine is None:
            assert (item["grade"], item["score"], item["maximum"]) == (None, None, None)
            continue
        rank, total, most, by_sum, by_most = mine
        assert (item["grade"], item["grade_rank"]) == (grader.name(rank), rank)
        assert (item["score"], item["maximum"]) == pytest.approx((total, most), abs=SCORE)
        joined = item["measurements"]["composite"]
        assert (joined["by_weighted"], joined["by_maximum"]) == (grader.name(by_sum), grader.name(by_most))
        assert {one["hazard"]: one["area_m2"] for one in item["extremes"]} == pytest.approx(
            grader.hidden(measured, unit, rank), abs=AREA_M2
        )


def assert_measured(item, grader, measured) -> None:
    """The score, weight and surveyed share of every hazard, and the square metres of each of its grades."""
    for part, one, weight, (areas, share, score) in zip(
        item["contributions"], grader.hazards, grader.weights, measured, strict=True
    ):
        assert part["hazard"] == one["key"]
        assert part["weight"] == pytest.approx(weight, abs=1e-9)
        assert part["value"] == (None if score is None else pytest.approx(score, abs=SCORE))
        assert score is None or part["weighted"] == pytest.approx(score * weight, abs=SCORE)
        hazard = item["measurements"]["hazards"][one["key"]]
        assert hazard["surveyed_share"] == pytest.approx(share, abs=SCORE)
        found = {(row["grade_scheme"], row["grade_rank"]): row["area_m2"] for row in hazard["by_grade"]}
        assert set(found) <= set(areas)
        assert [found.get(mark, 0.0) for mark in areas] == pytest.approx(list(areas.values()), abs=AREA_M2)


def test_a_program_of_its_own_finds_the_same_risks(recomputed, told):
    grader, town = recomputed
    grades = [grader.grade([score for _, _, score in grader.measure(unit)]) for unit in town.shapes]
    hazard = np.array([np.nan if one is None else one[1] for one in grades])
    figures = np.column_stack(grader.risks(hazard, town.shapes, town))
    for code, (score, exposure, vulnerability, capacity) in zip(town.codes, figures, strict=True):
        risk = told[code]["risk"]
        known = {"exposure": exposure, "vulnerability": vulnerability, "capacity": capacity, "score": score}
        for name, value in known.items():
            assert risk[name] == (None if np.isnan(value) else pytest.approx(value, abs=SCORE)), (code, name)
        rank = None if np.isnan(score) else 1 + sum(round(score, 12) < bound for bound in grader.bounds)
        assert (risk["grade_rank"], risk["grade"]) == (rank, rank and grader.name(rank))
    assert any(one["risk"]["score"] is not None for one in told.values())
