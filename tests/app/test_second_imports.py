"""What is imported a second time is told and not kept twice; what is written never takes the place of what was read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from gis_layers.errors import UnwritableFile
from gis_layers.exchange.formats.writers import refuse_overwriting
from tests.saying import refusing, says, tells

PLACES = {
    "stations": "name,kind,lon,lat\n甲站,消防,99.80,39.33\n乙站,消防,99.81,39.34\n",
    "forces": "name,kind,capabilities,lon,lat\n甲队,专职消防,灭火,99.80,39.33\n乙队,专职消防,灭火,99.81,39.34\n",
    "facilities": "name,kind,lon,lat\n甲校,学校,99.80,39.33\n乙校,学校,99.81,39.34\n",
    "projects": 'name,project_class,wkt\n甲,K2,"POLYGON((99.8 39.3,99.801 39.3,99.801 39.301,99.8 39.3))"\n'
    '乙,K2,"POLYGON((99.81 39.3,99.811 39.3,99.811 39.301,99.81 39.3))"\n',
}

KNOWN = ("「{name}」已经登记（编号 {number}），位置相同", "「{name}」已经登记，范围相同")
NAMESAKE = "「{name}」在别处已有同名的登记（编号 {number}），另记为一处"


@pytest.fixture
def anzhi(database_url: str, monkeypatch):
    monkeypatch.setenv("ANZHI_DATABASE_URL", database_url)
    runner = CliRunner()
    return lambda *words: runner.invoke(cli, [str(word) for word in words])


@pytest.mark.parametrize("register", PLACES)
def test_places_imported_twice_are_told_and_kept_once(register: str, anzhi, tmp_path: Path):
    path = tmp_path / f"{register}.csv"
    path.write_text(PLACES[register], encoding="utf-8")
    first, second = (anzhi("import", register, path, "--json") for _ in range(2))
    assert json.loads(first.stdout)["features_loaded"] == 2
    report = json.loads(second.stdout)
    assert (second.exit_code, report["features_read"], report["features_refused"]) == (1, 2, 2)
    assert sum(any(says(one["problem"], told) for told in KNOWN) for one in report["problems"]) == 2
    moved = PLACES[register].replace("99.8", "99.9")
    path.write_text(moved, encoding="utf-8")
    third = json.loads(anzhi("import", register, path, "--json").stdout)
    assert third["features_loaded"] == 2
    assert sum(says(one["problem"], NAMESAKE) for one in third["problems"]) == 2


def laid(folder: Path) -> Path:
    given = folder / "in.csv"
    given.write_text("name,lon,lat\na,99.8,39.33\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(given)
    os.link(given, folder / "hard.csv")
    (folder / "sub").symlink_to(folder)
    return given


@pytest.mark.parametrize("out", ["in.csv", "./in.csv", "IN.CSV", "link.csv", "hard.csv", "sub/in.csv", "sub/In.csv"])
def test_an_answer_never_takes_the_place_of_the_question(out: str, anzhi, tmp_path: Path):
    given = laid(tmp_path)
    before = given.read_bytes()
    ran = anzhi("check", given, "--class", "K2", "--out", tmp_path / out)
    assert ran.exit_code == 1
    assert isinstance(ran.exception, UnwritableFile)
    assert tells(str(ran.exception), "{out} 会覆盖输入文件 {given}，没有写出；请换一个输出文件名")
    assert (given.read_bytes(), (tmp_path / "hard.csv").read_bytes()) == (before, before)
    assert anzhi("check", given, "--class", "K2", "--out", tmp_path / "out.csv").exit_code == 0


def test_the_parts_of_a_shapefile_are_inputs_too(tmp_path: Path):
    for suffix in (".shp", ".shx", ".dbf", ".prj"):
        (tmp_path / f"a{suffix}").write_bytes(b"x")
    with refusing(UnwritableFile, match=r"a\.dbf"):
        refuse_overwriting(tmp_path / "A.dbf", [tmp_path / "a.shp"])
    refuse_overwriting(tmp_path / "b.dbf", [tmp_path / "a.shp"])
    (tmp_path / "b.gdb").mkdir()
    with refusing(UnwritableFile, match=r"b\.gdb"):
        refuse_overwriting(tmp_path / "b.gdb" / "out.csv", [tmp_path / "b.gdb"])
