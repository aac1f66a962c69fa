"""Every file that leaves says by which edition and rulebook, of which date, judged when, and what it does not replace.

No reader that opens the first layer, the first sheet or the first line of it meets anything but what it came for.
"""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import fromstring

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from sqlalchemy import text
from typer.testing import CliRunner

from app.assessments.service import GradingOrder, grade_town
from app.cli import cli
from app.exchange.exports import LAYERS
from app.platform.clock import today
from app.platform.deployment import Deployment
from app.platform.work import Work
from app.registers.register_views import SHEETS
from app.worker.loop import work_once
from gis_layers.stores import places
from risk_model.vocabulary import Verdict
from tests.app.conftest import site
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_registers import stocked

__all__ = ["stocked"]
FACTS = ("edition", "rulebook", "data_date", "judged_on", "statement")
FORMATS = ("gpkg", "geojson", "csv", "xlsx", "parquet", "shp", "zip")
ASIDE = {"shp": 0, "zip": 0, "gpkg": 0, "geojson": 0, "xlsx": 0, "csv": len(FACTS), "parquet": len(FACTS)}
"""How many columns a file of the format has more than the table it holds."""
SITES = ["site", "name", "verdict", "data_gaps"]
FINDINGS = ["site", "zone", "hazard", "grade", "overlap_m2", "overlap_share", "distance_m", "rule", "verdict"]
EDGE = shapely.box(99.80, 39.30, 99.80009, 39.30009)
"""Reaches ten centimetres into the zone beside it, and is prohibited ground where that border lies a metre further."""


@seeded_database("surveyed")
def told(deployment: Deployment) -> None:
    """A township with something in every layer, a graded village and a dated survey."""
    publish_zones(deployment, "flood", shapely.box(99.80008999, 39.29, 99.81, 39.31), grade=("极高", 1, "flood4"))
    square = shapely.multipolygons([shapely.box(99.79, 39.29, 99.81, 39.31)])
    villages = gpd.GeoDataFrame({"code": ["v1"], "name": ["西村"], "population": [9]}, geometry=[square], crs=4490)
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE surveyed_layers SET survey_date = '2024-05-01'"))
        places.append_places(session, "villages", villages)
    with deployment.sessions.begin() as session:
        grade_town(Work(session, deployment), GradingOrder("village", "officer"))


@pytest.fixture
def expected(deployment):
    with deployment.sessions() as session:
        edition = session.scalar(text("SELECT max(number) FROM editions"))
        book = deployment.books.in_force(session)
    rulebook = f"{book.version} {book.fingerprint}"
    return dict(zip(FACTS, (str(edition), rulebook, "2024-05-01", today().isoformat(), None), strict=True))


@pytest.fixture
def graded_on(deployment) -> str:
    """The day of the run, which is not that on which its areas are taken away."""
    with deployment.sessions.begin() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(
            text("UPDATE grading_runs SET started_at = '2026-05-02 03:00Z', ended_at = '2026-05-02 22:00Z'")
        )
    return "2026-05-03"


@pytest.fixture
def console(deployment, monkeypatch):
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)

    def run(*words) -> None:
        ran = CliRunner().invoke(cli, [str(word) for word in words])
        assert ran.exit_code == 0, (words, ran.output)

    return run


def facts_in(path: Path) -> dict[str, str]:
    """What a file says of itself, found by nothing of the product."""
    match path.suffix:
        case ".gpkg":
            with closing(sqlite3.connect(path)) as database:
                return dict(database.execute("SELECT item, value FROM about"))
        case ".xlsx":
            book = openpyxl.load_workbook(path)
            assert book.sheetnames[-1] == "about"
            return dict(list(book["about"].iter_rows(values_only=True))[1:])
        case ".csv":
            rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
            assert len({tuple(row[name] for name in FACTS if name in row) for row in rows}) == 1
            return {name: rows[0].get(f"about_{name}") or rows[0][name] for name in FACTS}
        case ".parquet":
            frame = pd.read_parquet(path)
            row = frame.iloc[0]
            assert {name: row.get(f"about_{name}") or row[name] for name in FACTS} == frame.attrs["about"]
            return frame.attrs["about"]
        case ".geojson":
            document = json.loads(path.read_text("utf-8"))
            assert list(document)[-1] == "about"
            return document["about"]
        case ".shp":
            sidecar = path.with_name(f"{path.name}.xml").read_bytes()
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                layers = [name for name in archive.namelist() if name.endswith(".shp")]
                sidecar, *others = (archive.read(f"{name}.xml") for name in layers)
                assert set(others) <= {sidecar}
    return {fact.tag: fact.text or "" for fact in fromstring(sidecar).find("about") or ()}


def assert_told(found: dict[str, str], expected: dict[str, str | None]) -> None:
    assert tuple(found) == FACTS
    assert {name: fact for name, fact in found.items() if name != "statement"} == {
        name: fact for name, fact in expected.items() if name != "statement"
    }
    assert "不替代法定评估" in found["statement"]
    assert "replaces no statutory assessment" in found["statement"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_layer_in_every_format_says_what_it_rests_on(
    told, stocked, graded_on, console, expected, tmp_path, suffix
):
    rows = {}
    for layer in LAYERS:
        out = tmp_path / f"{layer}.{suffix}"
        console("export", layer, out)
        rows[layer] = _rows(out)
        if rows[layer] or suffix not in ("csv", "parquet"):
            day = graded_on if layer == "areas" else expected["judged_on"]
            assert_told(facts_in(out), {**expected, "judged_on": day})
    assert rows["areas"] == rows["villages"] == 1
    assert rows["zones"] > 1


def _rows(path: Path) -> int:
    """How many features there are for who opens the file and asks for nothing in particular."""
    match path.suffix:
        case ".csv":
            return len(list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))) - 1
        case ".xlsx":
            return len(pd.read_excel(path))
        case ".parquet":
            return len(gpd.read_parquet(path))
    return int(pyogrio.read_info(path)["features"])


@pytest.mark.parametrize("suffix", FORMATS)
def test_who_opens_the_first_layer_meets_the_layer_and_its_columns(told, console, tmp_path, suffix):
    out = tmp_path / f"zones.{suffix}"
    console("export", "zones", out)
    match suffix:
        case "csv":
            names = out.read_text("utf-8-sig").splitlines()[0].split(",")
        case "xlsx":
            names = [cell.value for cell in openpyxl.load_workbook(out).worksheets[0][1]]
        case "parquet":
            names = list(pd.read_parquet(out).columns)
        case _:
            names = list(pyogrio.read_info(out)["fields"])
    named = ["zone", "version", "hazard", "product", "grade", "grade_rank", "grade_scheme"]
    held = [name[:10] for name in named] if suffix in ("shp", "zip") else named
    assert names[: len(held)] == held
    assert len(set(FACTS) & set(names)) == ASIDE[suffix]
    assert not ASIDE[suffix] or names[-len(FACTS) :] == list(FACTS)


@pytest.fixture
def sites(tmp_path) -> Path:
    path = tmp_path / "sites.geojson"
    inside, aside = shapely.box(99.803, 39.30, 99.804, 39.301), shapely.box(99.75, 39.30, 99.751, 39.301)
    features = [site(shape) for shape in (EDGE, inside, aside)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize("suffix", ["gpkg", "xlsx", "csv", "parquet", "geojson"])
def test_the_answers_of_a_check_say_what_they_rest_on_and_how_firm_they_are(
    client, told, console, expected, sites, tmp_path, suffix
):
    out = tmp_path / f"checked.{suffix}"
    console("check", sites, "--out", out)
    assert_told(facts_in(out), expected)
    tables = _tables(out)
    assert list(tables["sites"].columns)[:4] == SITES
    assert list(tables["findings"].columns)[:9] == FINDINGS
    for number, feature in enumerate(json.loads(sites.read_text())["features"]):
        single = client.post("/api/siting/check", json=feature).json()
        row = tables["sites"].iloc[number]
        assert (row["verdict"], bool(row["borderline"])) == (single["verdict"], single["borderline"])
        assert row["seismic_class"] == single["site"]["seismic_class"]
        told_shifts = [part.split(":") for part in row["sensitivity"].split(";")]
        assert [(float(shift), verdict) for verdict, shift in told_shifts] == [
            (one["shift_m"], one["verdict"]) for one in single["sensitivity"]
        ]
        severities = [list(Verdict).index(Verdict(verdict)) for verdict, _ in told_shifts]
        assert all(milder >= worse for milder, worse in pairwise(severities))
        slivers = tables["findings"].query("site == @number")["sliver"].astype(bool).tolist()
        assert slivers == [found["sliver"] for theme in single["themes"] for found in theme["findings"]]
    assert tables["sites"]["borderline"].astype(bool).tolist() == [True, False, False]
    assert tables["findings"]["sliver"].astype(bool).tolist()[0]


def _tables(path: Path) -> dict[str, pd.DataFrame]:
    if path.suffix == ".xlsx":
        assert openpyxl.load_workbook(path).sheetnames == ["sites", "findings", "about"]
        return {name: pd.read_excel(path, name) for name in ("sites", "findings")}
    if path.suffix == ".gpkg":
        assert [str(name) for name, _ in pyogrio.list_layers(path)] == ["sites", "findings", "about"]
        assert pyogrio.read_info(path, layer=0)["layer_name"] == "sites"
        assert set(pyogrio.read_info(path, layer=0)["dataset_metadata"]) == set(FACTS)
        return {name: pyogrio.read_dataframe(path, layer=name) for name in ("sites", "findings")}
    readers = {".csv": pd.read_csv, ".parquet": pd.read_parquet, ".geojson": pyogrio.read_dataframe}
    rows = readers[path.suffix](path)
    assert rows.columns[0] == "row"
    split = {f"{kind}s": part.drop(columns="row").reset_index(drop=True) for kind, part in rows.groupby("row")}
    order = list(dict.fromkeys([*FINDINGS, *rows.columns]))
    return {**split, "findings": split["findings"][[name for name in order if name in split["findings"]]]}


def test_a_check_in_the_background_hands_over_the_same(client, told, expected, sites, tmp_path):
    ordered = client.post("/api/siting/batch", files={"file": ("sites.geojson", sites.read_bytes())})
    while work_once(client.app.state.deployment):
        pass
    job = client.get(ordered.headers["location"]).json()
    assert (job["result"]["data_date"], job["result"]["judged_on"]) == (expected["data_date"], expected["judged_on"])
    for name, address in job["links"]["files"].items():
        (tmp_path / name).write_bytes(client.get(address).content)
        assert_told(facts_in(tmp_path / name), expected)


@pytest.mark.parametrize("kind", ["csv", "gpkg", "xlsx"])
def test_every_register_taken_away_says_what_it_rests_on(client, told, stocked, expected, tmp_path, kind):
    programs = {*LAYERS, "shelters"} - {"areas"} - (set(SHEETS) if kind == "xlsx" else set())
    for layer in sorted(programs):
        out = tmp_path / f"{layer}.{kind}"
        out.write_bytes(client.get(f"/downloads/{layer}.{kind}").content)
        if kind != "csv" or _rows(out):
            assert_told(facts_in(out), expected)


def test_the_workbook_of_every_register_says_in_its_readers_words_what_it_rests_on(client, told, stocked, expected):
    for layer in SHEETS:
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/downloads/{layer}.xlsx").content))
        assert book.sheetnames[-1] == "about"
        said = dict(book["about"].iter_rows(min_row=2, values_only=True))
        version, fingerprint = expected["rulebook"].split()
        assert said["区划版次"].split(" · ")[0] == expected["edition"]
        assert said["规则库"] == f"{version} · {fingerprint[:16]}"
        assert (said["数据日期"], said["判断日期"]) == (expected["data_date"], expected["judged_on"])
        assert "不替代法定评估" in said["声明"]


def test_the_workbooks_of_guidance_and_enterprises_say_it_in_their_last_sheet(client, told, stocked, expected):
    for address in ("/api/kpi/export.xlsx", "/enterprises/list.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
        said = "\n".join(str(cell) for row in book.worksheets[-1].iter_rows(values_only=True) for cell in row)
        assert len(book.worksheets) > 1
        assert "不替代法定评估" in said
        assert f"第 {expected['edition']} 版" in said or f"\n{expected['edition']}\n" in said
        for fact in (*expected["rulebook"].split(), expected["data_date"], expected["judged_on"]):
            assert fact in said, (address, fact)


def test_areas_of_an_older_run_rest_on_what_was_in_force_then(told, graded_on, deployment, console, expected, tmp_path):
    publish_zones(deployment, "flood", shapely.box(99.7, 39.2, 99.71, 39.21), grade=("高", 2, "flood4"))
    with deployment.sessions.begin() as session:
        newest = session.scalar(text("SELECT max(from_edition) FROM surveyed_layers"))
        session.execute(
            text("UPDATE surveyed_layers SET survey_date = '2026-01-02' WHERE from_edition = :e"), {"e": newest}
        )
    console("export", "areas", tmp_path / "areas.gpkg")
    assert_told(facts_in(tmp_path / "areas.gpkg"), {**expected, "judged_on": graded_on})
    console("export", "zones", tmp_path / "zones.gpkg")
    assert facts_in(tmp_path / "zones.gpkg")["data_date"] == date(2026, 1, 2).isoformat()


def test_where_nothing_was_published_the_file_says_so(client, stocked, tmp_path):
    out = tmp_path / "stations.gpkg"
    out.write_bytes(client.get("/downloads/stations.gpkg").content)
    found = facts_in(out)
    assert "none published" in found["edition"]
    assert "not stated" in found["data_date"]
