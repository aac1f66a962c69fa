"""Every door that takes a file, with every file that is not what it says: nothing leaks, nobody is called, all is refused."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from app.cli import cli
from app.main import create_app
from app.platform.principals import Role
from app.worker.loop import work_once
from tests.exchange.hostile import TRICKS, Bait

SECRET = "s3cr3t-of-mine"
SOME = (
    "sql.geojson",
    "sql.gpkg",
    "curl.gpkg",
    "pipeline.json",
    "virtual.gpkg",
    "view.gpkg",
    "vrt-inside.zip",
    "link.zip",
    "external.xlsx",
    "entity.kml",
    "entity.kmz",
    "vrt.kml",
    "sql.dxf",
    "circle.dxf",
)
LAYERS = (
    ("zones", "--hazard", "geological", "--product", "hazard"),
    ("villages",), ("projects",), ("units", "--name", "单元"), ("constraints", "--kind", "farmland"),
    ("enterprises",), ("stations",), ("forces",), ("facilities",), ("hidden-dangers",), ("geohazard-sites",),
    ("regional-assessments",), ("roads",),
)  # fmt: skip


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    """A secret on the server, and a neighbour in its network."""
    (tmp_path / "server").mkdir()
    secret = tmp_path / "server" / "fakeenv.csv"
    secret.write_text(f"key,value\nANZHI_FAKE_SECRET,{SECRET}\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield Bait(secret, server.getsockname()[1])
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.fixture
def anzhi(database_url: str, monkeypatch):
    monkeypatch.setenv("ANZHI_DATABASE_URL", database_url)
    runner = CliRunner()
    return lambda *words: runner.invoke(cli, [str(word) for word in words])


def laid(folder: Path, name: str, bait: Bait) -> Path:
    path = folder / name
    path.write_bytes(TRICKS[name](bait))
    return path


def test_an_outline_is_no_way_to_another_file(client, bait):
    for name in {*SOME, "vrt.geojson", "vrt.gpkg", "wfs.gpkg", "oapif.json", "entity.kml", "bomb.zip", "wide.xlsx"}:
        answer = client.post("/api/siting/outline/file", files={"file": (name, TRICKS[name](bait))})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), (
            name,
            answer.text,
        )
        assert SECRET not in answer.text, name


def test_an_outline_under_a_name_that_means_something_elsewhere(client, bait):
    for name in ("/vsicurl/x", "a.csv/../../b", "a.\0gpkg", f"a.{'x' * 300}", "..", "CSV:x", "a.vrt", "a.gml", "a.kml"):
        answer = client.post("/api/siting/outline/file", files={"file": (name, TRICKS["vrt.csv"](bait))})
        assert answer.status_code in {400, 422}, (name, answer.text)


def test_a_bulk_check_is_no_way_to_another_file(client, deployment, bait):
    for name in SOME:
        made = client.post(
            "/api/siting/batch", files={"file": (name, TRICKS[name](bait))}, data={"project_class": "K2"}
        )
        assert made.status_code == 202, made.text
        assert work_once(deployment)
        job = client.get(made.headers["location"])
        assert job.json()["state"] == "failed", name
        assert SECRET not in job.text
        client.delete(made.headers["location"])


def test_a_unit_set_is_no_way_to_another_file(deployment, token, bait):
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    officer = TestClient(create_app(deployment, loopback=True), headers=headers, raise_server_exceptions=False)
    for name in SOME:
        form = {"name": f"片{name.replace('.', '')}"}
        answer = officer.post("/api/unit-sets", files={"file": (name, TRICKS[name](bait))}, data=form)
        assert answer.status_code == 422, (name, answer.text)
        assert SECRET not in answer.text


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer[0])
def test_the_console_imports_no_file_but_the_one_it_is_given(layer: tuple[str, ...], anzhi, bait, tmp_path):
    for name in ("sql.geojson", "pipeline.gpkg", "vrt-inside.zip", "entity.kml", "entity.kmz", "circle.dxf"):
        ran = anzhi("import", layer[0], laid(tmp_path, name, bait), *layer[1:])
        assert ran.exit_code == 1, (name, ran.output)
        assert SECRET not in ran.output + repr(ran.exception)


def test_the_console_checks_no_file_but_the_one_it_is_given(anzhi, bait, tmp_path):
    for name in SOME:
        ran = anzhi("check", laid(tmp_path, name, bait), "--out", tmp_path / "out.csv", "--class", "K2")
        assert ran.exit_code == 1, (name, ran.output)
        assert SECRET not in ran.output + repr(ran.exception)
    assert not (tmp_path / "out.csv").exists()


def test_an_extent_on_the_console_is_a_file_of_this_machine(anzhi, bait, tmp_path):
    zones = tmp_path / "zones.csv"
    zones.write_text(
        'name,grade,wkt\na,高,"POLYGON((99.8 39.3,99.81 39.3,99.81 39.31,99.8 39.31,99.8 39.3))"\n', encoding="utf-8"
    )
    extents = [laid(tmp_path, name, bait) for name in ("sql.geojson", "pipeline.geojson", "virtual.gpkg")]
    for extent in [*extents, f"/vsicurl/{bait.address}.geojson", f"CSV:{bait.secret}", bait.address]:
        ran = anzhi("import", "zones", zones, "--hazard", "geological", "--product", "hazard", "--extent", extent)
        assert ran.exit_code == 1, (extent, ran.output)
        assert SECRET not in ran.output + repr(ran.exception)


def test_the_doctor_tells_what_keeps_a_reader_in(anzhi):
    checks = {check["part"]: check for check in json.loads(anzhi("doctor", "--json").stdout)["checks"]}
    assert checks["reading apart"]["well"]
    assert "no sockets" in checks["reading apart"]["finding"]
