"""An officer imports a census shapefile as the county delivers it; a planner gets verdicts with evidence."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from app.platform.work import Work
from tests.running import anzhi, anzhi_here
from tests.sharing import reachable_folder

GROUND = shapely.box(99.70, 39.20, 99.90, 39.40)
HIGH = shapely.box(99.80, 39.30, 99.81, 39.31)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


@pytest.fixture(scope="module")
def deployment(folder: Path) -> Path:
    """A data folder with an imported geological survey: the whole journey's first half."""
    data_dir = folder / "data"
    source, shapefile, extent = folder / "zones.geojson", folder / "普查.shp", folder / "extent.gpkg"
    features = [
        ("高", "南寨子村三社泥石流", HIGH),
        ("低", "先锋村", shapely.box(99.81, 39.30, 99.82, 39.31)),
        ("极大", "坏等级", shapely.box(99.82, 39.30, 99.83, 39.31)),
    ]
    frame = gpd.GeoDataFrame(
        {"危险性等级": [grade for grade, _, _ in features], "名称": [name for _, name, _ in features]},
        geometry=[shape for _, _, shape in features],
        crs=4326,
    )
    frame.to_file(source, driver="GeoJSON")
    gpd.GeoDataFrame(geometry=[GROUND], crs=4490).to_file(extent, driver="GPKG")
    subprocess.run(["ogr2ogr", "-lco", "ENCODING=GBK", "-t_srs", "EPSG:4521", shapefile, source], check=True)
    shapefile.with_suffix(".cpg").unlink()
    imported = anzhi(
        data_dir, "import", "zones", shapefile, "--hazard", "geological", "--product", "hazard", "--extent", extent,
        "--source", "县普查", "--survey-date", "2024-05-01", "--publish", "--reason", "普查成果入库", "--json",
    )  # fmt: skip
    assert imported.returncode == 0, imported.stderr
    (folder / "report.json").write_text(imported.stdout, encoding="utf-8")
    return data_dir


def test_the_report_counts_everything_and_names_what_was_refused(deployment: Path, folder: Path):
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert (report["features_read"], report["features_loaded"], report["features_refused"]) == (3, 2, 1)
    assert (report["format"], report["crs"], report["edition"]) == ("shapefile", "EPSG:4521", 1)
    refused = next(problem for problem in report["problems"] if problem["feature"] == 2)
    assert "极大" in refused["problem"]
    assert refused["advice"]


def test_what_was_imported_goes_out_again_where_it_was(deployment: Path, folder: Path):
    assert anzhi_here(deployment, "export", "zones", folder / "out.gpkg").returncode == 0
    zones = gpd.read_file(folder / "out.gpkg")
    assert zones["grade"].tolist() == ["高", "低"]
    assert zones["name"].tolist()[0] == "南寨子村三社泥石流"
    assert set(zones.columns) >= {"zone", "version", "hazard", "product", "grade", "grade_rank", "grade_scheme"}
    assert shapely.hausdorff_distance(zones.geometry[0], HIGH) < 1e-9


@pytest.fixture(scope="module")
def sites(deployment: Path, folder: Path) -> Path:
    frame = gpd.GeoDataFrame(
        {"name": ["=一号", "二号", "坏的"], "project_class": ["K2", None, "K5"]},
        geometry=[
            shapely.box(99.805, 39.305, 99.806, 39.306),
            shapely.box(99.815, 39.305, 99.816, 39.306),
            shapely.Polygon([(99.84, 39.30), (99.85, 39.31), (99.85, 39.30), (99.84, 39.31)]),
        ],
        crs=4490,
    )
    frame.to_file(folder / "sites.gpkg", driver="GPKG")
    return folder / "sites.gpkg"


def test_a_bulk_check_writes_two_tables_and_says_what_it_refused(deployment: Path, sites: Path, folder: Path):
    checked = anzhi_here(deployment, "check", sites, "--out", folder / "checked.gpkg", "--class", "K4", "--json")
    assert checked.returncode == 0, checked.stderr
    document = json.loads(checked.stdout)
    assert document["report"]["features_refused"] == 1
    with sqlite3.connect(folder / "checked.gpkg") as database:
        rows = database.execute("SELECT site, name, verdict, data_gaps FROM sites ORDER BY site").fetchall()
        findings = database.execute(
            "SELECT site, hazard, grade, overlap_share, rule, verdict FROM findings ORDER BY site"
        ).fetchall()
    assert [(row[0], row[2]) for row in rows] == [(0, "restricted"), (1, "insufficient_data")]
    assert "fault" in rows[0][3].split(";")
    assert findings[0][:3] == (0, "geological", "高")
    assert findings[0][3] == pytest.approx(1.0)
    assert findings[1][4:] == (None, "permitted")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_formats_with_one_table_tell_the_rows_apart(deployment: Path, sites: Path, folder: Path, suffix: str):
    out = folder / f"checked.{suffix}"
    assert anzhi_here(deployment, "check", sites, "--out", out, "--class", "K4").returncode == 0
    table = pd.read_csv(out) if suffix == "csv" else pd.read_parquet(out)
    assert table["row"].value_counts().to_dict() == {"site": 2, "finding": 2}


def test_a_spreadsheet_runs_no_formula_from_a_name(deployment: Path, sites: Path, folder: Path):
    out = folder / "checked.xlsx"
    assert anzhi_here(deployment, "check", sites, "--out", out, "--class", "K4").returncode == 0
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["sites", "findings", "about"]
    name = next(book["sites"].iter_rows(min_row=2, values_only=False))[1]
    assert name.data_type == "s"
    assert not str(name.value).startswith("=")


def test_sites_without_a_class_are_refused_by_number(deployment: Path, sites: Path, folder: Path):
    refused = anzhi_here(deployment, "check", sites, "--out", folder / "none.gpkg")
    assert refused.returncode == 1
    assert "--class" in refused.stderr
    assert not (folder / "none.gpkg").exists()


def test_the_console_publishes_only_the_first_edition_unless_told(deployment: Path, folder: Path):
    again = ["import", "zones", folder / "普查.shp", "--hazard", "geological", "--product", "susceptibility"]
    refused = anzhi_here(deployment, *again, "--publish", "--reason", "x", ANZHI_CONSOLE_PUBLISH="first")
    assert refused.returncode == 1
    assert "ANZHI_CONSOLE_PUBLISH" in refused.stderr
    unnamed = anzhi_here(deployment, *again, "--publish", ANZHI_CONSOLE_PUBLISH="always")
    assert unnamed.returncode == 1
    assert "--reason" in unnamed.stderr
    drafted = anzhi_here(deployment, *again, "--json")
    assert json.loads(drafted.stdout)["draft"] is not None
    assert json.loads(drafted.stdout)["edition"] is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--hazard", "sharks", "--product", "hazard"], "unknown hazard"),
        (["--hazard", "geological", "--product", "nonsense"], "unknown product"),
        (["--hazard", "geological", "--product", "hazard", "--grade-scheme", "geo9"], "unknown grade scheme"),
        (["--hazard", "geological", "--product", "hazard", "--grade-scheme", "met5"], "not graded by"),
    ],
)
def test_words_nobody_knows_load_nothing(deployment: Path, folder: Path, options: list[str], words: str):
    refused = anzhi_here(deployment, "import", "zones", folder / "普查.shp", *options, "--json")
    assert refused.returncode == 1
    assert words in refused.stderr
    assert json.loads(refused.stdout)["features_loaded"] == 0


def test_the_same_judgement_answers_by_console_and_by_api(deployment: Path, sites: Path, folder: Path):
    """One function, two doors: verdict and overlap agree to the last digit."""
    from app.judgement.screening import check_site, sites_of
    from app.platform.clock import today
    from app.platform.deployment import open_deployment
    from app.platform.settings import Settings
    from gis_layers.exchange import ReadingOptions, read_sites

    anzhi_here(deployment, "check", sites, "--out", folder / "same.parquet", "--class", "K4")
    table = pd.read_parquet(folder / "same.parquet")
    by_console = table[table["row"] == "finding"].set_index("site")["overlap_m2"].to_dict()
    frame = read_sites(sites, ReadingOptions()).frame
    frame["project_class"] = frame["project_class"].fillna("K4")
    with open_deployment(Settings().with_data_dir(deployment), lambda _: None) as opened, opened.sessions() as session:
        one_by_one = [check_site(Work(session, opened), s, on=today()).opinion for s in sites_of(frame, "EPSG:4542")]
    by_api = {
        number: finding.overlap_m2
        for number, opinion in zip(frame["feature"], one_by_one, strict=True)
        for theme in opinion.themes
        for finding in theme.findings
    }
    assert by_console == by_api
