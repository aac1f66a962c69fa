"""Every file of the table by command and by upload: so many loaded, so many refused, and the words that help."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from app.main import create_app
from app.platform.deployment import connect
from app.platform.principals import Role, new_token, token_digest
from app.platform.settings import Settings
from gis_layers.stores import access
from tests.conftest import TEMPLATE
from tests.exchange.strangers import advice, coordinates, counts, values
from tests.exchange.strangers.case import Case
from tests.running import anzhi_here

CASES = (*counts.CASES, *values.CASES, *coordinates.CASES, *advice.CASES)
UPLOADED = {case.path: case for case in reversed(CASES) if case.uploaded is not None}
KEPT_IN = ("enterprises", "stations", "forces", "facilities", "hidden_dangers", "villages", "projects", "unit_sets")


@pytest.fixture(scope="module")
def url(cluster, copy_database) -> Iterator[str]:
    """One database for the whole table; each case finds the registers empty."""
    yield copy_database(TEMPLATE, "anzhi_strangers")
    cluster.drop_database("anzhi_strangers")


@pytest.fixture(scope="module")
def visitor(url: str) -> Iterator[TestClient]:
    deployment = connect(Settings(), url)
    token = new_token()
    with deployment.sessions.begin() as session:
        access.save_token(session, name="visitor", role=Role.VIEWER.value, digest=token_digest(token))
    with TestClient(create_app(deployment, loopback=True), headers={"Authorization": f"Bearer {token}"}) as client:
        yield client
    deployment.engine.dispose()


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
def test_a_file_is_imported_as_it_should_be(case: Case, emptied: str, tmp_path: Path):
    kind, *options = case.kind
    words = ("import", kind, case.path, *options, "--json")
    ended = anzhi_here(tmp_path, *words, ANZHI_DATABASE_URL=emptied)
    report = json.loads(ended.stdout)
    check(case, report, says=case.says, loaded=case.loaded)
    assert ended.returncode == (0 if case.loaded else 1), ended.stderr
    if case.stored is not None:
        assert count(emptied, kind.replace("-", "_")) == case.stored


@pytest.mark.parametrize("case", UPLOADED.values(), ids=lambda case: case.file)
def test_a_file_is_uploaded_as_it_should_be(case: Case, visitor: TestClient):
    name, content = packed(case.path)
    answer = visitor.post("/api/siting/outline/file", files={"file": (name, content)})
    wanted = case.loaded if case.uploaded == -1 else case.uploaded
    says = case.says if case.upload_says is None else case.upload_says
    if answer.status_code == 422:
        assert not wanted, answer.text
        assert all(word in answer.text for word in says if not word.startswith("--")), answer.text
        return
    assert answer.status_code == 200, answer.text
    check(case, answer.json()["report"], says=says, loaded=wanted)


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
