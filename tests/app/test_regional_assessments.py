"""Regional assessments from their file to a closed condition: imported by number, listed, read around a site, exported again."""

import json

import pytest
import shapely
from typer.testing import CliRunner

from app.cli import cli
from app.exchange.exports import read_layer
from gis_layers.exchange import ReadingOptions, read_regional_assessments, write_layer
from tests.app.conftest import site
from tests.app.test_siting_check import HERE, WIDE, check, in_degrees, in_metres
from tests.saying import says

GEO = "地质灾害危险性评估"
TODAY = {"valid_from": "2020-01-01", "valid_to": "2099-12-31"}


def park(shape=WIDE, **told):
    return {"number": "甘区评〔2025〕1号", "kinds": "地灾评估", "name": "示范园区", **TODAY, **told}, shape


@pytest.fixture
def bring(deployment, monkeypatch, tmp_path):
    """``anzhi import regional-assessments`` of such features; the exit code and the report."""
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    def load(*rows):
        path = tmp_path / "areas.geojson"
        features = [
            {"type": "Feature", "properties": told, "geometry": shape.__geo_interface__} for told, shape in rows
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        done = CliRunner().invoke(cli, ["import", "regional-assessments", str(path), "--json"])
        return done.exit_code, json.loads(done.stdout)

    return load


@pytest.fixture
def hills(surveyed, publish):
    """Ground of medium geological hazard under the site."""
    publish("geological", WIDE, grade=("中", 3, "geo4"))


def condition(answer):
    return next(one for one in answer["conditions"] if one["procedure"] == GEO)


def test_an_imported_assessment_closes_the_condition_of_a_site_inside_it(client, hills, bring):
    before = check(client, site(HERE))
    assert (before["verdict"], condition(before)["closed"]) == ("restricted", False)
    code, report = bring(park())
    assert (code, report["features_loaded"], report["problems"]) == (0, 1, [])
    after = check(client, site(HERE))
    closed = condition(after)
    assert closed["closed"]
    assert closed["assessments"][0] | {"id": 0} == {
        "id": 0,
        "number": "甘区评〔2025〕1号",
        "name": "示范园区",
        "valid_from": "2020-01-01",
        "valid_to": "2099-12-31",
        "bearing": "closes",
        "covered_share": 1.0,
    }
    for told in (before, after):
        told.pop("conditions"), told.pop("record")
    assert after == before, "no verdict moves"


@pytest.mark.parametrize(
    ("rows", "bearing"),
    [
        ([park(valid_to="2024-12-31")], "expired"),
        ([park(valid_from="2099-01-01")], "not_yet"),
        ([park(in_degrees(shapely.box(*in_metres(HERE).bounds).buffer(-1)))], "in_part"),
        ([park(kinds="洪水影响评价")], None),
        ([park(kinds="洪评;地质灾害危险性评估")], "closes"),
    ],
)
def test_one_that_does_not_serve_is_named_with_its_reason(client, hills, bring, rows, bearing):
    assert bring(*rows)[0] == 0
    found = condition(check(client, site(HERE)))
    assert [one["bearing"] for one in found["assessments"]] == ([bearing] if bearing else [])
    assert found["closed"] is (bearing == "closes")


def test_an_outline_drawn_along_the_edge_of_the_area_is_covered(client, hills, bring):
    """Both are straight in degrees, and their common edge is not quite straight in metres."""
    long = shapely.box(99.795, 39.300, 99.815, 39.304)
    bring(park(shapely.box(99.79, 39.300, 99.82, 39.310)))
    assert condition(check(client, site(long)))["closed"]


def test_a_number_known_before_is_replaced_and_the_report_says_so(client, hills, bring):
    bring(park())
    code, report = bring(park(valid_to="2021-01-01"))
    assert code == 0
    assert says(report["problems"][-1]["problem"], "{n} 个文号已经登记过，以本次导入为准")
    found = condition(check(client, site(HERE)))
    assert [one["bearing"] for one in found["assessments"]] == ["expired"]
    listed = client.get("/api/regional-assessments").json()
    assert (listed["total"], listed["items"][0]["valid_to"]) == (1, "2021-01-01")


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        ({"number": None}, "文号"),
        ({"kinds": None}, "评估事项"),
        ({"kinds": "地灾评估;水土保持"}, "水土保持"),
        ({"valid_to": None}, "有效期止"),
        ({"valid_from": "去年"}, "生效日期"),
        ({"valid_from": "2031-01-01", "valid_to": "2030-01-01"}, "早于"),
    ],
)
def test_what_is_not_certain_is_refused_by_its_field_and_closes_nothing(
    client, hills, bring, told, trouble, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    code, report = bring(park(**told))
    assert (code, report["features_loaded"], report["features_refused"]) == (1, 0, 1)
    assert any(trouble in one["problem"] for one in report["problems"])
    assert condition(check(client, site(HERE)))["assessments"] == []


def test_the_second_of_one_number_in_a_file_is_refused(bring):
    code, report = bring(park(), park(shapely.box(99.7, 39.2, 99.71, 39.21)))
    assert (code, report["features_loaded"], report["features_refused"]) == (0, 1, 1)


def test_they_are_listed_shown_and_leave_as_they_came(client, deployment, bring, tmp_path):
    bring(park(kinds="洪评;地灾评估", authority="示范县自然资源局"))
    (item,) = client.get("/api/regional-assessments").json()["items"]
    assert (item["number"], item["kinds"], item["authority"]) == (
        "甘区评〔2025〕1号",
        ["flood", "geological"],
        "示范县自然资源局",
    )
    for query, words in (("", "地质灾害危险性评估"), ("?lang=en", "Geological hazard assessment")):
        page = client.get(f"/registers/regional-assessments{query}").text
        assert words in page
        assert "甘区评〔2025〕1号" in page
    with deployment.sessions() as session:
        write_layer(read_layer(session, "regional-assessments"), tmp_path / "out.gpkg", layer_name="areas")
    again = read_regional_assessments(tmp_path / "out.gpkg", ReadingOptions())
    assert again.report.features_loaded == 1
    assert again.frame.iloc[0]["kinds"] == ["flood", "geological"]
    assert again.frame.iloc[0]["valid_to"].isoformat() == "2099-12-31"
    assert client.get("/tiles/regional-assessments/10/795/390.mvt").status_code == 200


def test_a_file_of_sites_carries_conditions_and_notes(deployment, hills, bring, tmp_path):
    bring(park())
    sites = tmp_path / "sites.geojson"
    feature = {"type": "Feature", "properties": {"project_class": "K2", "name": "校", "building_type": "school"}}
    sites.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature | {"geometry": HERE.__geo_interface__}]})
    )
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(cli, ["check", str(sites), "--out", str(out)])
    assert done.exit_code == 0, done.output
    text = out.read_text(encoding="utf-8-sig")
    assert f"{GEO}:closed 甘区评〔2025〕1号 until 2099-12-31" in text
    assert "应采用隔震减震等技术" in text


def test_a_school_at_eight_degrees_is_told_of_isolation_in_both_languages(client, surveyed):
    (note,) = check(client, site(HERE, "K2", building_type="school"))["notes"]
    assert note["confidence"] == "medium"
    assert "article 16" in note["basis_en"]
    assert "Seismic isolation" in note["message_en"]
    assert check(client, site(HERE, "K5"))["notes"] == []
