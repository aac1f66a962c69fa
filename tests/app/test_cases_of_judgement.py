"""Cases that were judged wrongly once, made anew on ground of the same kind, each with what is right."""

import json

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from app.cli import cli
from gis_layers.crs import to_storage
from risk_model.vocabulary import SeismicClass, Verdict
from tests.app.conftest import METRIC, site
from tests.app.seeds import publish_zones, seeded_database
from tests.saying import tells

UNREAD = "选址规则没有收录「{scheme}」的等级「{grade}」，落在其中或附近的项目只能判为资料不足"

EAST, NORTH = 569_000.0, 4_355_400.0
SEVERITY = [Verdict.PERMITTED, Verdict.INSUFFICIENT_DATA, Verdict.RESTRICTED, Verdict.PROHIBITED]
TRACE = shapely.LineString([(EAST - 2000, NORTH), (EAST + 2000, NORTH)])
WORSE_AND_BAD = {
    "flash_flood": (("极高危险", 1, "flash3"), ("高危险", 2, "flash3")),
    "geological": (("极高", 1, "geo4"), ("高", 2, "geo4")),
}
PLOT = shapely.box(99.802, 39.330, 99.803, 39.331)
NEAR = shapely.box(99.8010, 39.3302, 99.8018, 39.3308)
"""17 m beside PLOT."""


def in_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    return to_storage(np.asarray([shape], dtype=object), METRIC)[0]


def check(client, shape: shapely.Geometry, project_class: str, **more) -> dict:
    answer = client.post("/api/siting/check", json=site(in_degrees(shape), project_class, **more))
    assert answer.status_code == 200, answer.text
    return answer.json()


def theme_of(answer: dict, theme: str) -> dict:
    return next(one for one in answer["themes"] if one["theme"] == theme)


@pytest.mark.parametrize("hazard", WORSE_AND_BAD)
def test_a_line_between_two_grades_that_both_prohibit_is_no_border(client, surveyed, publish, hazard):
    """Deep inside such ground every border may lie fifty metres elsewhere, and the site is where it was."""
    for grade, sides in zip(WORSE_AND_BAD[hazard], ((-600.0, 0.0), (0.0, 600.0)), strict=True):
        half = shapely.box(EAST + sides[0], NORTH - 600, EAST + sides[1], NORTH + 600)
        publish(hazard, in_degrees(half), grade=grade)
    answer = check(client, shapely.box(EAST - 4, NORTH, EAST + 4, NORTH + 8), "K1")
    assert (answer["verdict"], answer["borderline"]) == ("prohibited", False)
    assert {one["verdict"] for one in answer["sensitivity"]} == {"prohibited"}
    assert {-50.0, -10.0, 10.0, 50.0} <= {one["shift_m"] for one in answer["sensitivity"]}


@seeded_database("surveyed")
def faulted(deployment) -> None:
    publish_zones(deployment, "fault", in_degrees(TRACE), attributes={"intensity": 8.0})


@pytest.mark.parametrize("project_class", ["K1", "K4", "K5", "K6", "K7"])
@pytest.mark.parametrize("distance_m", [0.0, 60.0, 150.0, 190.0, 300.0])
def test_a_stricter_seismic_class_is_never_judged_milder_at_a_fault(client, faulted, project_class, distance_m):
    plot = shapely.box(EAST, NORTH + distance_m, EAST + 40, NORTH + distance_m + 40)
    found = [
        SEVERITY.index(Verdict(check(client, plot, project_class, seismic_class=one.value)["verdict"]))
        for one in (SeismicClass.D, SeismicClass.C, SeismicClass.B, SeismicClass.A)
    ]
    assert found == sorted(found)


def test_a_major_hazard_installation_astride_a_fault_is_prohibited_in_every_seismic_class(client, faulted):
    plot = shapely.box(EAST, NORTH - 20, EAST + 40, NORTH + 20)
    for one in SeismicClass:
        assert check(client, plot, "K1", seismic_class=one.value)["verdict"] == "prohibited"


def test_a_school_is_not_of_the_lowest_seismic_class(client, faulted):
    plot = in_degrees(shapely.box(EAST, NORTH - 20, EAST + 40, NORTH + 20))
    for more, field in (({}, "building_type"), ({"building_type": "school"}, "seismic_class")):
        answer = client.post("/api/siting/check", json=site(plot, "K2", seismic_class="丁", **more))
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("gap_m", "verdict"), [(99.92, "prohibited"), (99.999, "prohibited"), (100.001, "permitted"), (100.08, "permitted")]
)
def test_a_point_is_judged_by_a_circle_and_not_by_a_polygon_within_it(client, faulted, gap_m, verdict):
    """Its footprint of 30 m comes within the 100 m that class 丙 must keep at intensity 8, or does not."""
    for turn in np.linspace(-9.0, 9.0, 4):
        point = shapely.Point(EAST + 200 * turn / 9, NORTH + 30 + gap_m)
        assert check(client, point, "K4", seismic_class="丙")["verdict"] == verdict


@pytest.fixture
def zoning(tmp_path):
    """Zones of wildfire by a scheme of prevention, whose grades no rule of siting knows."""
    path = tmp_path / "zoning.geojson"
    feature = {"type": "Feature", "properties": {"name": "w2", "grade": "重点"}, "geometry": PLOT.__geo_interface__}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False), "utf-8")
    return path


def imported(deployment, monkeypatch, path, *more: str):
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)
    monkeypatch.setenv("ANZHI_CONSOLE_PUBLISH", "always")
    words = ["import", "zones", str(path), "--hazard", "wildfire", "--product", "hazard", "--publish", "--reason", "试"]
    ran = CliRunner().invoke(cli, [*words, *more])
    assert ran.exit_code == 0, ran.output
    return ran


def test_a_grade_no_rule_knows_is_warned_of_at_the_gate_by_console_and_report(
    deployment, surveyed, monkeypatch, zoning
):
    ran = imported(deployment, monkeypatch, zoning, "--grade-scheme", "prev3", "--json")
    report = json.loads(ran.stdout)
    assert report["features_loaded"] == 1
    (problem,) = (one for one in report["problems"] if tells(one["problem"], UNREAD, scheme="prev3", grade="重点"))
    assert problem["feature"] is None
    assert problem["advice"]
    printed = imported(deployment, monkeypatch, zoning, "--grade-scheme", "prev3").output
    assert problem["problem"] in printed
    assert problem["advice"] in printed


def test_a_grade_that_rules_know_is_not_warned_of(deployment, surveyed, monkeypatch, zoning):
    zoning.write_text(zoning.read_text("utf-8").replace("重点", "高"), encoding="utf-8")
    report = json.loads(imported(deployment, monkeypatch, zoning, "--grade-scheme", "fire5", "--json").stdout)
    assert not [one for one in report["problems"] if tells(one["problem"], UNREAD)]


@pytest.mark.parametrize("where", [NEAR, shapely.box(99.8022, 39.3302, 99.8028, 39.3308)], ids=["beside", "inside"])
def test_a_site_by_ground_of_a_grade_no_rule_knows_lacks_data_and_says_which(
    client, deployment, surveyed, monkeypatch, zoning, where
):
    assert client.post("/api/siting/check", json=site(where, "K4")).json()["verdict"] == "permitted"
    imported(deployment, monkeypatch, zoning, "--grade-scheme", "prev3")
    answer = client.post("/api/siting/check", json=site(where, "K4")).json()
    theme = theme_of(answer, "wildfire")
    assert answer["verdict"] == "insufficient_data"
    assert "wildfire" in answer["data_gaps"]
    assert theme["status"] == "no_data"
    assert theme["reason"]
    assert "no rule knows it" in theme["reason_en"]
    assert [(one["zone_name"], one["grade"], one["verdict"]) for one in theme["findings"]] == [
        ("w2", "重点", "insufficient_data")
    ]
