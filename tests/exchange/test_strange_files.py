"""Files people bring that hold no layer: each is told what it is and what to do next, by its name or by its bytes."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from gis_layers.errors import UnreadableFile
from gis_layers.exchange import ReadingOptions, read_sites, suffix_of
from gis_layers.exchange.formats.foreign_files import BY_SUFFIX
from tests.exchange.deliveries import gbk_shapefile, rows_of_squares
from tests.saying import refusing


def packed(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/", 1), content)
    return made.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
CONTENTS = {
    "xlsx in a csv": ("站点.csv", packed(xl__workbook=b""), r"rename it to end in \.xlsx"),
    "xls in a csv": ("站点.csv", OLE, r"save it as \.xlsx"),
    "page in a csv": ("站点.csv", b"<html><table><tr><td>1</td></tr></table></html>", r"save it as \.xlsx"),
    "page in an xlsx": ("站点.xlsx", b"<html xmlns:x='urn'><table></table></html>", r"save it as \.xlsx"),
    "locked workbook": ("站点.xlsx", OLE, "take the password off"),
    "pdf in a csv": ("表.csv", b"%PDF-1.7 ...", "vector data"),
    "rar in a zip": ("a.zip", b"Rar!\x1a\x07\x01\x00", "zip"),
    "shadow": ("zones.geojson", b"\x00\x05\x16\x07" + bytes(80), "._"),
    "drawing": ("a.geojson", b"AC1027" + bytes(80), "DXF"),
    "table in an xlsx": ("站点.xlsx", "名称\t经度\t纬度\n甲\t99.8\t39.33\n".encode(), r"rename it to end in \.csv"),
    "kml in a geojson": ("a.geojson", b"<?xml version='1.0'?><kml xmlns='urn:x'/>", r"rename it to end in \.kml"),
    "features in a gpkg": (
        "a.gpkg",
        b'{"type": "FeatureCollection", "features": []}',
        r"rename it to end in \.geojson",
    ),
    "sheet of 2003 in a csv": (
        "a.csv",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        r"save it as \.xlsx",
    ),
    "picture": ("a.gpkg", b"\x89PNG\r\n\x1a\n", "vector data"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_under_a_wrong_name_is_named(name: str, tmp_path: Path):
    file, content, step = CONTENTS[name]
    (tmp_path / file).write_bytes(content)
    with refusing(UnreadableFile, match=step):
        read_sites(tmp_path / file, ReadingOptions())


@pytest.mark.parametrize("suffix", sorted(BY_SUFFIX))
def test_a_format_nobody_reads_has_a_next_step(suffix: str, tmp_path: Path):
    path = tmp_path / f"资料{suffix}"
    path.write_bytes(b"whatever")
    with pytest.raises(UnreadableFile) as refused:
        read_sites(path, ReadingOptions())
    assert BY_SUFFIX[suffix].advice in str(refused.value)
    assert suffix_of(f"资料{suffix.upper()}") == suffix


def test_an_unknown_format_tells_all_that_are_read(tmp_path: Path):
    (tmp_path / "a.xyz").write_bytes(b"1 2 3")
    with pytest.raises(UnreadableFile) as refused:
        read_sites(tmp_path / "a.xyz", ReadingOptions())
    assert all(end in str(refused.value) for end in (".gpkg", ".geojson", ".xlsx", ".csv", ".zip"))


@pytest.mark.parametrize("name", ["~$站点.xlsx", ".~lock.a.csv", "._zones.geojson"])
def test_a_lock_and_a_shadow_are_named(name: str, tmp_path: Path):
    (tmp_path / name).write_bytes(b"user name")
    with pytest.raises(UnreadableFile, match="提交文件本身"):
        read_sites(tmp_path / name, ReadingOptions())


def test_what_systems_leave_in_an_archive_is_no_layer(tmp_path: Path):
    path = gbk_shapefile(tmp_path, rows_of_squares(2))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob(f"{path.stem}.*"):
            archive.write(part, f"深/更深/{part.name.upper() if part.suffix == '.shp' else part.name}")
            archive.writestr(f"深/更深/._{part.name}", struct.pack(">I", 0x00051607))
            archive.writestr(f"__MACOSX/深/._{part.name}", b"x")
        for name in ("~$表.xlsx", "深/Thumbs.db", "desktop.ini", ".DS_Store", "__MACOSX/inner.zip"):
            archive.writestr(name, b"x")
    report = read_sites(tmp_path / "a.zip", ReadingOptions()).report
    assert (report.features_loaded, report.format) == (2, "shapefile")


def test_the_parts_of_a_shapefile_are_one_whatever_the_case_of_their_names(tmp_path: Path):
    path = gbk_shapefile(tmp_path, rows_of_squares(2))
    loose = tmp_path / "loose"
    loose.mkdir()
    for part in tmp_path.glob(f"{path.stem}.*"):
        mixed = "Zones" if part.suffix in {".shp", ".prj"} else "zones"
        (loose / f"{mixed}{part.suffix.upper() if part.suffix == '.dbf' else part.suffix}").write_bytes(
            part.read_bytes()
        )
    delivery = read_sites(loose / "Zones.shp", ReadingOptions())
    assert (delivery.report.features_loaded, delivery.report.encoding) == (2, "GBK")
    assert list(delivery.frame["name"]) == ["图斑0号", "图斑1号"]


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a00000001.gdbtable": b"", "gdb": b""}, ("File Geodatabase", ".gdb 文件夹", "a00000001.gdbtable")),
        ({"成果.rar": b""}, ("成果.rar", "重新打包为 .zip")),
        ({"zones.dbf": b""}, ("zones.dbf", ".shp .shx .dbf .prj")),
        ({"报告.docx": b"", "图.pdf": b""}, ("报告.docx、图.pdf", "粘贴到选址页面")),
        ({"成果/zones.shp": b"x", "成果/zones.dbf": b""}, ("成果/zones.shp 缺少同名的 .shx", "成果/zones.dbf")),
        ({}, ("没有文件",)),
    ],
)
def test_an_archive_without_layers_lists_what_it_holds(
    members: dict[str, bytes], words: tuple[str, ...], tmp_path: Path
):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(UnreadableFile) as refused:
        read_sites(tmp_path / "a.zip", ReadingOptions())
    assert all(word in str(refused.value) for word in words)
