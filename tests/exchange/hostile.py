"""Files that are not what they say: each makes some reader open another file, reach an address, or never end."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import openpyxl
import shapely

PLOT = shapely.box(99.800, 39.300, 99.802, 39.301)


@dataclass(frozen=True)
class Bait:
    """What must not be had: a file with a secret in it, and a port where somebody listens."""

    secret: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/secret"


Make = Callable[[Bait], bytes]


def _vrt(bait: Bait) -> bytes:
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource relativeToVRT="0">'
        f"{bait.secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def _vrt_with_sql(bait: Bait) -> bytes:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="q"><SrcDataSource>{bait.secret}</SrcDataSource><SrcSQL dialect="SQLITE">'
        f"SELECT key||'='||value AS name, 'POINT(99.8 39.3)' AS g FROM {bait.secret.stem}</SrcSQL><GeometryType>wkbPoint"
        '</GeometryType><GeometryField encoding="WKT" field="g"/></OGRVRTLayer></OGRVRTDataSource>'
    ).encode()


def _vrt_of_address(bait: Bait) -> bytes:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/{bait.address}.csv</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def _pipeline(bait: Bait) -> bytes:
    return json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {bait.secret} ! filter --where 1=1"}
    ).encode()


def _pipeline_in_a_collection(bait: Bait) -> bytes:
    command = f"gdal vector pipeline ! read {bait.secret} ! filter --where 1=1"
    return (
        json.dumps(
            {"type": "FeatureCollection", "features": [], "x": {"type": "gdal_streamed_alg"}, "command_line": command}
        ).encode()[:-1]
        + b', "type": "gdal_streamed_alg"}'
    )


def _wfs(bait: Bait) -> bytes:
    return f"<OGRWFSDataSource><URL>{bait.address}?SERVICE=WFS</URL></OGRWFSDataSource>".encode()


def _wfs_capabilities(bait: Bait) -> bytes:
    return (
        '<WFS_Capabilities version="1.0.0"><Capability><Request><GetFeature><DCPType><HTTP>'
        f'<Get onlineResource="{bait.address}"/></HTTP></DCPType></GetFeature></Request></Capability>'
        "<FeatureTypeList><FeatureType><Name>a</Name></FeatureType></FeatureTypeList></WFS_Capabilities>"
    ).encode()


def _csw(bait: Bait) -> bytes:
    return f"<OGRCSWDataSource><URL>{bait.address}</URL></OGRCSWDataSource>".encode()


def _oapif(bait: Bait) -> bytes:
    return f"<OGROAPIFDataSource><URL>{bait.address}</URL></OGROAPIFDataSource>".encode()


def _oapif_json(bait: Bait) -> bytes:
    links = [{"rel": "items", "href": f"{bait.address}/items", "type": "application/geo+json"}]
    return json.dumps({"id": "x", "itemType": "feature", "links": links}).encode()


def _esri_json(bait: Bait) -> bytes:
    return json.dumps(
        {
            "geometryType": "esriGeometryPoint",
            "exceededTransferLimit": True,
            "fields": [],
            "features": [],
            "url": bait.address,
        }
    ).encode()


def _gml(bait: Bait) -> bytes:
    return (
        '<?xml version="1.0"?><ogr:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:ogr="http://ogr.maptools.org/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="http://ogr.maptools.org/ {bait.address}.xsd"><gml:featureMember><ogr:a fid="1"/>'
        "</gml:featureMember></ogr:FeatureCollection>"
    ).encode()


def _kml_entity(bait: Bait) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY s SYSTEM "file://{bait.secret}"><!ENTITY t SYSTEM "{bait.address}">]>'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&s;&t;</name><Point><coordinates>99.8,39.3'
        "</coordinates></Point></Placemark></kml>"
    ).encode()


def _gml_entity_bomb(_: Bait) -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY e0 "lol">{levels}]><g xmlns="http://www.opengis.net/gml">&e9;</g>'.encode()


def _linked_crs(bait: Bait) -> bytes:
    crs = {"type": "link", "properties": {"href": f"{bait.address}/crs", "type": "ogcwkt"}}
    row = {"type": "Feature", "properties": {"name": "a"}, "geometry": PLOT.__geo_interface__}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": [row]}).encode()


def _geopackage(statements: Callable[[Bait], list[str]]) -> Make:
    def make(bait: Bait) -> bytes:
        folder = bait.secret.parent
        path = folder / "made.gpkg"
        path.unlink(missing_ok=True)
        gpd.GeoDataFrame({"name": ["a"]}, geometry=[PLOT], crs=4490).to_file(path, layer="sites", driver="GPKG")
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA writable_schema = ON")
            for statement in statements(bait):
                database.execute(statement)
        database.close()
        return path.read_bytes()

    return make


def _schema(kind: str, name: str, sql: str) -> str:
    quoted = sql.replace("'", "''")
    return f"INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('{kind}', '{name}', '{name}', 0, '{quoted}')"


def _registered(name: str) -> list[str]:
    return [
        f"INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('{name}', 'attributes', '{name}', 4490)"
    ]


def _virtual(bait: Bait) -> list[str]:
    return [
        _schema("table", "leak", f"CREATE VIRTUAL TABLE leak USING VirtualOGR('{bait.secret}')"),
        *_registered("leak"),
    ]


def _virtual_in_disguise(bait: Bait) -> list[str]:
    name = '"x USING rtree("'
    return [_schema("table", "x USING rtree(", f"CREATE VIRTUAL TABLE {name} USING VirtualOGR('{bait.secret}')")]


def _virtual_text(bait: Bait) -> list[str]:
    return [_schema("table", "words", f"CREATE VIRTUAL TABLE words USING VirtualText('{bait.secret}', 'UTF-8', 1)")]


def _view(bait: Bait) -> list[str]:
    return [
        f"CREATE VIEW leak AS SELECT 1 AS fid, load_extension('{bait.secret}') AS name, ogr_geocode('{bait.address}') AS g",
        *_registered("leak"),
    ]


def _trigger(bait: Bait) -> list[str]:
    return [f"CREATE TRIGGER t AFTER UPDATE ON sites BEGIN SELECT load_extension('{bait.secret}'); END"]


def _computed(_: Bait) -> list[str]:
    return ["ALTER TABLE sites ADD COLUMN leak TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL"]


def _attached(bait: Bait) -> list[str]:
    return [
        f"CREATE TRIGGER rtree_sites_geom_insert2 AFTER INSERT ON sites BEGIN SELECT load_extension('{bait.secret}'); END",
        _schema("view", "leak", f"CREATE VIEW leak AS SELECT * FROM '{bait.secret}'.leak"),
    ]


def _with_log(bait: Bait) -> bytes:
    """A database whose view stands in the log beside it, which the file alone does not show."""
    _geopackage(lambda _: [])(bait)
    path = bait.secret.parent / "made.gpkg"
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE VIEW leak AS SELECT 1 AS fid")
    database.commit()
    parts = {name: path.with_name(path.name + name).read_bytes() for name in ("", "-wal")}
    database.close()
    return _zip({f"a.gpkg{name}": content for name, content in parts.items()})


def _zip(members: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name, target in (links or {}).items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, target)
    return packed.getvalue()


def _packed(name: str, make: Make) -> Make:
    return lambda bait: _zip({name: make(bait)})


def _link(bait: Bait) -> bytes:
    return _zip({}, {"sites.csv": str(bait.secret)})


def _link_of_a_folder(bait: Bait) -> bytes:
    return _zip({"made.gdb/a00000001.gdbtable": b"\x03\0\0\0"}, {"made.gdb/gdb": str(bait.secret)})


def _bomb(_: Bait) -> bytes:
    return _zip({f"{number}.geojson": b" " * 20_000_000 for number in range(2)})


def _many(_: Bait) -> bytes:
    return _zip({f"{number}.txt": b"" for number in range(3_000)})


def _names_outside(bait: Bait) -> bytes:
    return _zip({str(bait.secret): b"key,value", f"../../..{bait.secret}": b"", "C:\\a.exe": b""})


def _workbook() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    book.active.append(["name", "lon", "lat"])
    book.active.append(["a", 99.8, 39.3])
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _external_link(bait: Bait) -> bytes:
    parts = _workbook()
    parts["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><externalBook r:id="rId1"/></externalLink>'
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        f'Target="{bait.address}" TargetMode="External"/></Relationships>'
    ).encode()
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", b'<row r="5"><c r="A5"><f>[1]Sheet1!A1</f></c></row></sheetData>'
    )
    return _zip(parts)


def _workbook_with(document_type: Callable[[Bait], str]) -> Make:
    def make(bait: Bait) -> bytes:
        parts = _workbook()
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        body = sheet[sheet.index("<worksheet") :].replace("<v>99.8</v>", "<v>&e9;</v>")
        parts["xl/worksheets/sheet1.xml"] = f'<?xml version="1.0"?>{document_type(bait)}{body}'.encode()
        return _zip(parts)

    return make


def _entities(_: Bait) -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE worksheet [<!ENTITY e0 "9">{levels}]>'


def _external_entity(bait: Bait) -> str:
    return f'<!DOCTYPE worksheet [<!ENTITY e9 SYSTEM "file://{bait.secret}"><!ENTITY % p SYSTEM "{bait.address}"> %p;]>'


def _wide(_: Bait) -> bytes:
    """85 kB that become a billion cells: every row has its one cell in the last column there is."""
    parts = _workbook()
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(3, 20_000))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", f"{rows}</sheetData>").encode()
    return _zip(parts)


def _claims_a_million_rows(_: Bait) -> bytes:
    parts = _workbook()
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b'ref="A1:C2"', b'ref="A1:XFD1048576"'
    )
    return _zip(parts)


def _wide_table(_: Bait) -> bytes:
    return b"lon,lat" + b",x" * 5_000 + b"\n" + b"1,2\n" * 5_000


OPENED = ("geojson", "json", "gpkg", "shp", "csv", "txt", "xlsx", "parquet", "gdb", "kml", "kmz", "dxf")
"""Suffixes under which a file comes that is something else."""


def _packed_kml(make: Make) -> Make:
    return lambda bait: _zip({"doc.kml": make(bait)})


def _deep_kml(_: Bait) -> bytes:
    return b"<kml>" + b"<Folder>" * 100_000 + b"</Folder>" * 100_000 + b"</kml>"


def _linked_kml(bait: Bait) -> bytes:
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<NetworkLink><Link><href>{bait.address}</href></Link></NetworkLink>"
        f"<GroundOverlay><Icon><href>file://{bait.secret}</href></Icon></GroundOverlay>"
        f"<Style id='s'><IconStyle><Icon><href>{bait.address}.png</href></Icon></IconStyle></Style>"
        f"<Placemark><styleUrl>{bait.address}#s</styleUrl><name>a</name><Point><coordinates>99.8,39.3</coordinates></Point>"
        "</Placemark></Document></kml>"
    ).encode()


def _written(drawing: Any) -> bytes:
    text = io.StringIO()
    drawing.write(text)
    return text.getvalue().encode()


def _drawing_with_links(bait: Bait) -> bytes:
    drawing = ezdxf.new("R2010")
    drawing.add_xref_def(str(bait.secret), "secret")
    drawing.modelspace().add_blockref("secret", (0, 0))
    image = drawing.add_image_def(filename=f"{bait.address}.png", size_in_pixel=(1, 1))
    drawing.modelspace().add_image(image, insert=(0, 0), size_in_units=(1, 1))
    drawing.modelspace().add_lwpolyline([(99.8, 39.3), (99.802, 39.3), (99.802, 39.301)], close=True)
    return _written(drawing)


def _blocks_in_a_circle(_: Bait) -> bytes:
    drawing = ezdxf.new("R2010")
    for name, other in (("A", "B"), ("B", "A")):
        drawing.blocks.new(name).add_blockref(other, (1, 1))
    drawing.modelspace().add_blockref("A", (0, 0))
    return _written(drawing)


def _blocks_in_blocks(_: Bait) -> bytes:
    drawing = ezdxf.new("R2010")
    drawing.blocks.new("B0").add_text("x")
    for level in range(1, 12):
        block = drawing.blocks.new(f"B{level}")
        for number in range(10):
            block.add_blockref(f"B{level - 1}", (number, 0))
    drawing.modelspace().add_blockref("B11", (0, 0))
    return _written(drawing)


def _block_in_rows(_: Bait) -> bytes:
    drawing = ezdxf.new("R2010")
    drawing.blocks.new("B").add_point((0, 0))
    drawing.modelspace().add_blockref(
        "B", (0, 0), dxfattribs={"row_count": 30_000, "column_count": 30_000, "row_spacing": 1, "column_spacing": 1}
    )
    return _written(drawing)


TRICKS: dict[str, Make] = {
    **{f"vrt.{end}": _vrt for end in OPENED},
    "bomb.kml": _gml_entity_bomb,
    "entity.kmz": _packed_kml(_kml_entity),
    "deep.kml": _deep_kml,
    "bomb.kmz": _bomb,
    "link.kmz": _link,
    "circle.dxf": _blocks_in_a_circle,
    "blocks.dxf": _blocks_in_blocks,
    "rows.dxf": _block_in_rows,
    "sql.dxf": _vrt_with_sql,
    "pipeline.kml": _pipeline,
    "sql.geojson": _vrt_with_sql,
    "sql.gpkg": _vrt_with_sql,
    "curl.geojson": _vrt_of_address,
    "curl.gpkg": _vrt_of_address,
    "pipeline.geojson": _pipeline,
    "pipeline.gpkg": _pipeline,
    "pipeline.json": _pipeline_in_a_collection,
    "wfs.geojson": _wfs,
    "wfs.gpkg": _wfs_capabilities,
    "csw.gpkg": _csw,
    "oapif.gpkg": _oapif,
    "oapif.json": _oapif_json,
    "esri.geojson": _esri_json,
    "schema.gpkg": _gml,
    "schema.geojson": _gml,
    "schema.gml": _gml,
    "entity.kml": _kml_entity,
    "entity.geojson": _kml_entity,
    "bomb.gpkg": _gml_entity_bomb,
    "virtual.gpkg": _geopackage(_virtual),
    "disguise.gpkg": _geopackage(_virtual_in_disguise),
    "text.gpkg": _geopackage(_virtual_text),
    "view.gpkg": _geopackage(_view),
    "trigger.gpkg": _geopackage(_trigger),
    "computed.gpkg": _geopackage(_computed),
    "attached.gpkg": _geopackage(_attached),
    "log.zip": _with_log,
    "vrt-inside.zip": _packed("sites.gpkg", _vrt),
    "pipeline-inside.zip": _packed("sites.geojson", _pipeline),
    "link.zip": _link,
    "link-in-a-folder.zip": _link_of_a_folder,
    "bomb.zip": _bomb,
    "many.zip": _many,
    "outside.zip": _names_outside,
    "entities.xlsx": _workbook_with(_entities),
    "external.xlsx": _workbook_with(_external_entity),
    "wide.xlsx": _wide,
    "wide.csv": _wide_table,
}
"""Files by the name they come under, none of which may be let in by the door for outlines."""

HARMLESS: dict[str, Make] = {
    "links.xlsx": _external_link,
    "crs.geojson": _linked_crs,
    "links.kml": _linked_kml,
    "links.kmz": _packed_kml(_linked_kml),
    "links.dxf": _drawing_with_links,
    "million.xlsx": _claims_a_million_rows,
}
"""Files that may be read, as long as nothing they point to is."""
