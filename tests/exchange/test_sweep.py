"""The sweep over a few files, whole and spoilt; `python -m tests.sweep FOLDER` goes over any number of them."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
import shapely

from tests import sweep
from tests.conftest import TEMPLATE
from tests.exchange.declared import WRITERS, Row
from tests.exchange.strangers.case import FOLDER

ROWS = [Row(f"第{n}村", f"6207241{n}", n, shapely.box(99.7 + n / 50, 39.3, 99.71 + n / 50, 39.31)) for n in range(4)]


@pytest.fixture
def url(cluster, copy_database):
    yield copy_database(TEMPLATE, "anzhi_sweep")
    cluster.drop_database("anzhi_sweep")


def test_every_kind_of_import_is_swept():
    from app.cli import imports

    assert {command.name or command.callback.__name__ for command in imports.cli.registered_commands} == set(
        sweep.KINDS
    )


def test_no_file_ends_in_a_traceback_a_hang_or_a_feature_nobody_counted(url: str, tmp_path: Path):
    for suffix, write in WRITERS.items():
        write(tmp_path / f"villages-{suffix[1:]}{suffix}", ROWS)
    files = [*sweep.files_below(tmp_path)]
    assert len(files) >= len(WRITERS)
    whole = [*sweep.sweep(files, url, ["villages"])]
    assert [one for one in whole if one.fault] == []
    assert [one.file for one in whole if (one.read, one.loaded) != (4, 4)] == []
    (tmp_path / "spoilt").mkdir()
    spoilt = [*sweep.spoilt_copies(files[::2], tmp_path / "spoilt", each=1, chance=random.Random(1))]
    assert [one for one in sweep.sweep(spoilt, url, ["villages"]) if one.fault] == []


def test_a_feature_that_vanishes_is_seen_by_the_sweep(url: str, tmp_path: Path, monkeypatch):
    """The sweep counts by itself: a reader that counts nothing is found out."""
    shutil.copy(FOLDER / "odd-members" / "nullfeat.geojson", tmp_path)
    (path,) = sweep.files_below(tmp_path)
    (right,) = sweep.sweep([path], url, ["units"])
    assert (right.read, right.loaded, right.refused, right.fault) == (4, 1, 3, None)
    assert sweep._fault_of(sweep.Seen(str(path), "units", 1, 1, 0), path, 1) == "uncounted: 4 declared, 1 read"
    assert sweep._fault_of(sweep.Seen(str(path), "units", 4, 1, 3, "x"), path, 0) == "uncounted: 1 loaded, 0 stored"
    monkeypatch.setattr(sweep, "anzhi_here", lambda *_, **__: 1 / 0)
    (stumbled,) = sweep.sweep([path], url, ["units"])
    assert "ZeroDivisionError" in str(stumbled.fault)


def test_a_hang_is_seen_by_the_sweep(url: str, tmp_path: Path, monkeypatch):
    (tmp_path / "a.csv").write_text("x", encoding="utf-8")

    def never(*_: object, **__: object) -> None:
        sweep._ring()

    monkeypatch.setattr(sweep, "anzhi_here", never)
    (seen,) = sweep.sweep([tmp_path / "a.csv"], url, ["units"])
    assert "a hang" in str(seen.fault)
