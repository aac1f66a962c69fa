"""No exception leaves a reader but its own: whatever a library stumbles over becomes a refusal that names the place."""

from __future__ import annotations

import errno
import inspect
import logging
import struct
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from gis_layers.errors import ConfinedMemory, GisError, ReaderFailed, UnreadableFile
from gis_layers.exchange import ReadingOptions, read_projects, read_sites
from gis_layers.exchange.delivery import border
from gis_layers.exchange.formats import archives, confined_reading, layer_choice
from gis_layers.exchange.formats.registry import known_formats
from gis_layers.exchange.layers.ingest import ingest
from gis_layers.sandbox import belts, run_confined
from tests.exchange.deliveries import rows_of_squares, write_geojson
from tests.exchange.stumbling import SLIPS, stumble
from tests.exchange.test_hostile_files import READERS, TERMS
from tests.saying import refusing

UNFORESEEN = [slip for slip in SLIPS if slip not in ("memory", "refusal", "half a character")]


@pytest.fixture
def some(tmp_path: Path) -> Path:
    return write_geojson(tmp_path / "区划.geojson", rows_of_squares(1))


@pytest.mark.parametrize("slip", UNFORESEEN)
def test_what_no_reader_foresaw_is_refused_by_name_and_written_down(slip: str, some: Path, caplog):
    with caplog.at_level(logging.ERROR), pytest.raises(ReaderFailed) as refused, border.logged():
        run_confined(stumble, some, slip)
    assert "区划.geojson" in str(refused.value)
    assert "stumbling.stumble:" in str(refused.value)
    assert "stumble" in caplog.text


def test_trouble_that_has_a_name_and_memory_that_ran_out_stay_themselves(some: Path):
    with pytest.raises(ConfinedMemory):
        run_confined(stumble, some, "memory")
    with refusing(UnreadableFile, match="as it is") as refused:
        run_confined(stumble, some, "refusal")
    assert not isinstance(refused.value, ReaderFailed)


def test_what_a_message_quotes_of_a_file_can_be_kept(some: Path):
    with pytest.raises(UnreadableFile) as refused:
        run_confined(stumble, some, "half a character")
    assert str(refused.value) == "a??b 无法读取"
    assert refused.value.args[0].template == "{name} 无法读取"


@pytest.mark.parametrize("known", [known for known in known_formats() if known.read], ids=lambda known: known.name)
@pytest.mark.parametrize("part", ["signature", "read", "count"])
def test_a_format_that_stumbles_does_so_at_the_border(known, part: str, some: Path, monkeypatch):
    def slip(*_: object) -> None:
        raise SLIPS["zero"]

    spoilt = replace(next(one for one in known_formats() if one.name == "geojson"), name=known.name, **{part: slip})
    monkeypatch.setattr(layer_choice, "format_of", lambda _: spoilt)
    monkeypatch.setattr(belts._State, "confined", True)
    with refusing(ReaderFailed, match=r"ZeroDivisionError.*test_border\.slip"):
        confined_reading._read_here((ingest.__module__, ingest.__qualname__), some, ReadingOptions(), (("name",),), {})


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_ends_at_the_border(reader: str, some: Path, monkeypatch):
    """Also where it goes on outside of the confined process with what came out of it."""

    def slip(*_: object, **__: object) -> None:
        raise SLIPS["key"]

    read = READERS[reader]
    monkeypatch.setattr(f"{inspect.unwrap(read).__module__}.deliver", slip)
    monkeypatch.setattr(belts._State, "confined", True)
    inside = partial(confined_reading._read_here, (read.__module__, read.__qualname__))
    begin = partial(read, some, ReadingOptions())
    if read.__code__.co_name == "read_apart":
        begin = partial(inside, some, ReadingOptions(), (), TERMS.get(reader, {}))
    with refusing(ReaderFailed, match="KeyError"):
        begin()


def test_an_archive_no_library_understands_is_refused(tmp_path: Path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.geojson", "{}")

    def slip(*_: object) -> None:
        raise struct.error("unpack requires a buffer")

    monkeypatch.setattr(archives, "_unpack", slip)
    with refusing(ReaderFailed, match=r"a\.zip"):
        archives.unpack_into(tmp_path / "a.zip", tmp_path, ReadingOptions().limits)


def test_the_border_lets_a_full_disk_pass(tmp_path: Path):
    with pytest.raises(OSError, match="No space"), border.border(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_readers_raise_nothing_of_a_library(tmp_path: Path):
    for name, content in (("a.csv", b""), ("a.geojson", b"{"), ("a.zip", b"PK"), ("a.xlsx", b"PK\x03\x04")):
        (tmp_path / name).write_bytes(content)
        for read in (read_sites, read_projects):
            with pytest.raises(GisError):
                read(tmp_path / name, ReadingOptions())
