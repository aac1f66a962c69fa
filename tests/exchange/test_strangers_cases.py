"""Every file of the table by command, by the page of imports and by upload: so many loaded, so many refused, and the words that help."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from app.main import create_app
from app.platform.deployment import Deployment, connect
from app.platform.principals import Role, new_token, token_digest
from app.platform.settings import Settings
from app.worker.loop import work_once
from gis_layers.stores import access
from tests.conftest import TEMPLATE
from tests.exchange.strangers import advice, coordinates, counts, values
from tests.exchange.strangers.case import Case
from tests.running import anzhi_here

CASES = (*counts.CASES, *values.CASES, *coordinates.CASES, *advice.CASES)
UPLOADED = {case.path: case for case in reversed(CASES) if case.uploaded is not None}
OF_AREAS = {
    (case.path, *case.kind[3 if case.kind[0] == "units" else 5 :]): case
    for case in CASES
    if case.kind[0] in {"zones", "units"}
}
"""The files of zones and units, each once for what is told of it."""
KEPT_IN = ("enterprises", "stations", "forces", "facilities", "hidden_dangers", "villages", "projects", "unit_sets")


@pytest.fixture(scope="module")
def url(cluster, copy_database) -> Iterator[str]:
    """One database for the whole table; each case finds the registers empty."""
    yield copy_database(TEMPLATE, "anzhi_strangers")
    cluster.drop_database("anzhi_strangers")


@pytest.fixture(scope="module")
def deployment(url: str) -> Iterator[Deployment]:
    connected = connect(Settings(), url)
    yield connected
    connected.engine.dispose()


@pytest.fixture(scope="module")
def visitor(deployment: Deployment) -> Iterator[TestClient]:
    token = new_token()
    with deployment.sessions.begin() as session:
        access.save_token(session, name="visitor", role=Role.OFFICER.value, digest=token_digest(token))
    with TestClient(create_app(deployment, loopback=True), headers={"Authorization": f"Bearer {token}"}) as client:
        yield client


@pytest.fixture
def emptied(url: str) -> Iterator[str]:
    yield url
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for table in KEPT_IN:
            connection.execute(text(f"DELETE FROM {table}"))
    engine.dispose()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_imported_as_it_should_be_and_the_page_reports_what_the_console_does(
    case: Case, emptied: str, visitor: TestClient, deployment: Deployment, tmp_path: Path
):
    kind, *options = case.kind
    previewed = None if kind == "units" else preview(case, visitor, deployment)
    words = ("import", kind, case.path, *options, "--json")
    ended = anzhi_here(tmp_path, *words, ANZHI_DATABASE_URL=emptied, LC_ALL="zh_CN.UTF-8")
    report = json.loads(ended.stdout)
    check(case, report, says=case.says, loaded=case.loaded)
    assert ended.returncode == (0 if case.loaded else 1), ended.stderr
    if previewed is not None:
        if case.path.suffix == ".shp":  # a page is sent an archive: the console reads that one too
            name, content = packed(case.path)
            (tmp_path / name).write_bytes(content)
            again = ("import", kind, tmp_path / name, *options, "--json")
            archived = anzhi_here(tmp_path, *again, ANZHI_DATABASE_URL=emptied, LC_ALL="zh_CN.UTF-8")
            report = json.loads(archived.stdout)
        assert previewed == seen_by_the_page(report, failed=isinstance(previewed, str))
    if case.stored is not None:
        assert count(emptied, kind.replace("-", "_")) == case.stored


@pytest.mark.parametrize("case", UPLOADED.values(), ids=lambda case: case.file)
def test_a_file_is_uploaded_as_it_should_be(case: Case, visitor: TestClient):
    name, content = packed(case.path)
    answer = visitor.post("/api/siting/outline/file", files={"file": (name, content)})
    wanted, says = meant(case)
    if answer.status_code == 422:
        assert not wanted, answer.text
        assert all(word in answer.text for word in says), answer.text
        return
    assert answer.status_code == 200, answer.text
    check(case, answer.json()["report"], says=says, loaded=wanted)


@pytest.mark.parametrize("case", OF_AREAS.values(), ids=lambda case: case.name)
def test_areas_are_handed_in_as_units_and_for_a_bulk_check_as_they_should_be(
    case: Case, visitor: TestClient, deployment: Deployment, emptied: str
):
    wanted, says = meant(case)
    form = {option.strip("-"): value for option, value in pairwise(case.kind) if option in {"--layer", "--crs"}}
    answer = visitor.post("/api/unit-sets", files={"file": packed(case.path)}, data={"name": "片", **form})
    assert answer.status_code == (201 if wanted else 422), answer.text
    told = answer.json()
    if "report" in told:
        check(case, told["report"], says=says, loaded=wanted)
    else:
        assert all(word in answer.text for word in says), answer.text
    ordered = visitor.post("/api/siting/batch", files={"file": packed(case.path)}, data={"project_class": "K4", **form})
    assert ordered.status_code == 202, ordered.text
    assert work_once(deployment)
    job = visitor.get(ordered.headers["location"]).json()
    assert job["state"] == ("done" if wanted else "failed"), job
    if wanted:
        check(case, job["result"]["report"], says=says, loaded=wanted)
        assert sum(job["result"]["verdicts"].values()) == wanted
    else:
        assert job["error"]


def preview(case: Case, visitor: TestClient, deployment: Deployment) -> dict[str, Any] | str:
    """The report of a preview, or why there is none."""
    kind, *options = case.kind
    named = {"--layer": "part", "--field": "fields", "--grade-scheme": "grade_scheme"}
    form: dict[str, str] = {}
    for option, value in zip(options[::2], options[1::2], strict=True):
        name = named.get(option, option.strip("-"))
        form[name] = f"{form[name]}\n{value}" if name in form else value
    ordered = visitor.post("/api/imports", files={"file": packed(case.path)}, data={"layer": kind, **form})
    assert ordered.status_code == 202, ordered.text
    assert work_once(deployment)
    job = visitor.get(ordered.headers["location"]).json()
    visitor.delete(f"{ordered.headers['location']}/files")
    return job["result"]["report"] if job["state"] == "done" else job["error"]


def seen_by_the_page(report: dict[str, Any], *, failed: bool) -> dict[str, Any] | str:
    """A report of the console as the page has it: nothing is in a draft yet, and what no feature was read of is one reason."""
    return report["problems"][0]["problem"] if failed else report | {"draft": None, "edition": None}


def meant(case: Case) -> tuple[int, tuple[str, ...]]:
    """How many shapes of a case load at an upload, and the words that help, but for those of the console."""
    told = case.says if case.upload_says is None else case.upload_says
    loaded = case.loaded if case.uploaded in {-1, None} else case.uploaded
    return loaded or 0, told


def check(case: Case, report: dict[str, Any], *, says: tuple[str, ...], loaded: int) -> None:
    """Read is loaded and refused, loaded is what is right, and every word that helps is there."""
    told = " ".join(f"{problem['problem']} {problem['advice']}" for problem in report["problems"])
    assert report["features_read"] == report["features_loaded"] + report["features_refused"]
    assert report["features_loaded"] == loaded, told
    if case.refused is not None:
        assert report["features_read"] == case.loaded + case.refused, told
    assert [word for word in says if word not in told] == [], told
    assert [word for word in case.silent if word in told] == [], told


def packed(path: Path) -> tuple[str, bytes]:
    """A file as a page sends it: a shapefile as an archive of all that belongs to it."""
    if path.suffix.lower() != ".shp":
        return path.name, path.read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for part in path.parent.glob(f"{path.stem}.*"):
            zipped.write(part, part.name)
    return f"{path.stem}.zip", archive.getvalue()


def count(url: str, table: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(found)
