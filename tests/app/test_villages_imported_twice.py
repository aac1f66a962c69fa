"""Villages that come a second time: a report that names them, nothing kept twice, no constraint broken."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from app.exchange.service import import_places
from app.platform.work import Work
from gis_layers.exchange import ReadingOptions
from tests.exchange.deliveries import feature, polygon, square, write_geojson
from tests.saying import tells


@pytest.fixture
def villages(tmp_path: Path) -> Path:
    rows = [
        feature(polygon(square(99.70 + 0.02 * n, 39.28)), 名称=f"新村{n}", 村代码=code)
        for n, code in enumerate(("620799000001", "620799000002", None))
    ]
    return write_geojson(tmp_path / "villages.geojson", rows)


def test_villages_imported_twice_are_told_and_kept_once(deployment, villages):
    with deployment.sessions() as session:
        first = import_places(
            Work(session, deployment), "villages", villages, ReadingOptions(), author="officer"
        ).report
        again = import_places(
            Work(session, deployment), "villages", villages, ReadingOptions(), author="officer"
        ).report
        kept = session.scalar(text("SELECT count(*) FROM villages WHERE name LIKE '新村%'"))
        session.rollback()
    assert (first.features_loaded, first.features_refused) == (3, 0)
    assert (again.features_read, again.features_loaded, again.features_refused) == (3, 0, 3)
    assert [problem.feature for problem in again.problems] == [0, 1, 2]
    assert all(problem.location for problem in again.problems)
    assert tells(again.problems[0].problem, "「{name}」的代码 {code} 已经登记为「{known}」", code="620799000001")
    assert kept == 3


def test_a_code_given_twice_in_one_file_is_loaded_once(deployment, villages):
    document = json.loads(villages.read_text(encoding="utf-8"))
    document["features"][1]["properties"]["村代码"] = "620799000001"
    villages.write_text(json.dumps(document), encoding="utf-8")
    with deployment.sessions() as session:
        report = import_places(
            Work(session, deployment), "villages", villages, ReadingOptions(), author="officer"
        ).report
        session.rollback()
    assert (report.features_loaded, report.features_refused) == (2, 1)
    assert tells(report.problems[0].problem, "代码 {code} 与第 {number} 号要素相同", number=0)


def test_new_villages_come_in_beside_those_that_are_known(deployment, villages):
    with deployment.sessions() as session:
        import_places(Work(session, deployment), "villages", villages, ReadingOptions(), author="officer")
        document = json.loads(villages.read_text(encoding="utf-8"))
        document["features"].append(feature(polygon(square(99.85, 39.28)), 名称="新村0", 村代码="620799000009"))
        villages.write_text(json.dumps(document), encoding="utf-8")
        report = import_places(
            Work(session, deployment), "villages", villages, ReadingOptions(), author="officer"
        ).report
        session.rollback()
    assert (report.features_loaded, report.features_refused) == (1, 3)
