"""The registers as clients read them, as files bring them in, and as they leave."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from fastapi.testclient import TestClient

from app.exchange.enterprises import import_enterprises
from app.exchange.exports import LAYERS, read_layer
from app.exchange.registers import ConstraintsImport, import_constraints, import_register
from app.http.masking import masked
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.errors import Refused
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.exchange import ReadingOptions, read_forces, write_layer
from gis_layers.stores import constraints, pictures, places, town
from tests.app.seeds import seeded_database

HERE = shapely.Point(99.80, 39.33)
SQUARE = shapely.box(99.80, 39.30, 99.81, 39.31)
LISTS = ("enterprises", "stations", "forces", "facilities", "shelters", "groups", "buildings", "constraints")


def frame(geometries: list, **columns: list) -> gpd.GeoDataFrame:
    ready = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    return gpd.GeoDataFrame(ready, geometry=geometries, crs=4490)


@seeded_database()
def stocked(deployment: Deployment) -> None:
    """One or two rows in every register."""
    with deployment.sessions.begin() as session:
        town.append_register(session, "enterprises", frame(
            [SQUARE, HERE], name=["厂", "店"], sector=["chemical", "commerce"], contact_phone=["138-0000-0012", "8810"],
            inventory=[[{"substance": "氯", "tonnes": 15.0}], []],
        ))  # fmt: skip
        town.append_register(
            session, "stations", frame([HERE], name=["镇站"], kind=["fire"], duty_phone=["13900000034"])
        )
        town.append_register(session, "forces", frame([HERE], name=["一班"], kind=["fire"], capabilities=[["rescue"]]))
        town.append_register(
            session, "facilities", frame([SQUARE, HERE], name=["广场", "学校"], kind=["shelter", "school"])
        )
        town.append_register(session, "groups", frame([HERE], name=["南寨子村三社"], population=[120]))
        town.append_register(session, "buildings", frame([SQUARE], floors=[2]))
        areas = frame([shapely.multipolygons([SQUARE])], name=["田"], source_id=["f-1"])
        constraints.save_constraints(session, constraints.NewConstraints("farmland", "基本农田"), areas)


@pytest.fixture
def as_role(deployment, token):
    def client(role: Role) -> TestClient:
        app = create_app(deployment, loopback=False)
        return TestClient(app, headers={"Authorization": f"Bearer {token(role)}"}, raise_server_exceptions=False)

    return client


@pytest.mark.parametrize("name", LISTS)
def test_every_register_is_a_list_of_the_contract_and_a_feature_collection(client, stocked, name):
    answer = client.get(f"/api/{name}", params={"limit": 1}).json()
    assert {"items", "total", "limit", "offset", "links"} == set(answer)
    assert answer["total"] >= 1
    assert {"id", "geometry"} <= set(answer["items"][0])
    collection = client.get(f"/api/{name}", headers={"Accept": "application/geo+json"}).json()
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == answer["total"]


@pytest.mark.parametrize("name", LISTS)
def test_nobody_reads_a_register_without_signing_in(deployment, name):
    assert TestClient(create_app(deployment, loopback=False)).get(f"/api/{name}").status_code == 401


def test_a_register_is_narrowed_by_kind_and_window_and_says_what_is_wrong(client, stocked):
    total = lambda **asked: client.get("/api/enterprises", params=asked).json()["total"]  # noqa: E731
    assert total(kind="chemical") == 1
    assert total(bbox="99.79,39.32,99.81,39.34") == 1
    assert total(village="nowhere") == 0
    assert client.get("/api/enterprises", params={"bbox": "1,2"}).json()["errors"][0]["field"] == "bbox"
    assert client.get("/api/shelters").json()["items"][0]["name"] == "广场"


@pytest.mark.parametrize("role", [Role.PLANNER, Role.DISPATCHER, Role.OFFICER, Role.APPROVER, Role.ADMIN])
def test_those_who_must_call_see_telephone_numbers(as_role, stocked, role):
    client = as_role(role)
    assert client.get("/api/enterprises").json()["items"][0]["contact_phone"] == "138-0000-0012"
    assert client.get("/api/stations").json()["items"][0]["duty_phone"] == "13900000034"


def test_a_viewer_sees_telephone_numbers_masked_in_every_form(client, stocked):
    items = client.get("/api/enterprises").json()["items"]
    assert [item["contact_phone"] for item in items] == ["138****0012", "****"]
    assert client.get("/api/stations").json()["items"][0]["duty_phone"] == "139****0034"
    for name in LISTS:
        text = client.get(f"/api/{name}", headers={"Accept": "application/geo+json"}).text
        assert "0000" not in text.replace("****00", ""), name


def test_a_mask_never_gives_a_short_number_away():
    assert masked(None) is None
    assert masked("13800005678") == "138****5678"
    assert masked("12345") == masked("8810-77") == "****"


def test_constraints_tell_what_was_surveyed(client, stocked):
    (survey,) = client.get("/api/constraints/surveys").json()["items"]
    assert (survey["kind"], survey["extent_kind"], survey["geometry"]) == ("farmland", "zones", None)


def test_the_relief_is_served_with_its_bounds_and_answers_304(client, deployment):
    assert client.get("/api/basemap/hillshade").status_code == 404
    with deployment.sessions.begin() as session:
        pictures.save_picture(
            session, "hillshade", b"\x89PNG", bounds=(99.6, 39.1, 99.9, 39.4), size=(4, 5), synthetic=True
        )
    note = client.get("/api/basemap/hillshade").json()
    assert (note["bounds"], note["width"], note["height"]) == ([99.6, 39.1, 99.9, 39.4], 4, 5)
    answer = client.get(note["url"])
    assert (answer.headers["content-type"], answer.content) == ("image/png", b"\x89PNG")
    again = client.get(note["url"], headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_buildings_for_the_basemap_are_light(client, stocked):
    plain = client.get("/api/basemap/buildings", headers={"Accept-Encoding": "identity"})
    (feature,) = plain.json()["features"]
    assert set(feature["properties"]) == {"id", "floors"}
    assert client.get("/api/basemap/buildings", params={"bbox": "99,39,99.1,39.1"}).json()["features"] == []


def test_a_school_is_no_chemical_plant_in_a_tile(client, stocked):
    for layer in ("enterprises", "stations", "forces", "facilities", "groups", "buildings", "constraints"):
        answer = client.get(f"/tiles/{layer}/10/795/390.mvt")
        assert answer.status_code == 200, layer
        assert b"1380000" not in answer.content
        assert b"contact" not in answer.content


def csv(folder: Path, *lines: str) -> Path:
    path = folder / "forces.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_imported_forces_find_their_station_and_the_officer_hears_of_those_that_do_not(deployment, stocked, tmp_path):
    path = csv(
        tmp_path, "name,kind,capabilities,station,lon,lat", "二班,fire,fire_engine;teleport,镇站,99.8,39.33",
        "三班,fire,rescue,月球站,99.8,39.33",
    )  # fmt: skip
    with deployment.sessions.begin() as session:
        report = import_register(Work(session, deployment), "forces", path, ReadingOptions(), author="officer").report
    told = " ".join(problem.problem for problem in report.problems)
    with deployment.sessions() as session:
        rows = town.read_register(session, "forces").set_index("name")
    assert (report.features_loaded, report.features_refused) == (2, 0)
    assert "月球站" in told
    assert "teleport" in told
    assert list(rows["station_id"].notna()) == [False, True, False]
    assert rows.loc["二班", "state"] == "ready"
    assert rows.loc["二班", "unknown_capabilities"] == ["teleport"]


def test_an_import_is_audited_and_named_in_the_gazetteer(deployment, tmp_path):
    path = csv(tmp_path, "name,行业领域,lon,lat", "试验砂厂,砂厂,99.8,39.33")
    with deployment.sessions.begin() as session:
        import_enterprises(Work(session, deployment), path, ReadingOptions(), author="officer")
    with deployment.engine.connect() as connection:
        actions = connection.exec_driver_sql("SELECT action FROM audit_entries").scalars().all()
        names = connection.exec_driver_sql("SELECT name FROM place_names").scalars().all()
    assert actions[-1] == "import enterprises"
    assert "试验砂厂" in names


def test_a_file_of_which_nothing_is_right_leaves_nothing_behind(deployment, tmp_path):
    path = csv(tmp_path, "name,kind,lon,lat", "甲,fire,539.80,39.33", "乙,fire,639.80,39.33")
    with deployment.sessions.begin() as session:
        report = import_register(Work(session, deployment), "stations", path, ReadingOptions(), author="officer").report
    with deployment.sessions() as session:
        assert town.count_register(session, "stations") == 0
    assert (report.features_loaded, report.features_refused) == (0, 2)


def test_constraints_of_several_kinds_become_a_survey_each(deployment, tmp_path):
    path = tmp_path / "c.gpkg"
    write_layer(frame([SQUARE, SQUARE], kind=["farmland", "生态红线"], name=["a", "b"]), path, layer_name="c")
    ground = shapely.box(99.7, 39.2, 99.9, 39.4)
    with deployment.sessions.begin() as session:
        places.save_boundary(session, code="T", name="试验镇", geometry=ground, synthetic=False)
        asked = ConstraintsImport(path, extent="boundary", source="规划")
        report = import_constraints(Work(session, deployment), asked, author="officer").report
    with deployment.sessions() as session:
        surveys = constraints.read_constraint_surveys(session)
    assert report.features_loaded == 2
    assert sorted(surveys["kind"]) == ["ecological_redline", "farmland"]
    assert all(extent.equals(ground) for extent in surveys.geometry)


def test_constraints_of_a_kind_nobody_knows_or_an_extent_nobody_drew_are_refused(deployment, tmp_path):
    path = tmp_path / "c.gpkg"
    write_layer(frame([SQUARE], name=["a"]), path, layer_name="c")
    for asked in (ConstraintsImport(path, "forest"), ConstraintsImport(path, "farmland", extent="boundary")):
        with deployment.sessions() as session, pytest.raises(Refused):
            import_constraints(Work(session, deployment), asked, author="officer")


def test_what_is_exported_can_be_imported_again(deployment, stocked, tmp_path):
    with deployment.sessions() as session:
        forces = read_layer(session, "forces")
        for layer in set(LAYERS) & {"enterprises", "stations", "facilities", "constraints", "groups", "buildings"}:
            write_layer(read_layer(session, layer), tmp_path / f"{layer}.gpkg", layer_name=layer)
    write_layer(forces, tmp_path / "forces.csv", layer_name="forces")
    again = read_forces(tmp_path / "forces.csv", ReadingOptions())
    assert again.report.features_loaded == 1
    assert again.frame["capabilities"].iloc[0] == ["rescue"]
    assert list(gpd.read_file(tmp_path / "enterprises.gpkg")["inventory"]) == ["氯:15.0", ""]
