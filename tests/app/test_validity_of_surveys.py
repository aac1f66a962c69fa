"""A survey says who is responsible for it, how long it holds and how old it may be; one that has run out supports no ground."""
# ruff: noqa: F811 - fixtures of other files

import copy
import datetime
import json

import pytest
import shapely
from sqlalchemy import text

from app.assessments.service import GradingOrder, grade_town, replay_run, results_digest
from app.judgement.screening import check_sites, screen_many
from app.overview.gaps import unsurveyed_ground
from app.platform.clock import CHINA, today
from app.platform.signatures import public_key
from app.platform.work import Work
from app.reports.grounds import read_surveys
from app.reports.surveys import survey_warnings, survey_words
from app.siting.points import describe_point
from app.zones.packages import FORMAT, WITHOUT_TERMS, pack_edition
from gis_layers.crs import to_metric
from gis_layers.stores import editions, places
from gis_layers.stores.edition_content import read_content
from gis_layers.stores.layer_surveys import read_layer_surveys
from gis_layers.stores.restored_editions import stage_edition
from gis_layers.stores.surveys import run_out_layers
from risk_model.shapes import as_array
from risk_model.vocabulary import ProjectClass, Site
from tests.app.conftest import METRIC, site
from tests.app.test_areas import villages  # noqa: F401
from tests.app.test_edition_memory import keep
from tests.app.test_edition_packages import receiver, taken_in  # noqa: F401
from tests.app.test_every_number_of_a_report import INSIDE, SLANTED
from tests.app.test_imports import accepted, officer, previewed  # noqa: F401
from tests.app.test_received import SQUARE, geojson
from tests.app.test_second_imports import anzhi  # noqa: F401
from tests.app.test_told_opinions import text_of

TODAY = today()
TERMS = {"office": "甲县水务局", "valid_until": TODAY + datetime.timedelta(days=10), "max_age_days": 365}
OLD = {"survey_date": TODAY - datetime.timedelta(days=400)}
APART = shapely.box(99.85, 39.35, 99.851, 39.351)
BESIDE = {"ecological_redline", "farmland", "neighbours"}
"""Themes nobody delivered anything of."""
ENDS = "UPDATE surveyed_layers SET valid_until = :day WHERE hazard = :hazard"


def days(number):
    return TODAY + datetime.timedelta(days=number)


def ends(deployment, hazard, day):
    with deployment.sessions.begin() as session:
        session.execute(text(ENDS), {"hazard": hazard, "day": day})


def theme(answer, key):
    return next(one for one in answer["themes"] if one["theme"] == key)


def checked(client, polygon=APART, kind="K4"):
    return client.post("/api/siting/check", json=site(polygon, kind)).json()


def test_a_finding_tells_office_validity_and_greatest_age_on_every_paper(client, deployment, surveyed, publish):
    publish("flood", SLANTED, grade=("极高", 1, "flood4"), name="北沟", attributes=OLD, terms=TERMS)
    answer = checked(client, INSIDE, "K1")
    (finding,) = theme(answer, "flood")["findings"]
    assert finding["survey"] == {
        "survey_date": OLD["survey_date"].isoformat(), "age_days": 400, "scale": None, "source": "survey",
        "office": "甲县水务局", "valid_until": TERMS["valid_until"].isoformat(), "max_age_days": 365,
        "expired": False, "overaged": True,
    }  # fmt: skip
    told = text_of(client.get(f"/api/siting/checks/{answer['record']['number']}/report.html").text)
    assert f"责任单位甲县水务局·有效期至{TERMS['valid_until']}·最长使用期365天（已超）" in told
    assert "调查距判断日400天，超过最长使用期365天" in told


def test_what_nobody_stated_is_told_as_unstated_and_of_older_answers_nothing_is_told(
    client, deployment, surveyed, publish
):
    publish("flood", SLANTED, grade=("极高", 1, "flood4"), name="北沟")
    answer = checked(client, INSIDE, "K1")
    survey = theme(answer, "flood")["findings"][0]["survey"]
    unstated = dict.fromkeys(("office", "valid_until", "max_age_days", "expired", "overaged"))
    assert unstated.items() <= survey.items()
    older = copy.deepcopy(answer)
    for name in unstated:
        del theme(older, "flood")["findings"][0]["survey"][name]
    with deployment.sessions() as session:
        (now,), (then,) = (read_surveys(session, one).values() for one in (answer, older))
    words = str(survey_words(now))
    assert all(part in words for part in ("责任单位未载明", "有效期未载明", "最长使用期未载明"))
    assert str(survey_words(then)) == words.partition(" · 责任单位")[0]
    assert [*survey_warnings(now), *survey_warnings(then)] == []


def told_by(deployment):
    """Of APART: the themes without data in one check, in bulk as opinions and as columns; whether a point is surveyed."""
    with deployment.sessions() as session:
        work = Work(session, deployment)
        sites = [Site(to_metric(as_array([APART]), METRIC)[0], ProjectClass.K4, drawn=APART)]
        (opinion,), _ = check_sites(work, sites, on=TODAY)
        columns, _ = screen_many(work, sites, on=TODAY)
        (x, y) = APART.centroid.coords[0]
        point = {one["theme"]: one["surveyed"] for one in describe_point(work, x, y)["hazards"]}
        unknown = {key for key, known in point.items() if not known}
        return set(opinion.data_gaps) - BESIDE, set(columns.sites.data_gaps[0]) - BESIDE, unknown


@pytest.mark.parametrize("kept", [False, True])
def test_the_last_day_still_counts_and_the_day_after_the_theme_has_no_data(client, deployment, surveyed, kept):
    ends(deployment, "flood", TODAY)
    if kept:
        keep(deployment)
    before = checked(client)
    assert (before["verdict"], theme(before, "flood")["status"]) == ("permitted", "not_concerned")
    assert told_by(deployment) == (set(), set(), set())
    ends(deployment, "flood", days(-1))
    deployment.editions.__init__()
    if kept:
        keep(deployment)
    after = checked(client)
    flood = theme(after, "flood")
    assert (after["verdict"], flood["status"]) == ("insufficient_data", "no_data")
    assert flood["reason"] == f"成果有效期至 {days(-1)}，已过"
    assert set(after["data_gaps"]) - BESIDE == {"flood", "composite"}
    assert told_by(deployment) == ({"flood", "composite"},) * 3
    told = text_of(client.get(f"/api/siting/checks/{after['record']['number']}/report.html").text)
    assert flood["reason"].replace(" ", "") in told


def test_a_zone_whose_survey_ran_out_is_found_as_before_and_says_so(client, deployment, surveyed, publish):
    publish("flood", SLANTED, grade=("极高", 1, "flood4"), name="北沟")
    before = checked(client, INSIDE, "K1")
    ends(deployment, "flood", days(-1))
    after = checked(client, INSIDE, "K1")
    (was,), (now,) = (theme(one, "flood")["findings"] for one in (before, after))
    assert was["survey"].pop("expired") is None
    assert now["survey"].pop("expired") is True
    assert (was["survey"].pop("valid_until"), now["survey"].pop("valid_until")) == (None, days(-1).isoformat())
    assert was == now
    assert after["verdict"] == before["verdict"] == "prohibited"
    assert theme(after, "flood")["status"] == "no_data"


def fingerprints(deployment):
    with deployment.sessions() as session:
        return [one.fingerprint for one in editions.list_editions(session, limit=9, offset=0)]


def test_what_a_layer_states_of_itself_comes_back_with_its_edition_and_by_disc(deployment, publish, receiver, tmp_path):
    publish("flood", SLANTED, grade=("极高", 1, "flood4"))
    with deployment.sessions.begin() as session:
        plain = pack_edition(Work(session, deployment), 1)
    number = publish("flood", SLANTED, grade=("极高", 1, "flood4"), terms=TERMS)
    path = tmp_path / "edition.zip"
    with deployment.sessions.begin() as session:
        path.write_bytes(pack_edition(Work(session, deployment), number))
        content = read_content(session, number)
        assert content.fingerprint == editions.find_edition(session, number).fingerprint
        stated = [(one.office, one.valid_until, one.max_age_days) for one in content.layers.values()]
    assert stated == [(None, None, None), tuple(TERMS.values())]
    assert [f'"format":{one}'.encode() in of for one, of in ((WITHOUT_TERMS, plain), (FORMAT, path.read_bytes()))] == [
        True,
        True,
    ]
    assert taken_in(receiver, path, public_key(deployment.settings)) == fingerprints(deployment)[0]
    with receiver.sessions() as session:
        there = [(one.office, one.valid_until, one.max_age_days) for one in read_content(session, 1).layers.values()]
    assert there == stated
    with deployment.sessions.begin() as session:
        session.execute(text("UPDATE surveyed_layers SET to_edition = 3 WHERE office IS NOT NULL"))
        session.execute(
            text("UPDATE zone_versions SET to_edition = 3 WHERE layer_id = (SELECT max(id) FROM surveyed_layers)")
        )
        session.execute(
            text(
                "INSERT INTO editions (number, published_by, reason, by_console, fingerprint) VALUES (3, 'a', 'b', true, 'c')"
            )
        )
        draft = editions.open_draft(session, name="回到", author="officer")
        stage_edition(session, draft.id, number)
        editions.publish_draft(session, draft, author="officer", reason="回到", by_console=True)
    assert fingerprints(deployment)[0] == fingerprints(deployment)[2]


def test_a_last_day_is_content_of_an_edition(deployment, publish):
    publish("flood", SLANTED, grade=("极高", 1, "flood4"), terms={"office": "甲"})
    ends(deployment, "flood", TODAY)
    with deployment.sessions() as session:
        edition = editions.current_edition(session)
        assert read_content(session, edition.number).fingerprint != edition.fingerprint
        assert run_out_layers(session, TODAY) == []
        assert len(run_out_layers(session, days(1))) == 1


def test_an_import_states_the_terms_and_contradictory_dates_are_refused(officer, deployment, previewed, accepted):
    form = {
        "hazard": "flood",
        "product": "hazard",
        "grade": "极高",
        "office": " 甲县水务局 ",
        "survey_date": "2025-01-02",
    }
    delivery = geojson((SQUARE, {"name": "甲"}))
    number, seen = previewed(delivery, layer="zones", **form, valid_until="2025-06-30", max_age_days="365")
    assert any("成果有效期至 2025-06-30，已过" in one["problem"] for one in seen["report"]["problems"])
    assert accepted(number, seen["digest"])["state"] == "done"
    with deployment.sessions() as session:
        stated = session.execute(text("SELECT office, valid_until, max_age_days FROM surveyed_layers")).one()
    assert tuple(stated) == ("甲县水务局", datetime.date(2025, 6, 30), 365)
    files = {"file": ("delivery.geojson", delivery)}
    for wrong in (
        {"max_age_days": "0"},
        {"max_age_days": "36526"},
        {"valid_until": "2025-02-30"},
        {"office": "甲" * 201},
    ):
        refused = officer.post("/api/imports", files=files, data={"layer": "zones", **form, **wrong})
        assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (
            422,
            [f"body.{name}" for name in wrong],
        ), refused.text


def test_the_console_states_the_terms_too(anzhi, deployment, tmp_path):
    path = tmp_path / "delivery.geojson"
    path.write_bytes(geojson((SQUARE, {"name": "甲"})))
    asked = ("import", "zones", path, "--hazard", "flood", "--product", "hazard", "--grade", "极高", "--json")
    dated = ("--survey-date", "2025-01-02", "--valid-until")
    refused = anzhi(*asked, *dated, "2025-01-01")
    assert refused.exit_code != 0
    assert "before the day of survey 2025-01-02" in json.loads(refused.stdout)["problems"][0]["problem"]
    told = anzhi(*asked, *dated, "2999-12-31", "--office", "甲县水务局", "--max-age-days", "36525")
    assert told.exit_code == 0, told.stdout
    with deployment.sessions() as session:
        stated = session.execute(text("SELECT office, valid_until, max_age_days FROM surveyed_layers")).all()
    assert [tuple(one) for one in stated] == [("甲县水务局", datetime.date(2999, 12, 31), 36525)]


def test_a_clear_theme_names_the_surveys_at_the_site_that_still_hold(client, deployment, surveyed, publish):
    here, elsewhere = APART.buffer(0.001), shapely.box(99.71, 39.21, 99.72, 39.22)
    far = shapely.box(99.702, 39.202, 99.703, 39.203)
    publish("flood", far, grade=("低", 4, "flood4"), extent=here, terms=TERMS, attributes=OLD)
    publish("flood", far, grade=("低", 4, "flood4"), extent=elsewhere, terms={"office": "别处"})
    publish("flood", far, grade=("低", 4, "flood4"), extent=here, terms={"office": "过期", "valid_until": days(-1)})
    publish("flood", far, grade=("低", 4, "flood4"), extent=here, product="risk_crop", terms={"office": "另一成果"})
    answer = checked(client)
    clear = [one for one in answer["themes"] if one["status"] == "not_concerned"]
    assert {one["theme"] for one in clear if "surveys" not in one} <= BESIDE
    assert {len(one["surveys"]) for one in clear if one["theme"] != "flood" and "surveys" in one} == {1}
    assert [one["office"] for one in theme(answer, "flood")["surveys"]] == [None, "甲县水务局"]
    keep(deployment)
    assert checked(client)["themes"] == answer["themes"]
    with deployment.sessions() as session:
        layers = deployment.editions.likely(METRIC).layers
        assert read_layer_surveys(session, layers) == layers
    assert not any("surveys" in one for one in answer["themes"] if one["status"] == "no_data")
    told = text_of(client.get(f"/api/siting/checks/{answer['record']['number']}/report.html").text)
    assert f"责任单位甲县水务局·有效期至{TERMS['valid_until']}·最长使用期365天：洪水" in told


def test_ground_whose_survey_runs_out_is_unsurveyed_on_the_map_from_the_next_day(deployment, surveyed, monkeypatch):
    with deployment.sessions.begin() as session:
        places.save_boundary(session, code="T", name="试验镇", geometry=APART, synthetic=True)
    ends(deployment, "flood", TODAY)

    def gaps(on):
        monkeypatch.setattr("app.overview.gaps.today", lambda: on)
        with deployment.sessions() as session:
            return [
                len(unsurveyed_ground(Work(session, deployment), key)) for key in ("flood", "composite", "wildfire")
            ]

    assert [gaps(TODAY), gaps(days(1)), gaps(TODAY)] == [[0, 0, 0], [1, 1, 0], [0, 0, 0]]


def test_a_grading_run_is_computed_again_as_of_the_day_it_was_started_on(deployment, surveyed, villages):
    ends(deployment, "flood", TODAY)

    def graded(on):
        moment = datetime.datetime.combine(on, datetime.time(12), CHINA)
        with deployment.sessions.begin() as session:
            run = grade_town(Work(session, deployment), GradingOrder("village", "officer"), now=lambda: moment)
            return run.id, run.inputs_digest, run.results_digest

    first, later = graded(TODAY), graded(days(1))
    assert first[1] != later[1]
    assert first[2] != later[2]
    with deployment.sessions() as session:
        rows = [replay_run(Work(session, deployment), run) for run, _, _ in (first, later)]
    assert [results_digest(one) for one in rows] == [first[2], later[2]]
    before, after = ({*next(row for row in one if row["name"] == "西村")["data_gaps"]} for one in rows)
    assert after - before == {"flood"}
