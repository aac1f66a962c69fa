"""No file that is handed in has another one read or an address reached, by whichever reader, whatever it says."""

from __future__ import annotations

import inspect
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from gis_layers import exchange
from gis_layers.errors import ConfinedMemory, ConfinedTimeout, ConfinedTrouble, GisError, UnreadableFile
from gis_layers.exchange import OUTLINE, ReadingOptions, read_extent, read_sites
from gis_layers.exchange.formats.layer_choice import open_layer
from gis_layers.exchange.formats.registry import known_formats
from gis_layers.sandbox import run_confined
from tests.exchange.deliveries import GEO4_WORDS, gbk_shapefile, rows_of_squares, write_geojson
from tests.exchange.hostile import HARMLESS, PLOT, TRICKS, Bait

SECRET = "s3cr3t-of-mine"
AS_GUEST = ReadingOptions(limits=OUTLINE)
TERMS: dict[str, dict[str, Any]] = {
    "read_zones": {"hazard": "geological", "product": "hazard", "grade_words": GEO4_WORDS, "grade_required": True}
}
READERS = {
    name: getattr(exchange, name) for name in exchange.__all__ if name.startswith("read_") and name != "read_extent"
}


@pytest.fixture
def bait(tmp_path: Path) -> Iterator[Bait]:
    """A secret beside the files, and a listener that must never be spoken to."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    secret = folder / "fakeenv.csv"
    secret.write_text(f"key,value\nANZHI_FAKE_SECRET,{SECRET}\n", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield Bait(secret, server.getsockname()[1])
        with pytest.raises(BlockingIOError):
            server.accept()


def laid(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", TRICKS)
def test_a_file_in_disguise_is_refused_and_what_it_points_to_stays_closed(name: str, bait: Bait, tmp_path: Path):
    path = laid(tmp_path, name, TRICKS[name](bait))
    with pytest.raises(GisError) as refused:
        read_sites(path, AS_GUEST)
    assert not isinstance(refused.value, ConfinedTrouble), "refused by what it is, before it costs its time"
    assert SECRET not in repr(refused.value)


def test_workbooks_are_read_by_the_parser_that_refuses_document_types_though_another_is_installed():
    assert find_spec("lxml") is not None
    asked = (
        "(lambda book: (book.LXML, book.DEFUSEDXML, book.xml.functions.fromstring.__module__))(__import__('openpyxl'))"
    )
    assert run_confined(eval, asked) == (False, True, "defusedxml.common")


@pytest.mark.parametrize("name", HARMLESS)
def test_what_may_be_read_is_read_without_what_it_points_to(name: str, bait: Bait, tmp_path: Path):
    path = laid(tmp_path, name, HARMLESS[name](bait))
    delivery = read_sites(path, replace(AS_GUEST, crs="EPSG:4490") if name == "links.dxf" else AS_GUEST)
    assert delivery.report.features_read >= 1
    assert SECRET not in repr(delivery)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "name",
    [
        "sql.geojson",
        "pipeline.gpkg",
        "curl.gpkg",
        "virtual.gpkg",
        "vrt-inside.zip",
        "entity.kml",
        "vrt.kmz",
        "sql.dxf",
        "circle.dxf",
    ],
)
def test_every_reader_refuses(reader: str, name: str, bait: Bait, tmp_path: Path):
    path = laid(tmp_path, name, TRICKS[name](bait))
    with pytest.raises(UnreadableFile) as refused:
        READERS[reader](path, ReadingOptions(), **TERMS.get(reader, {}))
    assert SECRET not in repr(refused.value)


@pytest.mark.parametrize("name", ["vrt.geojson", "pipeline.geojson", "sql.gpkg", "wfs.gpkg", "link.zip"])
def test_an_extent_is_a_file_like_any_other(name: str, bait: Bait, tmp_path: Path):
    with pytest.raises(UnreadableFile) as refused:
        read_extent(laid(tmp_path, name, TRICKS[name](bait)), ReadingOptions())
    assert SECRET not in repr(refused.value)


@pytest.mark.parametrize(
    "address",
    ["/vsicurl/{address}.geojson", "/vsizip//vsicurl/{address}.zip", "{address}.geojson", "CSV:{secret}", "GPKG:{secret}",
     "/vsisubfile/0_100,{secret}", "/vsistdin/", "WFS:{address}", "OAPIF:{address}", "zip://{secret}!a.geojson", "{pipe}"],
)  # fmt: skip
def test_a_name_is_the_name_of_a_file_on_this_machine(address: str, bait: Bait, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.geojson")
    name = address.format(address=bait.address, secret=bait.secret, pipe=tmp_path / "pipe.geojson")
    for read in (read_sites, read_extent):
        with pytest.raises(UnreadableFile) as refused:
            read(Path(name), AS_GUEST)
        assert SECRET not in repr(refused.value)


@pytest.mark.parametrize(
    "name", ["CSV:sites.gpkg", "zip:!sites.zip.gpkg", "sites?.gpkg", "vsicurl.gpkg", "a.gpkg.zip.gpkg"]
)
def test_an_odd_name_of_a_real_file_is_only_a_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[PLOT], crs=4490).to_file(tmp_path / "made.gpkg", driver="GPKG")
    (tmp_path / "made.gpkg").rename(tmp_path / name)
    assert read_sites(Path(name), ReadingOptions()).report.features_loaded == 1


@pytest.mark.parametrize("layer", ["delivery-0", "红线 2024(终)", "a.b", 'say "so"', "it's", "x;y", "select"])
def test_a_layer_may_be_called_anything(layer: str, tmp_path: Path):
    """Its name stands in the names of the triggers that keep its index; they are no program of a stranger's."""
    path = tmp_path / "odd.gpkg"
    gpd.GeoDataFrame({"name": ["a"]}, geometry=[PLOT], crs=4490).to_file(path, driver="GPKG", layer=layer)
    assert read_sites(path, AS_GUEST).report.features_loaded == 1


def test_a_database_with_a_log_beside_it_is_read_with_what_stands_in_the_log(tmp_path: Path):
    import sqlite3

    path = tmp_path / "open.gpkg"
    gpd.GeoDataFrame({"name": ["before"]}, geometry=[PLOT], crs=4490).to_file(path, driver="GPKG")
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    for trigger in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger[0]}"')
    database.execute("UPDATE open SET name = 'after'")
    database.commit()
    try:
        assert list(read_sites(path, ReadingOptions()).frame["name"]) == ["after"]
    finally:
        database.close()


def test_a_part_of_a_shapefile_that_is_a_link_to_elsewhere_is_not_read(bait: Bait, tmp_path: Path):
    path = gbk_shapefile(tmp_path, rows_of_squares(2))
    path.with_suffix(".cpg").unlink()
    path.with_suffix(".cpg").symlink_to(bait.secret)
    delivery = read_sites(path, ReadingOptions())
    assert (delivery.report.features_loaded, delivery.report.encoding) == (2, "GB18030")
    assert SECRET not in repr(delivery)


def test_a_file_that_takes_too_long_or_too_much_is_stopped_and_named(tmp_path: Path):
    path = write_geojson(tmp_path / "长.geojson", [*rows_of_squares(4) * 500])
    with pytest.raises(ConfinedTimeout, match=r"长\.geojson"):
        read_sites(path, ReadingOptions(limits=replace(OUTLINE, wall_s=0.05)))
    with pytest.raises(ConfinedMemory, match=r"长\.geojson"):
        read_sites(path, ReadingOptions(limits=replace(OUTLINE, memory_bytes=1024**2)))
    assert read_sites(path, AS_GUEST).report.features_loaded == 2_000


def test_nothing_is_opened_outside_a_confined_process(tmp_path: Path):
    with pytest.raises(AssertionError, match="read apart"):
        open_layer(write_geojson(tmp_path / "a.geojson", rows_of_squares(1)), ReadingOptions())


def test_every_reader_reads_apart():
    for name, read in READERS.items():
        body = inspect.getsource(inspect.unwrap(read))
        assert read.__code__.co_name == ("read_guarded" if "receive_apart(" in body else "read_apart"), name


def test_every_format_that_is_read_has_a_signature_and_names_its_drivers():
    read = {known.name: known for known in known_formats() if known.read}
    assert all(known.signature for known in read.values())
    assert {name: known.drivers for name, known in read.items()} == {
        "csv": (),
        "dxf": (),
        "excel": (),
        "file_geodatabase": ("OpenFileGDB",),
        "geojson": ("GeoJSON", "TopoJSON"),
        "geopackage": ("GPKG",),
        "geoparquet": (),
        "kml": (),
        "kmz": (),
        "osm_pbf": (),
        "shapefile": ("ESRI Shapefile",),
        "text": (),
    }
