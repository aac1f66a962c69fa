"""``/api/siting/outline`` and its file door: outlines in, how they were understood out."""

import json
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from app.http.i18n import catalogue
from app.siting import routes
from gis_layers.stores import places, projects
from tests.app.conftest import site
from tests.saying import tells

PLOT = shapely.box(99.800, 39.300, 99.802, 39.301)
LINES = "99.800,39.300\n99.802,39.300\n99.802,39.301\n99.800,39.301"
BOW_TIE = shapely.Polygon([(99.800, 39.300), (99.802, 39.302), (99.802, 39.300), (99.800, 39.302)])


def outline(client, text: str, **asked) -> dict:
    answer = client.post("/api/siting/outline", json={"text": text, **asked})
    assert answer.status_code == 200, answer.text
    return answer.json()


def upload(client, path: Path, status: int = 200, **fields) -> dict:
    with path.open("rb") as content:
        answer = client.post("/api/siting/outline/file", files={"file": (path.name, content)}, data=fields)
    assert answer.status_code == status, answer.text
    return answer.json()


def sites(tmp_path: Path, name: str, *shapes: shapely.Geometry) -> Path:
    path = tmp_path / name
    columns = {"name": [f"地块{i}" for i in range(len(shapes))], "project_class": ["K2"] * len(shapes)}
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4490)
    if path.suffix == ".csv":
        frame["wkt"] = frame.geometry.to_wkt()
        frame.drop(columns="geometry").to_csv(path, index=False)
    else:
        frame.to_file(path)
    return path


def test_a_pasted_plot_comes_back_with_how_it_was_read(client):
    answer = outline(client, LINES)
    assert shapely.geometry.shape(answer["geometry"]).equals(PLOT)
    assert answer["understood"]["notation"] == "decimal_degrees"
    assert answer["understood"]["axes"] == "lon,lat"
    assert tells(answer["understood"]["sentence"], "先经度，后纬度")
    assert (answer["alternatives"], answer["problems"]) == ([], [])


def test_an_ambiguous_paste_asks_and_the_choice_settles_it(client):
    asked = outline(client, "4355445.3 568978.5")
    assert asked["geometry"] is None
    choice = asked["alternatives"][0]
    settled = outline(client, "4355445.3 568978.5", crs=choice["crs"], order=choice["order"])
    assert settled["understood"]["sentence"] == choice["sentence"]
    assert settled["geometry"]["type"] == "Point"


def test_the_town_settles_which_zone_is_meant(client, deployment):
    with deployment.sessions.begin() as session:
        ground = shapely.box(99.7, 39.2, 99.9, 39.4)
        places.save_boundary(session, code="1", name="镇", geometry=ground, synthetic=True)
    assert outline(client, "4355445.3 568978.5")["understood"]["crs"] == "EPSG:4542"


def test_a_line_that_cannot_be_read_is_named(client):
    answer = outline(client, "99.80,39.33\nabc 99\n99.81,39.34")
    assert answer["geometry"] is None
    assert [
        (problem["line"], tells(problem["message"], "第 {n} 行有 {count} 个数，看不出哪两个是坐标。", n=2))
        for problem in answer["problems"]
    ] == [(2, True)]


def test_an_invalid_ring_is_handed_on_as_drawn_for_the_check_to_repair(client):
    answer = outline(client, "99.800,39.300\n99.802,39.302\n99.802,39.300\n99.800,39.302")
    drawn = shapely.geometry.shape(answer["geometry"])
    assert not drawn.is_valid
    refused = client.post("/api/siting/check", json=site(drawn))
    assert refused.json()["repair"]["area_after_m2"] > 0


@pytest.mark.parametrize("crs", ["EPSG:99999", "EPSG:2357"])
def test_a_system_that_cannot_be_used_is_a_problem_document(client, crs):
    answer = client.post("/api/siting/outline", json={"text": LINES, "crs": crs})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_every_sentence_the_reader_says_has_its_english():
    exchange = Path(routes.__file__).parents[2] / "gis_layers" / "exchange"
    text = "".join(path.read_text("utf-8") for path in exchange.rglob("coordinate*.py"))
    said = set(re.findall(r'msg\("([^"]+)"', text)) | set(re.findall(r'"([^"\n]*(?:读取|不符。|，后[^"\n]*))"', text))
    assert len(said) > 20
    assert said - set(catalogue("en")) == set()


@pytest.mark.parametrize("name", ["plot.geojson", "plot.gpkg", "plot.csv"])
def test_a_file_of_one_plot_is_its_outline(client, tmp_path, name):
    answer = upload(client, sites(tmp_path, name, PLOT))
    (feature,) = answer["features"]
    assert (feature["name"], feature["project_class"], answer["total"]) == ("地块0", "K2", 1)
    assert shapely.geometry.shape(feature["geometry"]).equals_exact(PLOT, 1e-9) or shapely.geometry.shape(
        feature["geometry"]
    ).normalize().equals_exact(PLOT.normalize(), 1e-9)


def test_a_zipped_shapefile_in_metres_lands_where_it_was_drawn(client, tmp_path):
    frame = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[PLOT], crs=4490).to_crs(4542)
    frame.to_file(tmp_path / "plot.shp", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "plot.zip", "w") as archive:
        for part in tmp_path.glob("plot.[!z]*"):
            archive.write(part, part.name)
    (feature,) = upload(client, tmp_path / "plot.zip")["features"]
    found = np.sort(shapely.get_coordinates(shapely.geometry.shape(feature["geometry"])), axis=0)
    assert found == pytest.approx(np.sort(shapely.get_coordinates(PLOT), axis=0), abs=1e-8)


def test_several_plots_are_all_offered(client, tmp_path):
    answer = upload(client, sites(tmp_path, "plots.gpkg", PLOT, PLOT.buffer(0.001), PLOT.buffer(0.002)))
    assert [feature["name"] for feature in answer["features"]] == ["地块0", "地块1", "地块2"]


def test_a_broken_plot_is_read_only_once_its_repair_is_accepted(client, tmp_path):
    path = sites(tmp_path, "bow.geojson", BOW_TIE)
    refused = upload(client, path)
    assert (refused["features"], refused["report"]["features_refused"]) == ([], 1)
    assert refused["repairs_offered"][0]["area_after_m2"] > 0
    accepted = upload(client, path, accept_repairs="true")
    assert shapely.geometry.shape(accepted["features"][0]["geometry"]).is_valid
    assert accepted["report"]["repairs"]


def test_a_file_in_the_wrong_system_says_which_it_may_be(client, tmp_path):
    path = tmp_path / "lying.geojson"
    metres = [[568978.5, 4355445.3], [569078.5, 4355445.3], [569078.5, 4355545.3], [568978.5, 4355445.3]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [metres]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    answer = upload(client, path)
    assert answer["features"] == []
    assert "--crs EPSG:" in answer["report"]["problems"][0]["advice"]


def test_unknown_formats_and_huge_files_are_refused(client, tmp_path, monkeypatch):
    (tmp_path / "notes.docx").write_bytes(b"x")
    assert upload(client, tmp_path / "notes.docx", status=422)["detail"]
    monkeypatch.setattr(routes, "LARGEST_FILE", 100)
    assert "20 MB" in upload(client, sites(tmp_path, "plot.geojson", PLOT), status=422)["detail"]


def test_a_stored_project_answers_with_its_footprint(client, deployment):
    columns = {"name": ["示范小学"], "project_class": ["K2"], "seismic_class": [None], "synthetic": [True]}
    with deployment.sessions.begin() as session:
        projects.append_projects(session, gpd.GeoDataFrame(columns, geometry=[PLOT], crs=4490))
    number = client.get("/api/projects").json()["items"][0]["id"]
    project = client.get(f"/api/projects/{number}").json()
    assert (project["name"], project["project_class"]) == ("示范小学", "K2")
    assert shapely.geometry.shape(project["geometry"]).equals(PLOT)
    assert client.get(f"/api/projects/{number + 1000}").status_code == 404


@pytest.mark.parametrize(("method", "address"), [("post", "/api/siting/outline"), ("get", "/api/projects/1")])
def test_nobody_without_a_token_gets_in(client, method, address):
    options = {"json": {"text": LINES}} if method == "post" else {}
    answer = getattr(client, method)(address, headers={"Authorization": "Bearer nonsense"}, **options)
    assert answer.status_code == 401
