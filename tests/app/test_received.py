"""What was received: every import leaves one row of the file it loaded, and none where nothing was loaded."""

import hashlib
import io
import json
import os
import re
import subprocess
import tempfile
from html import unescape

import geopandas as gpd
import openpyxl
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from app.cli import cli
from app.intake.receipts import enter, take_in
from app.main import create_app
from app.platform.errors import Refused
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.reports.deliveries import expected, read_list
from app.reports.imprint import Profile
from gis_layers.exchange import ReadingOptions, read_villages
from risk_model.codes import enumeration
from tests.saying import tells

SQUARE = shapely.box(99.75, 39.30, 99.77, 39.32)
OTHER = shapely.box(99.78, 39.30, 99.79, 39.31)
BOW_TIE = shapely.Polygon([(99.75, 39.30), (99.76, 39.31), (99.76, 39.30), (99.75, 39.31)])
POINT, ELSEWHERE = shapely.Point(99.76, 39.31), shapely.Point(99.785, 39.305)


def geojson(*features, **members) -> bytes:
    rows = [
        {"type": "Feature", "properties": properties, "geometry": shape.__geo_interface__}
        for shape, properties in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows, **members}, ensure_ascii=False).encode()


EVERYWHERE = """
    SELECT name, query_to_xml('SELECT * FROM ' || quote_ident(name), true, false, '')::text AS whole
    FROM (SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys') AS tables
"""
"""Every row of every table, as text."""
DANGER = {"level": "general", "state": "registered", "found_on": "2026-05-01", "enterprise": "乙厂"}
KINDS = {
    "zones": (["--hazard", "flood", "--product", "hazard"], "zones/flood", SQUARE, {"name": "甲", "grade": "高"}),
    "villages": ([], "villages", SQUARE, {"name": "甲村", "code": "v1", "population": 7}),
    "units": (["--name", "两片"], "units", SQUARE, {"name": "甲", "code": "u1"}),
    "projects": ([], "projects", SQUARE, {"name": "甲项目", "project_class": "K4"}),
    "constraints": (["--kind", "farmland"], "constraints/farmland", SQUARE, {"name": "甲"}),
    "enterprises": ([], "enterprises", POINT, {"name": "甲厂"}),
    "hidden-dangers": ([], "hidden-dangers", POINT, {"code": "YH-1", **DANGER}),
    "geohazard-sites": ([], "geohazard-sites", POINT, {"code": "DZ-1", "name": "甲沟", "kind": "debris_flow"}),
    "stations": ([], "stations", POINT, {"name": "甲站", "kind": "fire"}),
    "forces": ([], "forces", POINT, {"name": "甲队", "kind": "fire", "capabilities": "rescue"}),
    "regional-assessments": (
        [],
        "regional-assessments",
        SQUARE,
        {"number": "甘区评1号", "kinds": "地灾评估", "valid_from": "2025-01-01", "valid_to": "2029-12-31"},
    ),
    "roads": ([], "roads", shapely.LineString(SQUARE.exterior), {"name": "甲路", "road_class": "village"}),
    "facilities": ([], "facilities", POINT, {"name": "甲学校", "kind": "school"}),
}
"""Every kind that is imported: its options, what it is listed as, and one feature of it."""


@pytest.fixture
def anzhi(deployment, monkeypatch):
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)
    return lambda *words: CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def rows(deployment):
    def read(query: str) -> list:
        with deployment.engine.connect() as connection:
            return connection.execute(text(query)).mappings().all()

    return read


@pytest.fixture
def opened(deployment, token):
    def visitor(role: Role) -> TestClient:
        app = create_app(deployment, loopback=True)
        return TestClient(app, headers={"Authorization": f"Bearer {token(role)}"}, raise_server_exceptions=False)

    return visitor


def test_every_kind_of_import_is_tried_here():
    from app.cli import imports

    assert {command.name or command.callback.__name__ for command in imports.cli.registered_commands} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_leaves_one_row_with_the_files_digest_and_every_feature_counted(kind, anzhi, rows, tmp_path):
    options, layer, shape, properties = KINDS[kind]
    file = tmp_path / f"{kind}.geojson"
    file.write_bytes(geojson((shape, properties), (shapely.Point(), properties)))
    told = ["--provider", "县水务局", "--document-number", "水函〔2026〕3号", "--handed-over-by", "王小明"]
    more = ["--received-on", "2026-03-05", "--classification", "内部"]
    ran = anzhi("import", kind, file, *options, *told, *more, "--json")
    assert ran.exit_code == 0, ran.output
    report = json.loads(ran.stdout)
    (row,) = rows("SELECT * FROM receipts")
    assert row["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (row["file_name"], row["file_size"]) == (file.name, file.stat().st_size)
    assert layer in row["layers"]
    assert (row["declared"], row["loaded"], row["refused"]) == (2, 1, 1)
    assert report["features_read"] == row["declared"]
    assert (row["provider"], row["document_number"], row["handed_over_by"]) == ("县水务局", "水函〔2026〕3号", "王小明")
    assert (str(row["received_on"]), row["secrecy"]) == ("2026-03-05", "internal")
    assert row["imported_by"].startswith("console:")


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_that_loads_nothing_is_told_and_not_listed(kind, anzhi, rows, tmp_path):
    options, layer, _, properties = KINDS[kind]
    empty, broken = tmp_path / "empty.geojson", tmp_path / "broken.geojson"
    empty.write_bytes(geojson((shapely.Point(), properties)))
    broken.write_bytes(b"nothing of the kind")
    for file in (empty, broken):
        assert anzhi("import", kind, file, *options).exit_code == 1
    assert rows("SELECT * FROM receipts") == []
    told = rows("SELECT subject, detail FROM audit_entries WHERE action = 'refuse import' ORDER BY id")
    assert len(told) == 2
    assert {row["subject"].partition("/")[0] for row in told} == {layer.partition("/")[0]}
    assert all(row["detail"]["why"] for row in told)


@pytest.mark.parametrize("change", ["UPDATE receipts SET provider = 'x'", "DELETE FROM receipts", "TRUNCATE receipts"])
def test_nobody_changes_what_was_received(anzhi, deployment, tmp_path, change):
    file = tmp_path / "v.geojson"
    file.write_bytes(geojson((SQUARE, {"name": "甲村"})))
    assert anzhi("import", "villages", file).exit_code == 0
    with pytest.raises(IntegrityError), deployment.sessions.begin() as session:
        session.execute(text(change))


MARKER = "朱雀七号"
"""What no place may hold once the file that has it was refused."""
ENTRANCES = {
    **{f"import {kind}": kind for kind in KINDS},
    "extent of zones": "zones",
    "extent of constraints": "constraints",
    "check": "projects",
    "/api/unit-sets": "units",
    "/api/siting/batch": "projects",
    "/api/imports": "projects",
    "/api/siting/outline/file": "projects",
}


def secrets(shape, properties) -> dict[str, tuple[str, bytes, str | None]]:
    """The same file marked in three ways: by its name, in a column, by whoever hands it in."""
    plain = {**properties, "name": MARKER}
    return {
        "name": (f"{MARKER}（机密）.geojson", geojson((shape, plain)), None),
        "column": (f"{MARKER}.geojson", geojson((shape, {**plain, "密级": "秘密"})), None),
        "metadata": (f"{MARKER}.geojson", geojson((shape, plain), metadata={"abstract": "TOP SECRET"}), None),
        "option": (f"{MARKER}.geojson", geojson((shape, plain)), "绝密"),
    }


@pytest.fixture
def hand_in(anzhi, opened, tmp_path):
    officer = opened(Role.OFFICER)

    def by(entrance: str, name: str, content: bytes, level: str | None) -> str:
        """The answer of an entrance that has to refuse."""
        kind = ENTRANCES[entrance]
        options, _, shape, properties = KINDS[kind]
        if entrance.startswith("/"):
            form = {"name": "一套", "project_class": "K4", **({"classification": level} if level else {})}
            form |= {"layer": kind} if entrance == "/api/imports" else {}
            answer = officer.post(entrance, files={"file": (name, content)}, data=form)
            assert answer.status_code == 422, answer.text
            return answer.text
        file, innocent = tmp_path / name, tmp_path / "innocent.geojson"
        file.write_bytes(content)
        innocent.write_bytes(geojson((shape, properties)))
        told = ["--classification", level] if level else []
        if entrance == "check":
            ran = anzhi("check", file, "--out", tmp_path / "out.xlsx", "--class", "K4", *told)
        elif entrance.startswith("extent"):
            ran = anzhi("import", kind, innocent, *options, "--extent", file, *told)
        else:
            ran = anzhi("import", kind, file, *options, *told)
        file.unlink()
        innocent.unlink()
        assert ran.exit_code == 1, ran.output
        return ran.output + str(ran.exception)

    return by


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_a_secret_leaves_nothing_wherever_it_is_handed_in(entrance, hand_in, deployment, rows, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    _, _, shape, properties = KINDS[ENTRANCES[entrance]]
    tried = secrets(shape, properties)
    for name, content, level in tried.values():
        said = hand_in(entrance, name, content, level)
        assert "ANZHI_SEPARATED" in said
    assert [kept for kept in rows(EVERYWHERE) if MARKER in kept["whole"]] == []
    assert rows("SELECT id FROM receipts") == []
    assert [path for path in [*tmp_path.rglob("*"), *scratch.rglob("*")] if path.is_file()] == []
    told = rows("SELECT detail FROM audit_entries WHERE action = 'refuse state secret' ORDER BY id")
    assert [row["detail"]["known_by"] for row in told] == list(tried)
    assert {name for row in told for name in row["detail"]} == {"secrecy", "known_by"}


@pytest.mark.parametrize("entrance", [entrance for entrance in ENTRANCES if entrance.startswith("import")])
def test_where_a_deployment_is_separated_a_secret_is_kept_as_one(entrance, anzhi, rows, tmp_path, monkeypatch):
    monkeypatch.setenv("ANZHI_SEPARATED", "yes")
    options, _, shape, properties = KINDS[ENTRANCES[entrance]]
    file = tmp_path / "t.geojson"
    file.write_bytes(geojson((shape, {**properties, "密级": "机密"})))
    ran = anzhi("import", ENTRANCES[entrance], file, *options, "--classification", "公开")
    assert ran.exit_code == 0, ran.output
    assert [row["secrecy"] for row in rows("SELECT secrecy FROM receipts")] == ["secret"]


@pytest.fixture
def delivered(anzhi, tmp_path):
    file = tmp_path / "=cmd.geojson"
    file.write_bytes(geojson((SQUARE, {"name": "甲村", "code": "v1", "population": 7})))
    ran = anzhi("import", "villages", file, "--provider", "=县民政局", "--handed-over-by", "王小明")
    assert ran.exit_code == 0, ran.output


def test_every_hazard_of_the_rules_has_somebody_who_delivers_it(deployment):
    lines = list(expected(deployment.books.packaged, {}))
    assert {f"zones/{hazard}" for hazard in deployment.books.packaged.hazards} <= {line.key for line in lines}
    assert [line.key for line in lines if line.office.chinese == "未注明"] == []
    assert [
        (line.key, words)
        for line in lines
        for words in (line.title, line.office, line.without)
        if not words.chinese or not words.english or "{" in words.chinese + words.english
    ] == []


@pytest.mark.parametrize(
    ("role", "seen", "hidden"), [(Role.VIEWER, "王**", "王小明"), (Role.OFFICER, "王小明", "王**")]
)
def test_names_of_people_are_for_those_who_work_here(opened, delivered, role, seen, hidden):
    visitor = opened(role)
    page, sheet = visitor.get("/deliveries"), visitor.get("/deliveries/list.xlsx")
    api = visitor.get("/api/deliveries").json()["items"]
    assert page.status_code == sheet.status_code == 200
    assert seen in page.text
    assert hidden not in page.text
    assert [item["handed_over_by"] for item in api] == [seen]
    cells = {
        str(cell) for table in openpyxl.load_workbook(io.BytesIO(sheet.content)) for row in table.values for cell in row
    }
    assert seen in cells
    assert hidden not in cells
    assert [cell for cell in cells if cell.startswith("=")] == []
    assert str(Profile.INTERNAL.words) in cells
    assert [cell for cell in cells if "anzhi import" in cell] == []


def test_the_list_tells_what_came_what_nobody_wrote_down_and_what_is_missing(opened, delivered, deployment):
    with deployment.sessions.begin() as session:
        lines = {line.layer.key: line for line in read_list(Work(session, deployment), Principal("o", Role.OFFICER))}
        assert (lines["villages"].state, lines["population"].state) == ("received", "received")
        assert (lines["zones/flood"].state, lines["zones/flood"].rows) == ("missing", 0)
        session.execute(
            text(
                "INSERT INTO stations (name, kind, geom) VALUES ('站', 'fire', ST_SetSRID(ST_MakePoint(99, 39), 4490))"
            )
        )
        again = {line.layer.key: line for line in read_list(Work(session, deployment), Principal("o", Role.OFFICER))}
        assert again["stations"].state == "unregistered"
    page = opened(Role.VIEWER).get("/deliveries?lang=en").text
    assert "origin unknown" in page
    assert "water bureau" in page
    assert 'href="/imports' not in page


def test_whoever_may_import_has_a_button_for_every_layer_that_can_be_and_no_command(opened, delivered, deployment):
    with deployment.sessions.begin() as session:
        lines = read_list(Work(session, deployment), Principal("o", Role.OFFICER))
    page = opened(Role.OFFICER).get("/deliveries").text
    ways = re.findall(r'href="/imports\?([^"]+)"', page)
    importable = [line.layer for line in lines if line.layer.command]
    assert [unescape(way) for way in ways] == [
        f"layer={one.import_layer}" + (f"&hazard={one.hazard}" if one.hazard else "") for one in importable
    ]
    assert {one.import_layer for one in importable} <= set(enumeration("import_layer"))
    assert not re.search(r"anzhi import|--[a-z]", page.partition("<article")[2])


def test_a_layer_that_is_gone_keeps_its_history(opened, delivered, deployment):
    with deployment.sessions.begin() as session:
        session.execute(text("DELETE FROM villages"))
    told = opened(Role.OFFICER).get("/deliveries").text
    assert "已接收，未生效" in told
    assert "县民政局" in told


@pytest.mark.parametrize("address", ["/deliveries", "/deliveries/list.xlsx", "/api/deliveries"])
def test_strangers_do_not_learn_what_was_received(deployment, address):
    stranger = TestClient(create_app(deployment, loopback=False), follow_redirects=False)
    answer = stranger.get(address)
    assert answer.status_code in (303, 401)
    assert "县民政局" not in answer.text


def test_a_file_of_several_parts_is_known_by_the_digest_sha256sum_prints(anzhi, rows, tmp_path):
    file = tmp_path / "villages.shp"
    gpd.GeoDataFrame({"name": ["甲村"]}, geometry=[SQUARE], crs=4490).to_file(file, encoding="UTF-8")
    assert anzhi("import", "villages", file).exit_code == 0
    printed = subprocess.run("sha256sum * | sha256sum", shell=True, cwd=tmp_path, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"})  # fmt: skip
    assert [row["sha256"] for row in rows("SELECT sha256 FROM receipts")] == [printed.stdout.split()[0]]


def test_the_file_of_surveyed_ground_is_listed_beside_the_zones(anzhi, rows, tmp_path):
    zones, ground = tmp_path / "zones.geojson", tmp_path / "ground.geojson"
    options, _, shape, properties = KINDS["zones"]
    zones.write_bytes(geojson((shape, properties)))
    ground.write_bytes(geojson((SQUARE, {})))
    ran = anzhi("import", "zones", zones, *options, "--extent", ground, "--publish", "--reason", "首版")
    assert ran.exit_code == 0, ran.output
    listed = {tuple(row["layers"]): row["sha256"] for row in rows("SELECT layers, sha256 FROM receipts")}
    assert listed == {
        ("zones/flood",): hashlib.sha256(zones.read_bytes()).hexdigest(),
        ("extent/flood",): hashlib.sha256(ground.read_bytes()).hexdigest(),
    }


def test_zones_that_wait_in_a_draft_are_not_taken_for_those_in_force(anzhi, opened, deployment, tmp_path):
    options, _, shape, properties = KINDS["zones"]
    file = tmp_path / "zones.geojson"
    file.write_bytes(geojson((shape, properties)))
    assert anzhi("import", "zones", file, *options).exit_code == 0
    with deployment.sessions() as session:
        lines = {line.layer.key: line for line in read_list(Work(session, deployment), Principal("o", Role.OFFICER))}
    assert (lines["zones/flood"].state, lines["zones/flood"].receipt) == ("waiting", None)
    assert lines["zones/flood"].waiting["file"] == file.name
    assert tells(opened(Role.VIEWER).get("/deliveries").text, "在草稿 %(number)s 中", number=1)


def test_a_listed_file_knows_the_edition_it_was_published_in(anzhi, opened, tmp_path):
    options, _, shape, properties = KINDS["zones"]
    file = tmp_path / "zones.geojson"
    file.write_bytes(geojson((shape, properties)))
    assert anzhi("import", "zones", file, *options, "--publish", "--reason", "首版").exit_code == 0
    (item,) = opened(Role.VIEWER).get("/api/deliveries").json()["items"]
    assert (item["edition"], item["detail"]) == (1, "hazard")


def test_a_file_that_changes_while_it_is_read_is_not_taken_for_the_one_that_was_looked_at(deployment, tmp_path):
    file = tmp_path / "v.geojson"
    file.write_bytes(geojson((SQUARE, {"name": "甲村"})))
    taken = take_in(deployment, file, ReadingOptions())
    report = read_villages(file, ReadingOptions()).report
    file.write_bytes(geojson((SQUARE, {"name": "乙村"})))
    with deployment.sessions.begin() as session, pytest.raises(Refused, match="改动"):
        enter(session, taken, report, layers=["villages"], by="test")


def test_an_upload_that_is_kept_tells_its_origin(opened, rows):
    officer = opened(Role.OFFICER)
    content = geojson((SQUARE, {"name": "甲", "提供单位": "县水务局"}))
    form = {"name": "一套", "document_number": " 水函1号 ", "received_on": "", "classification": "internal"}
    kept = officer.post("/api/unit-sets", files={"file": ("片区.geojson", content)}, data=form)
    assert kept.status_code == 201, kept.text
    (row,) = rows("SELECT * FROM receipts")
    assert (row["file_name"], row["sha256"]) == ("片区.geojson", hashlib.sha256(content).hexdigest())
    assert (row["provider"], row["document_number"], row["secrecy"]) == ("县水务局", "水函1号", "internal")
    assert (row["detail"], row["imported_by"]) == ("一套", "token:test")


@pytest.mark.parametrize(
    ("field", "value"), [("classification", "甲级"), ("received_on", "2999-01-01"), ("provider", "水" * 201)]
)
def test_what_is_told_wrongly_is_refused_by_its_field(opened, rows, field, value):
    answer = opened(Role.OFFICER).post(
        "/api/unit-sets",
        files={"file": ("u.geojson", geojson((SQUARE, {"name": "甲"})))},
        data={"name": "一套", field: value},
    )
    assert answer.status_code == 422
    assert [error["field"].rpartition(".")[2] for error in answer.json()["errors"]] == [field]
    assert rows("SELECT id FROM receipts") == []
