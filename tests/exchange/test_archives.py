"""Archives: Chinese names, several layers, and the hostile ones."""

import contextlib
import json
import random
import zipfile
from pathlib import Path

import pytest

from gis_layers.errors import AmbiguousLayer, GisError, UnreadableFile
from gis_layers.exchange import ReadingOptions, write_layer
from gis_layers.exchange.formats.archives import unpacked
from tests.exchange.deliveries import gbk_shapefile, ogr2ogr, read, rows_of_squares, write_geojson
from tests.saying import refusing


def pack(folder: Path, *layers: str, gbk: bool = True, inside: str = "") -> Path:
    """Pack a GBK shapefile once for each layer name, with names as Chinese systems write them."""
    path = gbk_shapefile(folder, rows_of_squares(2), "EPSG:4521")
    with zipfile.ZipFile(folder / "delivery.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for layer in layers:
            for part in sorted(folder.glob(f"{path.stem}.*")):
                entry = zipfile.ZipInfo(f"{inside}{layer}{part.suffix}")
                if gbk:  # the bytes of the name are GBK and no flag says so
                    entry = _Unflagged(f"{inside}{layer}{part.suffix}".encode("gb18030").decode("cp437"))
                archive.writestr(entry, part.read_bytes())
    return folder / "delivery.zip"


class _Unflagged(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the name zipfile gives it
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


@pytest.mark.parametrize("gbk", [True, False])
def test_a_zipped_shapefile_is_read_in_a_folder_and_under_a_gbk_name(tmp_path: Path, *, gbk: bool) -> None:
    delivery = read(pack(tmp_path, "地质灾害分区", gbk=gbk, inside="成果/矢量/"))
    assert (delivery.report.features_loaded, delivery.report.encoding, delivery.report.crs) == (2, "GBK", "EPSG:4521")


def test_several_layers_ask_for_one_by_its_chinese_name(tmp_path: Path) -> None:
    path = pack(tmp_path, "易发性", "危险性")
    with pytest.raises(AmbiguousLayer, match="--layer）：危险性, 易发性"):
        read(path)
    assert read(path, ReadingOptions(layer="易发性")).report.features_loaded == 2
    with pytest.raises(AmbiguousLayer, match="没有图层「风险」"):
        read(path, ReadingOptions(layer="风险"))


def test_a_single_layer_of_another_name_than_asked_is_not_taken_for_it(tmp_path: Path) -> None:
    path = pack(tmp_path, "易发性")
    assert read(path, ReadingOptions(layer="易发性")).report.features_loaded == 2
    with pytest.raises(AmbiguousLayer):
        read(path, ReadingOptions(layer="危险性"))


def test_a_zipped_geojson_is_read_too(tmp_path: Path) -> None:
    source = write_geojson(tmp_path / "z.geojson", rows_of_squares(3))
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.write(source, "区划.geojson")
        archive.writestr("说明.txt", "成果说明")
    assert read(tmp_path / "z.zip").report.features_loaded == 3


@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_geodatabase_is_read_loose_and_zipped(tmp_path: Path, *, zipped: bool) -> None:
    source = write_geojson(tmp_path / "z.geojson", rows_of_squares(3))
    path = ogr2ogr(tmp_path / "成果.gdb", source, "-f", "OpenFileGDB", "-nln", "易发性")
    if zipped:
        with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
            for part in sorted(path.iterdir()):
                archive.write(part, f"资料/成果.gdb/{part.name}")
        path = tmp_path / "z.zip"
    delivery = read(path, ReadingOptions(layer="易发性"))
    assert delivery.report.format == "file_geodatabase"
    assert list(delivery.frame["name"]) == ["图斑0号", "图斑1号", "图斑2号"]


def test_a_name_that_points_out_of_the_archive_writes_nothing_there(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.geojson", "{}")
        archive.writestr("..\\..\\escaped.csv", "a")
    with unpacked(path) as members:
        folder = members[0].path.parent
        assert all(member.path.parent == folder for member in members)
        assert sorted(found.name for found in folder.iterdir()) == ["layer0.csv", "layer0.geojson"]
    assert not list(tmp_path.parent.glob("escaped*"))


def test_an_archive_within_an_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("inner.zip", "PK")
    with pytest.raises(UnreadableFile, match="压缩包里的压缩包"):
        read(tmp_path / "z.zip")


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", " " * 100_000)
    with refusing(UnreadableFile, match="more than"), unpacked(tmp_path / "z.zip", largest=10_000):
        pass


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", " " * 100_000)
    content = path.read_bytes()
    path.write_bytes(content.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(UnreadableFile), unpacked(path, largest=10_000):
        pass


def test_a_damaged_archive_and_one_without_layers_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "z.zip").write_bytes(b"PK\x03\x04 and nothing more")
    with refusing(UnreadableFile, match="pack it again"):
        read(tmp_path / "z.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("readme.docx", "x")
    with pytest.raises(UnreadableFile, match="没有可读的图层"):
        read(tmp_path / "y.zip")


def test_damage_anywhere_in_a_file_is_a_reason_and_never_a_crash(tmp_path: Path) -> None:
    frame = read(gbk_shapefile(tmp_path, rows_of_squares(3))).frame
    damage = random.Random(20240328)
    for name in ("z.zip", "z.xlsx", "z.csv", "z.gpkg", "z.geojson", "z.parquet"):
        write_layer(frame, tmp_path / name, layer_name="zones")
        whole = (tmp_path / name).read_bytes()
        for _ in range(12):
            content = bytearray(whole[: damage.choice([len(whole), damage.randrange(len(whole))])])
            for _ in range(8):
                content[damage.randrange(len(content))] = damage.randrange(256)
            (tmp_path / name).write_bytes(content)
            with contextlib.suppress(GisError):
                json.dumps(read(tmp_path / name).report.to_dict(), allow_nan=False).encode()


def test_a_missing_file_an_unknown_suffix_and_rubbish_are_unreadable(tmp_path: Path) -> None:
    with refusing(UnreadableFile, match="no file"):
        read(tmp_path / "none.shp")
    for name in ("drawing.dwg", "layer.gpkg", "layer.geojson", "layer.parquet"):
        (tmp_path / name).write_bytes(b"rubbish")
        with pytest.raises(UnreadableFile):
            read(tmp_path / name)
