"""``POST /api/siting/check`` as its clients rely on it."""

import numpy as np
import pytest
import shapely

from gis_layers.crs import to_metric, to_storage
from tests.app.conftest import METRIC, site
from tests.saying import tells

HERE = shapely.box(99.800, 39.300, 99.802, 39.301)
WIDE = shapely.box(99.79, 39.29, 99.82, 39.32)


def check(client, feature: dict, status: int = 200) -> dict:
    answer = client.post("/api/siting/check", json=feature)
    assert answer.status_code == status, answer.text
    return answer.json()


def theme(answer: dict, key: str) -> dict:
    return next(item for item in answer["themes"] if item["theme"] == key)


def in_metres(polygon: shapely.Geometry) -> shapely.Geometry:
    return to_metric(np.asarray([polygon], dtype=object), METRIC)[0]


def in_degrees(polygon: shapely.Geometry) -> shapely.Geometry:
    return to_storage(np.asarray([polygon], dtype=object), METRIC)[0]


def test_a_site_on_fully_surveyed_clear_ground_triggers_no_rule(client, surveyed):
    answer = check(client, site(HERE))
    assert answer["verdict"] == "permitted"
    # No road is registered in this place and no land set aside was loaded: not checked, and nothing mandatory hangs on it.
    assert answer["data_gaps"] == ["farmland", "ecological_redline", "neighbours"]
    themes = [item for item in answer["themes"] if item["theme"] not in answer["data_gaps"]]
    assert {item["status"] for item in themes} == {"not_concerned"}
    assert all(item["covered_share"] == pytest.approx(1.0) for item in themes)
    assert answer["edition"]["number"] == 13
    assert len(answer["rulebook"]["fingerprint"]) == 64
    assert answer["disclaimer"] == "筛查意见，不替代法定评估"


def test_an_empty_deployment_knows_nothing_and_says_so(client):
    answer = check(client, site(HERE))
    assert answer["verdict"] == "insufficient_data"
    assert len(answer["data_gaps"]) == 16
    assert answer["edition"] is None


def test_a_school_with_two_percent_in_the_worst_flash_flood_zone_is_prohibited(client, surveyed, publish):
    """T-19."""
    metric = shapely.box(568_900, 4_355_400, 569_000, 4_355_500)
    publish(
        "flash_flood", in_degrees(shapely.box(568_998, 4_355_300, 569_100, 4_355_600)), grade=("极高危险", 1, "flash3")
    )
    answer = check(client, site(in_degrees(metric), "K2"))
    finding = theme(answer, "flash_flood")["findings"][0]
    assert answer["verdict"] == "prohibited"
    assert finding["overlap_m2"] == pytest.approx(200.0, rel=1e-6)
    assert finding["overlap_share"] == pytest.approx(0.02, rel=1e-6)
    assert finding["basis_kind"] == "default"
    assert finding["rule"]
    assert finding["basis"]


def test_industry_in_medium_geological_hazard_needs_an_assessment(client, surveyed, publish):
    """T-20."""
    publish("geological", WIDE, grade=("中", 3, "geo4"))
    answer = check(client, site(HERE, "K5"))
    finding = theme(answer, "geological")["findings"][0]
    assert answer["verdict"] == "restricted"
    assert (finding["verdict"], finding["basis_kind"], finding["grade"]) == ("restricted", "law", "中")
    assert any(tells(step, "地质灾害危险性评估") for step in finding["procedure"])


def test_housing_on_low_ground_with_no_fault_survey_lacks_data(client, publish):
    """T-21."""
    publish("geological", WIDE, grade=("低", 4, "geo4"))
    answer = check(client, site(HERE))
    assert answer["verdict"] == "insufficient_data"
    assert "fault" in answer["data_gaps"]
    assert "geological" not in answer["data_gaps"]


def test_a_farm_building_in_high_composite_risk_passes_with_a_note(client, surveyed, publish):
    """T-22."""
    publish("composite", WIDE, grade=("高", 1, "comp5"), product="risk_all")
    answer = check(client, site(HERE, "K6"))
    finding = theme(answer, "composite")["findings"][0]
    assert answer["verdict"] == "permitted"
    assert (finding["rule"], finding["verdict"]) == (None, "permitted")
    assert finding["message"]


@pytest.mark.parametrize(
    ("seismic", "distance_m", "verdict"),
    [
        ("乙", 150.0, "prohibited"),
        ("丙", 100.0, "permitted"),
        ("丙", 99.0, "prohibited"),
        ("甲", 150.0, "prohibited"),
        ("甲", 200.0, "restricted"),
    ],
)
def test_the_distance_to_a_fault_decides_by_seismic_class(client, surveyed, publish, seismic, distance_m, verdict):
    """T-18."""
    plot = shapely.box(568_900, 4_355_400, 569_000, 4_355_500)
    trace = shapely.LineString([(567_000, 4_355_500 + distance_m), (571_000, 4_355_500 + distance_m)])
    publish("fault", in_degrees(trace), attributes={"intensity": 8.0})
    body = {**site(plot, "K4", seismic_class=seismic), "crs": METRIC}
    assert check(client, body)["verdict"] == verdict


@pytest.mark.parametrize("project_class", ["K2", "K3"])
@pytest.mark.parametrize("declared", ["丙", "丁"])
def test_a_school_or_fire_station_is_never_declared_like_a_shed(client, surveyed, project_class, declared):
    """Refused with the reason where the type is known, asked for where it is not."""
    listed, other = {"K2": ("school", "clinic"), "K3": ("fire_station", "other_lifeline")}[project_class]

    def ask(**more):
        return client.post("/api/siting/check", json=site(HERE, project_class, seismic_class=declared, **more))

    for more, field in (({}, "building_type"), ({"building_type": listed}, "seismic_class")):
        answer = ask(**more)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert "GB 50223" in answer.json()["detail"]
    assert ask(building_type=other).status_code == (200 if declared == "丙" else 422)
    assert ask(building_type="hovel").json()["errors"][0]["field"] == "building_type"
    foreign = {"K2": "fire_station", "K3": "school"}[project_class]
    assert ask(building_type=foreign).json()["errors"][0]["field"] == "building_type"


def test_a_project_that_names_no_seismic_class_needs_no_building_type(client, surveyed):
    assert check(client, site(HERE, "K2"))["site"]["seismic_class"] == "乙"


def test_findings_list_every_zone_also_those_no_rule_objects_to(client, surveyed, publish):
    publish("earthquake", WIDE, grade=("高", 1, "quake5"))
    publish("geological", WIDE, grade=("低", 4, "geo4"), product="risk_population")
    answer = check(client, site(HERE, "K6"))
    for key in ("earthquake", "geological"):
        assert [item["rule"] for item in theme(answer, key)["findings"]] == [None]
        assert theme(answer, key)["status"] == "concerned"
    assert answer["verdict"] == "permitted"


def test_a_risk_product_is_no_survey_of_the_hazard(client, publish):
    publish("geological", WIDE, grade=("低", 4, "geo4"), product="risk_population")
    answer = check(client, site(HERE))
    assert theme(answer, "geological")["status"] == "no_data"


def test_a_site_that_only_touches_a_zone_is_not_concerned(client, surveyed, publish):
    publish("river_management", shapely.box(99.802, 39.29, 99.81, 39.31))
    answer = check(client, site(HERE))
    assert theme(answer, "river_management")["status"] == "not_concerned"
    assert answer["verdict"] == "permitted"
    assert answer["borderline"] is True


def test_a_site_half_outside_the_survey_is_no_data_beside_its_findings(client, surveyed, publish):
    straddling = shapely.box(99.899, 39.30, 99.901, 39.301)
    publish("geological", shapely.box(99.8995, 39.29, 99.90, 39.31), grade=("中", 3, "geo4"), extent=None)
    answer = check(client, site(straddling, "K5"))
    geological = theme(answer, "geological")
    assert geological["status"] == "no_data"
    assert geological["covered_share"] == pytest.approx(0.5, abs=1e-3)
    assert geological["findings"][0]["verdict"] == "restricted"
    assert answer["verdict"] == "restricted"


def test_a_body_in_the_metric_crs_gives_the_same_answer_as_degrees(client, surveyed, publish):
    publish("geological", shapely.box(99.801, 39.29, 99.82, 39.32), grade=("高", 2, "geo4"))
    degrees = check(client, site(HERE))
    metric = check(client, {**site(in_metres(HERE)), "crs": METRIC})
    assert metric["verdict"] == degrees["verdict"] == "restricted"
    assert metric["site"]["area_m2"] == pytest.approx(degrees["site"]["area_m2"], rel=1e-9)


def test_points_and_lines_are_given_a_footprint(client, surveyed):
    point = check(client, site(shapely.Point(99.8, 39.3), "K5"))["site"]
    line = check(client, site(shapely.LineString([(99.8, 39.3), (99.81, 39.3)]), "K7"))["site"]
    assert point["buffered_m"] == 30
    assert point["area_m2"] == pytest.approx(3.14159 * 30**2, rel=0.01)
    assert line["buffered_m"] == 10


def test_an_invalid_outline_is_located_and_repaired_only_when_accepted(client, surveyed):
    bow_tie = shapely.Polygon([(99.800, 39.300), (99.802, 39.302), (99.802, 39.300), (99.800, 39.302)])
    refused = check(client, site(bow_tie), status=422)
    assert refused["location"] == pytest.approx([99.801, 39.301], abs=1e-6)
    assert refused["repair"]["area_after_m2"] > 0
    accepted = check(client, site(bow_tie, accept_repair=True))
    assert accepted["site"]["repaired"] is True
    assert accepted["site"]["area_m2"] == pytest.approx(refused["repair"]["area_after_m2"], rel=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "空"),
        ({"geometry": {"type": "Polygon", "coordinates": [[["a", 1]]]}}, "坐标"),
        ({"geometry": {"type": "Circle"}}, "不支持"),
        ({"geometry": {"type": "Point", "coordinates": [39.3, 99.8]}}, "纬度"),
        ({"geometry": {"type": "Point", "coordinates": [568978.5, 4355445.3]}}, "投影"),
        ({"geometry": {"type": "Point", "coordinates": [2.3, 48.8]}}, "范围"),
        ({"geometry": {"type": "Point", "coordinates": [99.8, None]}}, "坐标"),
        ({"crs": "EPSG:99999"}, ""),
        ({"crs": "EPSG:2357"}, ""),
        ({"properties": {"project_class": "K9"}}, "project_class"),
        ({"type": "Nonsense"}, "type"),
    ],
)
def test_bad_input_names_what_is_wrong(client, surveyed, change, words):
    problem = check(client, {**site(HERE), **change}, status=422)
    assert words in problem["detail"]
    assert set(problem) >= {"type", "title", "status", "detail"}


def test_the_answer_is_a_problem_document_for_those_without_a_token(client):
    answer = client.post("/api/siting/check", json=site(HERE), headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
