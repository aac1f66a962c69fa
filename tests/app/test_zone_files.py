"""A draft taken to the desktop and back: unchanged it changes nothing, edited it is one edit, broken it is refused whole."""
# ruff: noqa: F811 - fixtures of other files

import io
import zipfile

import geopandas as gpd
import pytest
import shapely

from app.platform.principals import Role
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import Officer, area, done

THIRD = 1 / 3e5
WEST = shapely.Polygon(
    [(99.78, 39.3), (99.79 + THIRD, 39.3), (99.79, 39.305 - THIRD / 7), (99.79, 39.31), (99.78, 39.31)],
    [[(99.783, 39.303), (99.784, 39.303), (99.784, 39.304)]],
)
EAST = shapely.Polygon(
    [(99.79 + THIRD, 39.3), (99.8, 39.3), (99.8, 39.31), (99.79, 39.31), (99.79, 39.305 - THIRD / 7)]
)
FAULT = shapely.LineString([(99.75, 39.25), (99.755 + THIRD, 39.26), (99.77, 39.27)])
ABOUT = {
    "name": " 甲区，东侧（旧称“乙”） ", "survey_date": None, "scale": 50_000, "intensity": 7.123456789012345, "arrival_min": 0.1 + 0.2,
    "source": "普查", "source_id": "0012",
}  # fmt: skip


@seeded_database("surveyed")
def measured(deployment) -> None:
    publish_zones(deployment, "flood", WEST, EAST, grade=("高", 2, "flood4"), attributes=ABOUT)
    publish_zones(deployment, "fault", FAULT, attributes={"fault_age": "Q3"})


@pytest.fixture
def officer(as_, measured):
    return Officer(as_(Role.OFFICER))


def taken(officer, kind="gpkg", crs="cgcs2000", **more):
    answer = officer.visitor.get(
        f"{officer.address}/file", params={"format": kind, "crs": crs, "hazard": "flood", **more}
    )
    assert answer.status_code == 200, answer.text
    return answer.content


def handed_in(officer, content, kind="gpkg", *, tag=None, **form):
    name = "zones.gpkg" if kind == "gpkg" else "zones.zip"
    headers = {"If-Match": tag or officer.visitor.get(officer.address).headers["ETag"]}
    return officer.visitor.post(f"{officer.address}/file", files={"file": (name, content)}, data=form, headers=headers)


def edited(content, change):
    """The GeoPackage with its rows changed."""
    layer = gpd.read_file(io.BytesIO(content), layer="zones", engine="pyogrio")
    out = io.BytesIO()
    change(layer).to_file(out, layer="zones", driver="GPKG", engine="pyogrio")
    return out.getvalue()


def wests(layer):
    return layer["zone_id"] == layer.sort_values("zone_id")["zone_id"].iloc[1]


@pytest.mark.parametrize("crs", ["cgcs2000", "gk"])
@pytest.mark.parametrize("kind", ["gpkg", "shp", "gdb"])
def test_out_and_in_again_unchanged_changes_nothing(officer, kind, crs):
    for encoding in ("utf8", "gb18030") if (kind, crs) == ("shp", "gk") else ("utf8",):
        content = taken(officer, kind, crs, encoding=encoding)
        told = done(handed_in(officer, content, kind))
        assert told["problems"] == []
        assert (told["items"], told["counts"]) == ([], {"unchanged": 3, "create": 0, "update": 0, "delete": 0})
    refused = handed_in(officer, content, kind, apply="true")
    assert (refused.status_code, refused.json()["code"]) == (409, "unchanged")


def test_degrees_leave_as_they_are_stored(officer, tmp_path):
    stored = {int(zone): shapely.geometry.shape(one["geometry"]) for zone, one in officer.zones().items()}
    for kind in ("gpkg", "shp"):
        path = tmp_path / f"zones.{'zip' if kind == 'shp' else kind}"
        path.write_bytes(taken(officer, kind))
        layer = gpd.read_file(path, engine="pyogrio")
        for zone, shape in zip(layer["zone_id"], layer.geometry, strict=True):
            assert shapely.normalize(shapely.multipolygons(shapely.get_parts(shape))) == shapely.normalize(stored[zone])
    editions = officer.visitor.get("/api/editions").json()["items"]
    whole = officer.visitor.get(f"/api/editions/{editions[0]['number']}/file?format=shp&encoding=gb18030&hazard=flood")
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert archive.read("zones.cpg").decode().lower() == "gb18030"
        assert "甲区" in archive.read("zones.dbf").decode("gb18030", errors="replace")


def test_edits_of_the_desktop_are_one_edit_of_the_draft(officer):
    before = officer.zones()

    def change(layer):
        west = wests(layer)
        layer.loc[west, "grade"] = "极高"
        layer.loc[west, "grade_rank"] = 1
        corner = layer.index[~west & (layer["grade"] == "低")]
        layer = layer.drop(index=corner)
        new = layer[west].copy()
        new["zone_id"] = None
        new.geometry = [shapely.box(99.82, 39.3, 99.83, 39.31)]
        return gpd.GeoDataFrame(gpd.pd.concat([layer, new]), crs=layer.crs)

    content = edited(taken(officer), change)
    told = done(handed_in(officer, content))
    assert told["counts"] == {"unchanged": 1, "create": 1, "update": 1, "delete": 1}
    assert (told["applied"], officer.zones() == before) == (False, True)
    rows = {one["change"]: one for one in told["items"]}
    assert (rows["update"]["changed"], rows["update"]["delta_m2"]) == (["grade"], 0.0)
    assert rows["create"]["delta_m2"] == pytest.approx(
        area({"geometry": shapely.box(99.82, 39.3, 99.83, 39.31).__geo_interface__})
    )
    answer = handed_in(officer, content, apply="true", reason="外业核实")
    told, officer.tag = done(answer), answer.headers["ETag"]
    assert (told["applied"], told["edit"]) == (True, 1)
    after = officer.zones()
    assert sorted(one["grade"] for one in after.values()) == ["极高", "极高", "高"]
    assert all(after[zone]["geometry"] == one["geometry"] for zone, one in before.items() if zone in after)
    (edit,) = officer.visitor.get(officer.address).json()["edits"]
    assert (edit["op"], edit["reason"]) == ("file", "外业核实")
    done(officer.edit("undo"))
    assert officer.zones() == before


@pytest.mark.parametrize("crs", ["cgcs2000", "gk"])
def test_a_zone_cut_on_the_desktop_has_children_that_share_the_stored_vertices(officer, crs):
    before = officer.zones()

    def cut(layer):
        west = layer[wests(layer)]
        x = sum(west.total_bounds[[0, 2]]) / 2
        halves = shapely.get_parts(
            shapely.ops.split(west.geometry.iloc[0].geoms[0], shapely.LineString([(x, 0), (x, 1e7)]))
        )
        pieces = gpd.pd.concat([west.assign(geometry=[half]) for half in halves])
        return gpd.GeoDataFrame(gpd.pd.concat([layer[~wests(layer)], pieces]), crs=layer.crs)

    content = edited(taken(officer, crs=crs), cut)
    told = done(handed_in(officer, content, apply="true"))
    assert told["counts"] == {"unchanged": 2, "create": 2, "update": 0, "delete": 1}
    (parent,) = {one["parent"] for one in told["items"] if one["change"] == "create"}
    after = officer.zones()
    children = [one for zone, one in after.items() if zone not in before]
    assert sum(map(area, children)) == pytest.approx(area(before[parent]), abs=0.01)
    stored = {tuple(p) for p in shapely.get_coordinates(shapely.geometry.shape(before[parent]["geometry"]))}
    assert stored <= {
        tuple(p) for one in children for p in shapely.get_coordinates(shapely.geometry.shape(one["geometry"]))
    }


def test_a_file_with_a_fault_is_refused_whole_and_says_where(officer):
    before = officer.zones()

    def spoiled(layer):
        layer.loc[wests(layer), "grade"] = "没有这样的等级"
        layer.loc[layer["grade"] == "低", "zone_id"] = 9_000_000
        return layer

    content = edited(taken(officer), spoiled)
    told = done(handed_in(officer, content))
    assert len(told["problems"]) == 2
    assert told["counts"]["delete"] == 0
    refused = handed_in(officer, content, apply="true")
    assert (refused.status_code, refused.json()["code"]) == (422, "file")
    assert officer.zones() == before
    bow = edited(taken(officer), lambda layer: layer.assign(geometry=[shapely.Polygon([(99.78, 39.3), (99.79, 39.31), (99.79, 39.3), (99.78, 39.31)])] * len(layer)))  # fmt: skip
    assert len(done(handed_in(officer, bow))["problems"]) == 3
    without = edited(taken(officer), lambda layer: layer.drop(columns="zone_id"))
    assert done(handed_in(officer, without))["problems"]
    assert handed_in(officer, b"PK\x05\x06" + b"\0" * 18, "shp").status_code == 422
    assert handed_in(officer, content, tag='"old"', apply="true").status_code in (412, 422)


def test_what_is_left_out_stays_where_that_is_asked_for_and_a_stale_file_is_refused(officer):
    content = edited(taken(officer), lambda layer: layer[wests(layer)])
    assert done(handed_in(officer, content))["counts"]["delete"] == 2
    assert done(handed_in(officer, content, unreturned="keep"))["counts"]["delete"] == 0
    stale = officer.visitor.get(officer.address).headers["ETag"]
    zone = next(iter(officer.zones()))
    done(officer.edit("update", zone=zone, attributes={"name": "改"}))
    assert handed_in(officer, content, tag=stale, apply="true").status_code == 412


def test_lines_and_areas_leave_together_only_where_a_format_holds_both(officer):
    for kind, status in (("shp", 409), ("gdb", 409), ("gpkg", 200)):
        assert officer.visitor.get(f"{officer.address}/file?format={kind}").status_code == status
    answer = officer.visitor.get(f"{officer.address}/file?format=shp&hazard=fault&product=hazard")
    assert answer.status_code in (200, 409)
    assert officer.visitor.get(f"{officer.address}/file?hazard=none").json()["code"] == "unready"
