"""Graded areas over HTTP and at the console: every grade with its reasons, every run for good."""

import json
import re

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from app.assessments import service
from app.assessments.service import GradingOrder, grade_town, replay_run, results_digest
from app.cli import cli
from app.exchange.exports import read_areas_layer
from app.platform.deployment import Deployment
from app.platform.errors import Refused
from app.platform.principals import Role
from app.platform.work import Work
from gis_layers.stores import places, runs
from risk_model.grading import Plot, measuring_here
from tests.app.seeds import publish_zones, seeded_database
from tests.saying import refusing, tells

WEST, EAST = shapely.box(99.75, 39.30, 99.77, 39.32), shapely.box(99.77, 39.30, 99.79, 39.32)
OUTSIDE = shapely.box(99.95, 39.30, 99.96, 39.32)
WICKED = "<script>alert(1)</script>村"


@seeded_database()
def villages(deployment: Deployment) -> None:
    frame = gpd.GeoDataFrame(
        {"code": ["v1", "v2", None], "name": ["西村", WICKED, "外村"], "population": [1000, 200, None]},
        geometry=[shapely.multipolygons([shape]) for shape in (WEST, EAST, OUTSIDE)],
        crs=4490,
    )
    with deployment.sessions.begin() as session:
        places.append_places(session, "villages", frame)


@seeded_database("surveyed")
def known_ground(deployment: Deployment) -> None:
    """Everything surveyed; shaking and wind have a grade everywhere, as they must."""
    ground = shapely.box(99.70, 39.20, 99.90, 39.40)
    publish_zones(deployment, "earthquake", ground, grade=("低", 5, "quake5"))
    publish_zones(deployment, "meteorological", ground, grade=("低", 4, "met4"))


@pytest.fixture
def grade(deployment):
    def do(unit="village", cell_m=None):
        with deployment.sessions.begin() as session:
            return grade_town(Work(session, deployment), GradingOrder(unit, "officer", cell_m)).id

    return do


def items(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_nothing_is_listed_before_anything_was_graded(client, villages):
    assert client.get("/api/areas?unit=village").json()["total"] == 0
    assert tells(client.get("/maps/areas").text, "还没有按村分级。")


def test_every_area_carries_its_grade_and_all_that_speaks_for_it(client, villages, known_ground, publish, grade):
    publish("flood", WEST, grade=("极高", 1, "flood4"))
    run = grade()
    west, east, outside = items(client, "/api/areas?unit=village")
    assert (west["name"], west["grade"], west["grade_rank"], west["grade_scheme"]) == ("西村", "中高", 2, "comp5")
    flood = next(part for part in west["contributions"] if part["hazard"] == "flood")
    assert flood["value"] == pytest.approx(1.0)
    assert flood["weighted"] == pytest.approx(flood["weight"])
    assert west["score"] == pytest.approx(sum(part["weighted"] for part in west["contributions"]))
    assert west["measurements"]["population"] == 1000
    assert west["measurements"]["hazards"]["flood"]["by_grade"][0]["grade"] == "极高"
    assert west["data_gaps"] == []
    assert west["stability"] in ("stable", "contested")
    assert west["geometry"]["type"] == "MultiPolygon"
    assert west["run"] == run
    assert (east["grade"], east["grade_rank"]) == ("低", 5)
    assert outside["grade"] is None
    assert "flood" in outside["data_gaps"]


def test_a_village_without_a_counted_population_has_no_risk_and_says_so(client, villages, known_ground, grade):
    grade()
    outside = items(client, "/api/areas")[-1]
    assert outside["measurements"]["population"] is None
    assert outside["risk"]["score"] is None
    assert "population_density" in outside["risk"]["data_gaps"]


def test_one_area_tells_of_the_run_it_belongs_to(client, villages, known_ground, grade):
    number = grade()
    first = items(client, "/api/areas")[0]
    area = client.get(f"/api/areas/{first['id']}").json()
    assert area["run"]["id"] == number
    assert area["contributions"] == first["contributions"]
    assert client.get("/api/areas/999999").status_code == 404


def test_lists_page_and_come_as_geojson_too(client, villages, known_ground, grade):
    grade()
    page = client.get("/api/areas?limit=2").json()
    assert (len(page["items"]), page["total"]) == (2, 3)
    assert "next" in page["links"]
    collection = client.get("/api/areas", headers={"Accept": "application/geo+json"}).json()
    assert collection["features"][0]["properties"]["grade_scheme"] == "comp5"


def test_a_run_says_what_it_read_by_which_rules_and_when(client, deployment, villages, known_ground, publish, grade):
    edition = publish("flood", EAST, grade=("中", 3, "flood4"))
    run = client.get(f"/api/runs/{grade()}").json()
    assert run["edition"]["number"] == edition
    assert run["rulebook"]["fingerprint"] == deployment.books.packaged.fingerprint
    assert run["method"]["weights"]["consistency_ratio"] == pytest.approx(0.0074, abs=5e-5)
    assert run["method"]["breaks"]["lower_bounds"] == [0.8, 0.6, 0.4, 0.2]
    assert run["started_at"] <= run["ended_at"]
    assert run["created_by"] == "officer"
    assert {hazard["hazard"]: hazard["product"] for hazard in run["inputs"]["hazards"]}["flood"] == "hazard"
    assert sum(line["areas"] for line in run["summary"]["grades"]) + run["summary"]["ungraded"]["areas"] == 3


def test_replaying_a_run_gives_the_same_bytes_whatever_was_published_since(
    deployment, villages, known_ground, publish, grade
):
    publish("flood", WEST, grade=("高", 2, "flood4"))
    number = grade()
    publish("flood", EAST, grade=("极高", 1, "flood4"))
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE villages SET population = 1, name = 'renamed'"))
        assert (
            results_digest(replay_run(Work(session, deployment), number))
            == runs.find_run(session, number).results_digest
        )


def test_replaying_a_grid_gives_the_same_bytes(deployment, villages, known_ground, publish, grade):
    publish("flood", shapely.Point(99.77, 39.31).buffer(0.007), grade=("高", 2, "flood4"))
    number = grade("grid", 250.0)
    with deployment.sessions() as session:
        again = replay_run(Work(session, deployment), number)
        assert results_digest(again) == runs.find_run(session, number).results_digest
    assert len(again) > 100


def test_a_grid_of_which_every_cell_was_cut_is_replayed_as_it_was_made(
    deployment, villages, known_ground, publish, grade, monkeypatch
):
    publish("flood", shapely.Point(99.77, 39.31).buffer(0.007), grade=("高", 2, "flood4"))
    asked = []

    def cutting(rulebook, **options):
        measure = measuring_here(rulebook, **options)

        def cut(plot, grounds):
            asked.append(plot.cell_m)
            return measure(Plot(plot.geometry), grounds)

        return cut

    with monkeypatch.context() as before:
        before.setattr(service, "ALONG_EDGES", None)
        before.setattr(service, "measuring_here", cutting)
        number = grade("grid", 250.0)
    monkeypatch.setattr(service, "measuring_here", cutting)
    with deployment.sessions() as session:
        run = runs.find_run(session, number)
        assert results_digest(replay_run(Work(session, deployment), number)) == run.results_digest
    assert asked == [250.0] * 3 + [None] * 3


def test_a_run_of_many_areas_is_kept_part_by_part(deployment, villages, known_ground, grade, monkeypatch):
    whole = grade("grid", 250.0)
    monkeypatch.setattr(service, "ROWS_A_FRAME", 50)
    parted = grade("grid", 250.0)
    with deployment.sessions() as session:
        one, other = runs.find_run(session, whole), runs.find_run(session, parted)
        assert one.area_count == other.area_count == runs.count_areas(session, parted) > 100
        assert (one.results_digest, one.summary) == (other.results_digest, other.summary)
        kept = [runs.read_areas_in_order(session, number) for number in (whole, parted)]
    assert list(kept[0]["area"]) == list(kept[1]["area"])
    assert shapely.equals_identical(kept[0].geometry.to_numpy(), kept[1].geometry.to_numpy()).all()


def test_a_second_run_leaves_the_first_as_it_was_and_is_the_one_shown(client, villages, known_ground, publish, grade):
    first = grade()
    told = client.get(f"/api/areas?run={first}").json()["items"]
    publish("flood", WEST, grade=("极高", 1, "flood4"))
    second = grade()
    assert items(client, "/api/areas")[0]["run"] == second
    assert client.get(f"/api/areas?run={first}").json()["items"] == told
    assert [run["id"] for run in items(client, "/api/runs?unit=village")] == [second, first]


@pytest.mark.parametrize("change", ["UPDATE graded_areas SET grade = '低'", "DELETE FROM graded_areas", "TRUNCATE graded_areas",
                                    "UPDATE grading_runs SET created_by = 'x'", "DELETE FROM grading_runs"])  # fmt: skip
def test_no_client_can_rewrite_a_run(deployment, villages, known_ground, grade, change):
    grade()
    with pytest.raises(IntegrityError), deployment.sessions.begin() as session:
        session.execute(text(change))


def test_comparing_two_runs_names_the_areas_that_moved_and_what_moved_them(
    client, villages, known_ground, publish, grade
):
    first = grade()
    publish("flood", WEST, grade=("极高", 1, "flood4"))
    second = grade()
    told = client.get(f"/api/runs/{first}/compare/{second}").json()
    [move] = told["moved"]
    assert (move["name"], move["from"]["grade"], move["to"]["grade"], move["steps"]) == ("西村", "低", "中高", -3)
    assert [cause["hazard"] for cause in move["because"]] == ["flood"]
    assert move["because"][0]["value"] == {"from": 0.0, "to": 1.0}
    assert told["unmoved"] == 2
    assert set(told["changed_settings"]) == {"edition", "inputs_digest"}
    assert client.get(f"/api/runs/{first}/compare/{first}").json()["moved"] == []
    assert client.get(f"/api/runs/{first}/compare/99").status_code == 404


def test_runs_of_different_units_are_not_compared(client, villages, known_ground, grade):
    first, second = grade(), grade("grid", 500.0)
    assert client.get(f"/api/runs/{first}/compare/{second}").status_code == 409
    assert client.get(f"/api/areas?unit=village&run={second}").status_code == 404


def test_a_grid_is_listed_found_by_place_and_drawn_by_grade(client, villages, known_ground, publish, grade):
    publish("flood", WEST, grade=("极高", 1, "flood4"))
    number = grade("grid", 250.0)
    here = client.get(f"/api/areas?unit=grid&run={number}&bbox=99.76,39.31,99.760001,39.310001&limit=1").json()
    assert here["total"] == 1
    assert here["items"][0]["grade"] == "中高"
    picture = client.get(f"/api/runs/{number}/picture").json()["features"]
    assert {part["properties"]["grade"] for part in picture} >= {"中高", "低", None}
    assert client.get("/maps/areas?unit=grid").status_code == 200


def test_nothing_is_graded_before_an_edition_or_without_ground(deployment, villages, publish):
    with deployment.sessions() as session, refusing(Refused, match="no edition"):
        grade_town(Work(session, deployment), GradingOrder("village", "officer"))
    publish("flood", WEST, grade=("高", 2, "flood4"))
    with deployment.sessions() as session:
        session.execute(text("DELETE FROM villages"))
        with refusing(Refused, match="no villages"):
            grade_town(Work(session, deployment), GradingOrder("village", "officer"))
        with refusing(Refused, match="no ground for a grid"):
            grade_town(Work(session, deployment), GradingOrder("grid", "officer", 100.0))


def test_a_grid_of_too_many_cells_is_refused_with_the_way_out(deployment, villages, known_ground):
    with deployment.sessions() as session, refusing(Refused, match="larger cell_m"):
        grade_town(Work(session, deployment), GradingOrder("grid", "officer", 1.0))


def test_the_compare_page_lists_what_moved_why_and_both_ways(client, villages, known_ground, publish, grade):
    first = grade()
    publish("flood", WEST, grade=("极高", 1, "flood4"))
    second = grade()
    page = client.get(f"/maps/areas/compare?from={first}&to={second}").text
    assert tells(page, "加重 %(steps)s 级", steps=3)
    assert "0.000 → 1.000" in page
    assert tells(page, "区划版本")
    assert 'role="slider"' in page
    back = client.get(f"/maps/areas/compare?from={second}&to={first}").text
    assert tells(back, "减轻 %(steps)s 级", steps=3)
    assert tells(client.get(f"/maps/areas/compare?from={first}&to={first}").text, "没有单元改变等级。")
    assert client.get(f"/maps/areas/compare?from={first}&to=99").status_code == 404
    assert client.get(f"/maps/areas/compare?from={first}").status_code == 422


def test_an_area_that_lost_its_data_has_moved_without_a_number_of_steps(
    client, villages, known_ground, deployment, grade
):
    first = grade()
    with deployment.sessions.begin() as session:
        session.execute(
            text(
                "UPDATE surveyed_layers SET to_edition = (SELECT max(number) FROM editions) WHERE hazard = 'geological'"
            )
        )
    page = client.get(f"/maps/areas/compare?from={first}&to={grade()}").text
    assert tells(page, "有无资料改变")


def test_the_risk_product_orders_the_table_and_draws_its_own_picture(client, villages, known_ground, publish, grade):
    publish("flood", WEST, grade=("极高", 1, "flood4"))
    run = grade()
    page = client.get("/maps/areas?product=risk").text
    assert re.search('aria-current="true">分级结果·风险<', page)
    assert '<th scope="col">分级结果·风险</th>' in page
    assert tells(
        page,
        "普查综合风险区划是普查成果，按原图发布；分级结果·危险性由本系统汇总各灾种区划得出；分级结果·风险再计入人口、房屋与避难容量。三者口径不同，不能互相代替。",
    )
    hazard, risk = (client.get(f"/api/runs/{run}/picture?product={one}") for one in ("hazard", "risk"))
    assert hazard.headers["etag"] != risk.headers["etag"]
    again = client.get(f"/api/runs/{run}/picture", headers={"If-None-Match": hazard.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/api/runs/{run}/picture?product=other").status_code == 422


def test_one_file_carries_the_run_and_asks_for_nothing(client, villages, known_ground, grade):
    assert client.get("/maps/areas?standalone=1").status_code == 404
    number = grade()
    answer = client.get("/maps/areas?standalone=1")
    assert f"run-{number}.html" in answer.headers["content-disposition"]
    assert WICKED not in answer.text
    assert tells(answer.text, "风险低 ≠ 适宜建设")
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "/static/" not in answer.text.split("<main")[0].replace("/static/vendor/protomaps", "")


def test_figures_beside_the_map_add_up_to_the_run(client, deployment, villages, known_ground, publish, grade):
    publish("flood", WEST, grade=("极高", 1, "flood4"))
    number = grade()
    with deployment.sessions() as session:
        grades = runs.read_distribution(session, number)
        hazards = {row["hazard"]: row for row in runs.read_contributions(session, number)}
    assert [(row["grade_rank"], row["areas"], row["people"]) for row in grades] == [
        (2, 1, 1000),
        (5, 1, 200),
        (None, 1, None),
    ]
    assert grades[-1]["uncounted"] == 1
    assert hazards["flood"]["value"] == pytest.approx(0.5, abs=1e-3)
    assert 0 < hazards["flood"]["unknown_share"] < 1


def test_cells_have_the_people_of_their_village_and_say_how_they_were_found(client, villages, known_ground, grade):
    grade("grid", 500.0)
    cells = client.get("/api/areas?unit=grid&limit=1000").json()["items"]
    counted = [cell["measurements"] for cell in cells if cell["measurements"]["population"] is not None]
    assert sum(cell["population"] for cell in counted) == pytest.approx(1200, rel=0.01)
    assert {cell["population_method"] for cell in counted} == {"area"}


def test_a_run_is_replayed_by_the_rules_of_its_time(deployment, villages, known_ground, grade):
    number = grade()
    other = deployment.books.packaged.reload({
        **deployment.books.packaged.texts,
        "grading.toml": deployment.books.packaged.texts["grading.toml"].replace("swing = 0.1", "swing = 0.2"),
    })  # fmt: skip
    with deployment.sessions() as session:
        changed = Work(session, deployment, other)
        assert results_digest(replay_run(changed, number)) == runs.find_run(session, number).results_digest
        strange = grade_town(changed, GradingOrder("village", "officer"))
        with pytest.raises(Refused, match="没有在本部署中发布过"):
            replay_run(Work(session, deployment), strange.id)


def test_the_page_names_every_area_safely_and_warns_that_low_is_not_fit_to_build(client, villages, known_ground, grade):
    number = grade()
    page = client.get("/maps/areas").text
    assert tells(page, "风险低 ≠ 适宜建设")
    assert WICKED not in page
    assert "&lt;script&gt;" in page
    assert tells(page, "资料不足")
    assert tells(page, "第 %(number)s 次", number=number)
    assert page.count("data-area=") == 3
    english = client.get("/maps/areas?lang=en").text
    assert "Low risk" in english


def test_the_page_says_when_the_zones_have_moved_on_since_the_run(client, villages, known_ground, publish, grade):
    grade()
    assert not tells(client.get("/maps/areas").text, "区划已更新到第 %(number)s 版，本结果还没有按新版重算。")
    publish("flood", WEST, grade=("高", 2, "flood4"))
    assert tells(client.get("/maps/areas").text, "区划已更新到第 %(number)s 版，本结果还没有按新版重算。")


def test_grades_are_for_whoever_may_look_and_nobody_else(client, deployment, villages, known_ground, grade, token):
    number = grade()
    addresses = ["/api/areas", "/api/runs", f"/api/runs/{number}", f"/api/runs/{number}/picture", "/maps/areas"]
    for address in addresses:
        assert client.get(address, headers={"Authorization": ""}).status_code in (401, 303)
        dispatcher = {"Authorization": f"Bearer {token(Role.DISPATCHER)}"}
        assert client.get(address, headers=dispatcher).status_code == 200


def test_exported_areas_hold_a_score_a_hazard_and_name_their_gaps(deployment, villages, known_ground, grade):
    grade()
    with deployment.sessions() as session:
        frame = read_areas_layer(session, "village", None)
        with refusing(Refused, match="anzhi grade --unit grid"):
            read_areas_layer(session, "grid", None)
    assert list(frame["grade"])[:2] == ["低", "低"]
    assert frame["flood_score"].notna().tolist() == [True, True, False]
    assert "flood" in frame["data_gaps"].iloc[2].split(";")
    assert frame["population"].iloc[0] == 1000


def test_the_command_prints_one_document_and_keeps_the_run(deployment, villages, known_ground, monkeypatch, tmp_path):
    monkeypatch.setenv("ANZHI_DATABASE_URL", deployment.url)
    ran = CliRunner().invoke(cli, ["grade", "--unit", "grid", "--cell-m", "400", "--json"])
    assert ran.exit_code == 0, ran.output
    run = json.loads(ran.stdout)
    assert (run["unit"], run["cell_m"]) == ("grid", 400.0)
    with deployment.sessions() as session:
        assert runs.latest_run(session, "grid").id == run["id"]
        assert runs.latest_run(session, "village") is None
        entry = session.execute(text("SELECT actor, action FROM audit_entries ORDER BY id DESC LIMIT 1")).one()
    assert entry.action == "grade"
    assert entry.actor.startswith("console:")
