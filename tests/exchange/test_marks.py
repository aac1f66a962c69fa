"""Marks of secrecy: found in every place where people write them, in every disguise, and nowhere else."""

import json
import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from gis_layers.exchange import Handover, ReadingOptions, Secrecy
from gis_layers.exchange.secrecy.marks import read_marks
from gis_layers.exchange.secrecy.secrecy_words import level_in, named_level, stamped_level
from tests.saying import tells

POINT = shapely.Point(99.76, 39.31)
ISO = """<?xml version="1.0" encoding="UTF-8"?><gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd">
<gmd:MD_SecurityConstraints><gmd:classification><gmd:MD_ClassificationCode codeListValue="secret"/>
</gmd:classification></gmd:MD_SecurityConstraints></gmd:MD_Metadata>"""


def frame(**columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["甲", "乙"], **columns}, geometry=[POINT, POINT], crs=4490)


def vector(folder: Path, name: str, **columns) -> Path:
    path = folder / name
    driver = {".gdb": "OpenFileGDB", ".gpkg": "GPKG", ".shp": "ESRI Shapefile"}[path.suffix]
    frame(**columns).to_file(path, driver=driver, encoding="GBK" if path.suffix == ".shp" else None)
    return path


def table(folder: Path, text: str, encoding: str = "utf-8", name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def book(folder: Path, change) -> Path:
    path, made = folder / "t.xlsx", openpyxl.Workbook()
    sheet = made.active
    change(made, sheet)
    if sheet.max_row < 2:
        for row in (["name", "lon", "lat"], ["甲", 99.76, 39.31]):
            sheet.append(row)
    made.save(path)
    return path


def zipped(folder: Path, *members: tuple[str, bytes]) -> Path:
    path = folder / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def document(folder: Path, *, properties=None, ascii_only=False, **members) -> Path:
    feature = {"type": "Feature", "properties": properties or {"name": "甲"}, "geometry": POINT.__geo_interface__}
    path = folder / "t.geojson"
    whole = {"type": "FeatureCollection", "features": [feature], **members}
    path.write_text(json.dumps(whole, ensure_ascii=ascii_only), "utf-8")
    return path


def with_metadata(folder: Path, query: str) -> Path:
    path = vector(folder, "t.gpkg")
    database = sqlite3.connect(path)
    database.executescript(query)
    database.commit()
    database.close()
    return path


def hidden(made, sheet) -> None:
    other = made.create_sheet("备用")
    other.sheet_state = "hidden"
    for row in (["name", "密级"], ["甲", "机密"]):
        other.append(row)


def titled(made, sheet) -> None:
    for row in (["地质灾害隐患点（机 密 ★20年）"], ["name", "lon", "lat"], ["甲", 99.76, 39.31]):
        sheet.append(row)


def headed(made, sheet) -> None:
    sheet.oddHeader.center.text = "机密"


def commented(made, sheet) -> None:
    sheet["A1"].comment = Comment("本表机密", "x")


def propertied(made, sheet) -> None:
    made.properties.keywords = "机密"


def in_second_row(made, sheet) -> None:
    for row in (["清单"], ["name", "lon", "lat", "密级"], ["甲", 99.76, 39.31, None], ["乙", 99.76, 39.31, "机密"]):
        sheet.append(row)


METADATA = """CREATE TABLE gpkg_metadata (id INTEGER PRIMARY KEY, md_scope TEXT, md_standard_uri TEXT, mime_type TEXT, metadata TEXT);
INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'http://x', 'text/xml', '%s');"""
SECRET_COLUMN = {"密级": ["公开", "机密"]}
KML = (
    '<kml><Document><name>%s</name><Placemark><ExtendedData><Data name="密级"><value>%s</value></Data>'
    "</ExtendedData></Placemark></Document></kml>"
)
DISGUISES = {
    "file name": lambda folder: table(folder, "name,lon,lat\n甲,99,39\n", name="隐患点_机密.csv"),
    "parted name": lambda folder: table(folder, "name,lon,lat\n甲,99,39\n", name="隐患点【机-密】.csv"),
    "english name": lambda folder: table(folder, "name,lon,lat\n甲,99,39\n", name="sites_SECRET_2026.csv"),
    "shapefile column": lambda folder: vector(folder, "t.shp", **SECRET_COLUMN),
    "shapefile sidecar": lambda folder: (
        (folder / "t.shp.xml").write_text(ISO, "utf-8"), vector(folder, "t.shp"))[1],
    "sidecar in GB 18030": lambda folder: (
        (folder / "t.txt").write_bytes("说明：机密，不得外传".encode("gb18030")), vector(folder, "t.shp"))[1],
    "shapefile stamp": lambda folder: vector(folder, "t.shp", remark=["", "机密★10年"]),
    "geopackage column": lambda folder: vector(folder, "t.gpkg", **SECRET_COLUMN),
    "geopackage identifier": lambda folder: with_metadata(folder, "UPDATE gpkg_contents SET identifier = '机密图层'"),
    "geopackage description": lambda folder: with_metadata(folder, "UPDATE gpkg_contents SET description = '機密'"),
    "geopackage metadata": lambda folder: with_metadata(folder, METADATA % ISO.replace("\n", "")),
    "metadata in entities": lambda folder: with_metadata(folder, METADATA % "<a>&#26426;&#23494;</a>"),
    "layer name": lambda folder: (
        vector(folder, "t.gpkg"), frame().to_file(folder / "t.gpkg", layer="机密", engine="pyogrio"), folder / "t.gpkg")[2],
    "geodatabase": lambda folder: vector(folder, "t.gdb", **SECRET_COLUMN),
    "csv column": lambda folder: table(folder, "name,lon,lat,密级\n甲,99,39,\n乙,99,39,机密\n"),
    "csv in GBK": lambda folder: table(folder, "name,lon,lat,密级\n甲,99,39,机密\n", "gb18030"),
    "csv in UTF-16": lambda folder: table(folder, "name\tlon\tlat\t密级\n甲\t99\t39\t机密\n", "utf-16"),
    "csv title": lambda folder: table(folder, "隐患点（机密）\nname;lon;lat\n甲;99;39\n"),
    "csv heading": lambda folder: table(folder, "name,lon,lat,备注(机密)\n甲,99,39,\n"),
    "csv stamp": lambda folder: table(folder, "name,lon,lat,remark\n甲,99,39,密级：机密\n"),
    "cell beyond the heading": lambda folder: table(folder, "name,lon,lat\n甲,99,39,机密\n"),
    "invisible signs": lambda folder: table(folder, "name,lon,lat,密\u200b级\n甲,99,39,机\u200b　密\n"),
    "unknown word": lambda folder: table(folder, "name,lon,lat,密级\n甲,99,39,甲级\n"),
    "workbook title": lambda folder: book(folder, titled),
    "workbook column": lambda folder: book(folder, in_second_row),
    "hidden sheet": lambda folder: book(folder, hidden),
    "page header": lambda folder: book(folder, headed),
    "comment": lambda folder: book(folder, commented),
    "document properties": lambda folder: book(folder, propertied),
    "sheet name": lambda folder: book(folder, lambda _, sheet: setattr(sheet, "title", "机密")),
    "geojson member": lambda folder: document(folder, metadata={"classification": "secret"}),
    "geojson name": lambda folder: document(folder, name="机密"),
    "geojson property": lambda folder: document(folder, properties={"name": "甲", "密级": "机密"}),
    "geojson escapes": lambda folder: document(folder, properties={"密级": "机密"}, ascii_only=True),
    "nested property": lambda folder: document(folder, properties={"a": {"密级": "机密"}}),
    "named twice": lambda folder: table(
        folder, '{"type":"FeatureCollection","密级":"机密","密级":"公开","features":[]}', name="t.json"),
    "parquet column": lambda folder: (frame(**SECRET_COLUMN).to_parquet(folder / "t.parquet"), folder / "t.parquet")[1],
    "parquet about": lambda folder: (
        setattr(made := frame(), "attrs", {"密级": "机密"}), made.to_parquet(folder / "t.parquet"), folder / "t.parquet")[2],
    "zip member": lambda folder: zipped(folder, ("机密/t.csv", "name,lon,lat\n甲,99,39\n".encode())),
    "zip readme": lambda folder: zipped(
        folder, ("t.csv", b"name,lon,lat\na,99,39\n"), ("说明.txt", "密级：机密".encode("gb18030"))),
    "other layer of a zip": lambda folder: zipped(
        folder, ("a.csv", b"name,lon,lat\na,99,39\n"), ("b.csv", "name,lon,lat,密级\n甲,99,39,机密\n".encode())),
    "map file": lambda folder: table(folder, KML % ("点", "机密"), name="t.kml"),
    "name of a map file": lambda folder: table(folder, KML % ("机密点", ""), name="t.kml"),
    "drawing": lambda folder: table(folder, "0\nLINE\n8\n机密\n0\nEOF\n", "gb18030", name="t.dxf"),
    "drawing in escapes": lambda folder: table(folder, "0\nTEXT\n1\n\\U+673A\\U+5BC6\n0\nEOF\n", name="t.dxf"),
    "damaged file": lambda folder: table(folder, '{"type":"FeatureCollection","密级":"机密"', name="t.geojson"),
}  # fmt: skip


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_secret_is_known_in_every_disguise(disguise, tmp_path):
    marks = read_marks(DISGUISES[disguise](tmp_path), ReadingOptions())
    assert marks.worst is not None
    assert marks.worst.secrecy.is_state_secret
    assert marks.handover.secrecy is marks.worst.secrecy
    assert tells(marks.worst.where, "{name} 的内容") == (disguise == "damaged file")


INNOCENT = {
    "values that hold the words": lambda folder: table(
        folder, "name,lon,lat,remark\n机密仪器厂,99,39,不涉及国家秘密\n奥秘密林,99,39,保密柜\n", name="奥秘乐园.csv"),
    "geodatabase of a maker of instruments": lambda folder: vector(folder, "t.gdb", remark=["机密仪器厂", "绝密电影"]),
    "names in an archive": lambda folder: zipped(folder, ("t.csv", "name,lon,lat\n机密仪器厂,99,39\n".encode())),
    "names in an archive of one text": lambda folder: zipped(
        folder, ("t.txt", "name,lon,lat\n机密仪器厂,99,39\n".encode())),
    "a table beside": lambda folder: (
        table(folder, "name,lon,lat\n机密仪器厂,99,39\n"), vector(folder, "t.shp"))[1],
    "public": lambda folder: vector(folder, "t.gpkg", 密级=["公开", "公开"]),
    "denied": lambda folder: document(folder, description="本数据不涉及国家秘密、机密"),
    "asked and denied": lambda folder: table(folder, "name,lon,lat,是否涉密\n甲,99,39,否\n"),
    "blank": lambda folder: table(folder, "name,lon,lat,密级\n甲,99,39, \n"),
    "secretary": lambda folder: document(folder, contact="Secretary of the board", properties={"name": "secret garden"}),
    "nothing": lambda folder: vector(folder, "t.shp"),
}  # fmt: skip


@pytest.mark.parametrize("kind", INNOCENT)
def test_what_is_no_mark_is_taken_for_none(kind, tmp_path):
    marks = read_marks(INNOCENT[kind](tmp_path), ReadingOptions())
    assert marks.worst is None or not marks.worst.secrecy.is_state_secret


@given(
    st.sampled_from(["秘密", "机密", "绝密", "機密", "絕密", "祕密"]), st.text("  　\u200b\ufeff\u2060\t", max_size=4)
)
def test_a_word_is_the_same_word_whatever_stands_between_its_letters(word, between):
    parted = between.join(word)
    assert level_in(f"隐患点{parted}级") is level_in(word)
    assert stamped_level(f"密级：{parted}★20年") is named_level(word) is level_in(word)


@pytest.mark.parametrize("level", Secrecy)
def test_the_worst_mark_counts_whatever_was_told(level, tmp_path):
    path = table(tmp_path, "name,lon,lat,密级\n甲,99,39,机密\n")
    marks = read_marks(path, ReadingOptions(handover=Handover(secrecy=level)))
    assert marks.worst.secrecy is max(level, Secrecy.SECRET, key=lambda one: one.rank)


def test_a_file_tells_who_gave_it_where_nobody_else_did(tmp_path):
    path = table(
        tmp_path, "隐患点  文号：水函1号\nname,lon,lat,提供单位,交接人\n甲,99,39,水务局,王\n乙,99,39,水务局,李\n"
    )
    told = read_marks(path, ReadingOptions(handover=Handover(document_number="水函2号"))).handover
    assert (told.provider, told.document_number, told.handed_over_by) == ("水务局", "水函2号", None)
