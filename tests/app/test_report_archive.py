"""Reports of a bulk check as one archive: every site on the index, every printed one on record and known again."""
# ruff: noqa: F811 - fixtures of other files

import hashlib
import io
import zipfile

import numpy as np
import openpyxl
import pytest
import shapely

from app.queue.orders import GRADE
from app.siting import report_archive
from app.worker.loop import work_once
from gis_layers.stores.jobs import order_job
from tests.app.conftest import site
from tests.app.test_batch import CLEAR, WET, flooded, hand_in, sites  # noqa: F401 - fixtures
from tests.app.test_kept_papers import verified  # noqa: F401

BROKEN = shapely.Polygon([(99.8, 39.3), (99.801, 39.301), (99.801, 39.3), (99.8, 39.301)])


@pytest.fixture
def archived(client, deployment, flooded):
    """The job and the opened archive of the reports of a file of these sites."""

    def do(*features, asked="", headers=None):
        batch = hand_in(client, sites(*features)).json()
        assert work_once(deployment)
        ordered = client.post(f"/api/siting/batch/{batch['id']}/reports{asked}", headers=headers)
        assert ordered.status_code == 202, ordered.text
        assert work_once(deployment)
        job = client.get(ordered.headers["location"]).json()
        assert job["state"] == "done", (job["error"], job["step"])
        content = client.get(job["links"]["files"]["reports.zip"])
        assert content.headers["content-type"] == "application/zip"
        return job, zipfile.ZipFile(io.BytesIO(content.content))

    return do


def index_of(archive) -> list[tuple]:
    book = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx")))
    return list(book.worksheets[0].iter_rows(min_row=2, values_only=True))


def test_every_site_stands_on_the_index_and_every_report_is_one_on_record(archived, client, verified):
    named = [site(CLEAR, name="=1+1"), site(WET, "K1", name="甲"), site(BROKEN, name="乙")]
    job, archive = archived(*named)
    assert job["result"] == {"reports": 2, "sites": 3, "batch": job["order"]["batch"]}
    rows = index_of(archive)
    assert [row[0] for row in rows] == [0, 1, 2]
    assert [row[1] for row in rows[:2]] == ["'=1+1", "甲"]
    for row, shape, kind in zip(rows, (CLEAR, WET), ("K2", "K1"), strict=False):
        number, file, digest, file_digest = row[4], row[7], row[8], row[9]
        content = archive.read(file)
        assert hashlib.sha256(content).hexdigest() == file_digest
        kept = client.get(f"/api/siting/checks/{number}").json()
        assert kept["result_digest"] == digest
        assert content == client.get(f"/api/siting/checks/{number}/report.pdf").content
        found = verified(content)
        assert (found.status, found.check) == ("unchanged", number)
        alone = client.post("/api/siting/check", json=site(shape, kind)).json()
        assert kept["verdict"] == alone["verdict"]
    assert rows[2][7] is None
    assert rows[2][3] == "未出报告"
    assert len(rows[2][10]) > 4
    assert set(archive.namelist()) == {"index.xlsx", rows[0][7], rows[1][7]}


def test_the_most_severe_are_printed_where_there_are_too_many_and_the_others_say_so(archived, monkeypatch):
    monkeypatch.setattr(report_archive, "MOST_REPORTS", 2)
    away = [shapely.transform(WET, lambda xy, d=d: xy + np.array([d, 0])) for d in (0, 0.002)]
    job, archive = archived(site(CLEAR, "K6"), *[site(shape, "K1") for shape in away], site(CLEAR, "K6"))
    assert (job["result"]["reports"], job["result"]["sites"]) == (2, 4)
    assert [row[7] is not None for row in index_of(archive)] == [False, True, True, False]


def test_reports_speak_the_language_and_for_whom_they_were_ordered(archived, client):
    _, archive = archived(site(CLEAR), headers={"Accept-Language": "en"})
    assert openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx"))).sheetnames[0] == "Index of reports"
    refused = client.post("/api/siting/batch/1/reports?profile=public")
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "unready")


def test_reports_are_ordered_of_ones_own_finished_bulk_check_alone(client, deployment, flooded):
    batch = hand_in(client, sites(site(CLEAR))).json()
    early = client.post(f"/api/siting/batch/{batch['id']}/reports")
    assert (early.status_code, early.json()["type"].rpartition(":")[2]) == (409, "not-ended")
    with deployment.sessions.begin() as session:
        other = order_job(session, GRADE, {"unit": "village"}, author="token:test").id
    assert client.post(f"/api/siting/batch/{other}/reports").status_code == 404
    assert client.post("/api/siting/batch/999/reports").status_code == 404


def test_a_file_that_is_kept_no_more_is_told_and_leaves_nothing(client, deployment, flooded):
    batch = hand_in(client, sites(site(CLEAR))).json()
    assert work_once(deployment)
    ordered = client.post(f"/api/siting/batch/{batch['id']}/reports")
    with deployment.sessions.begin() as session:
        session.connection().exec_driver_sql("DELETE FROM job_files")
    assert work_once(deployment)
    job = client.get(ordered.headers["location"]).json()
    assert (job["state"], job["links"]["files"]) == ("failed", {})
    assert str(batch["id"]) in job["error"]
