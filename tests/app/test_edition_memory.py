"""A check by the edition in memory says what a check by the database says, and never rests on an edition of the past."""

import threading

import numpy as np
import orjson
import pytest
import shapely
from sqlalchemy import event

from app.judgement.screening import check_site
from app.platform.clock import today
from app.platform.edition_memory import EditionMemory
from app.platform.principals import Role
from app.platform.work import Work
from app.siting.firmness_schemas import own_scale_answer
from app.siting.schemas import check_answer
from gis_layers.crs import to_metric
from gis_layers.stores import editions
from gis_layers.stores.met_zones import read_zone_surveys
from gis_layers.stores.publication import read_publication_state
from risk_model.vocabulary import ProjectClass, Site
from tests.app.conftest import GROUND, METRIC
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_rulebook_versions import SCHOOL, WIDER, as_, forest, put_in_force  # noqa: F401

HOLED = shapely.box(99.78, 39.28, 99.82, 39.32).difference(shapely.box(99.795, 39.295, 99.805, 39.305))
NEIGHBOURS = [shapely.box(99.82 + step * 0.004, 39.28, 99.824 + step * 0.004, 39.32) for step in range(8)]
FAULT = shapely.LineString([(99.74, 39.22), (99.80, 39.30), (99.86, 39.38)])
PLACE = shapely.box(99.80, 39.29, 99.801, 39.291)


@seeded_database()
def varied(deployment):
    """Zones with holes, borders shared and open, a line, ground surveyed in part, and a layer that is its own survey."""
    publish_zones(deployment, "flood", HOLED, grade=("高", 1, "flood4"), scale=25_000)
    publish_zones(deployment, "geological", *NEIGHBOURS, grade=("中", 3, "geo4"), attributes={"scale": 10_000})
    publish_zones(deployment, "fault", FAULT)
    publish_zones(deployment, "wildfire", HOLED.buffer(0.002), grade=("低", 5, "fire5"), extent=None)
    publish_zones(deployment, "flash_flood", NEIGHBOURS[0], grade=("危险", 3, "flash3"), extent=GROUND.buffer(-0.05))


def sites(count):
    draw = np.random.default_rng(11)
    kinds = list(ProjectClass)
    for number in range(count):
        x, y = draw.uniform(99.69, 99.91), draw.uniform(39.19, 39.41)
        if number % 3 == 0:  # on the borders
            x, y = (99.78, 99.82, 99.824, 99.795)[number % 4], draw.uniform(39.27, 39.33)
        shapes = (
            shapely.Point(x, y),
            shapely.LineString([(x, y), (x + 0.004, y + 0.003)]),
            shapely.box(x, y, x + 0.002, y + 0.002),
            shapely.Point(x, y).buffer(0.003).difference(shapely.Point(x, y).buffer(0.001)),
        )
        shape = shapes[number // 3 % 4]
        drawn = shape if shape.area else None
        yield Site(to_metric(np.array([shape]), METRIC)[0], kinds[number % len(kinds)], None, "试验项目", drawn)


def judged(deployment, place):
    with deployment.sessions() as session:
        checked = check_site(Work(session, deployment), place, on=today(), by_class=True)
        own = own_scale_answer(checked.opinion.own_scale)
        return orjson.loads(orjson.dumps(check_answer(checked) | {"own_scale": own}))


def keep(deployment):
    deployment.editions.read(deployment.sessions, METRIC)
    assert deployment.editions.likely(METRIC) is not None


def reads_of_zones(deployment, heard, ask):
    heard.clear()
    answer = ask()
    return answer, sum("zone_versions" in statement for statement in heard)


@pytest.fixture
def heard(deployment):
    statements: list[str] = []
    event.listen(deployment.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    return statements


def test_memory_and_database_give_equal_answers_for_any_site(deployment, varied, heard):
    places = list(sites(60))
    read = [judged(deployment, place) for place in places]
    keep(deployment)
    heard.clear()
    assert [judged(deployment, place) for place in places] == read
    assert not any("zone_versions" in statement for statement in heard)
    assert len({str(one["verdict"]) for one in read}) > 1


def test_memory_tells_of_every_zone_the_survey_the_stores_tell_and_of_no_other_version(deployment, varied):
    memory = EditionMemory()
    memory.read(deployment.sessions, METRIC)
    kept = memory.likely(METRIC)
    marks = list(zip(kept.zones.zone.tolist(), kept.zones.version.tolist(), strict=True))
    with deployment.sessions() as session:
        stored = {(one.zone, one.version): one for one in read_zone_surveys(session, marks)}
    assert len({one.facts.scale for one in stored.values()}) > 1
    assert {(one.zone, one.version): one for one in kept.surveys_of(marks)} == stored
    assert not kept.surveys_of([(zone, version + 1) for zone, version in marks])
    assert not kept.surveys_of([("999999999", 1), ("0", 1)])
    assert not kept.surveys_of([])


def test_no_answer_rests_on_an_edition_that_is_not_in_force_any_more(deployment, varied, heard, publish):
    place = Site(to_metric(np.array([PLACE]), METRIC)[0], ProjectClass.K1, None, "试验项目", PLACE)
    keep(deployment)
    before = judged(deployment, place)
    publish("dam_break", PLACE.buffer(0.01))
    after, reads = reads_of_zones(deployment, heard, lambda: judged(deployment, place))
    assert reads == 1
    assert after["edition"]["number"] == before["edition"]["number"] + 1
    keep(deployment)
    kept, reads = reads_of_zones(deployment, heard, lambda: judged(deployment, place))
    assert (kept, reads) == (after, 0)


def test_a_revert_is_an_edition_of_its_own_with_the_answers_of_the_old(deployment, varied, publish, client, token):
    place = Site(to_metric(np.array([PLACE]), METRIC)[0], ProjectClass.K1, None, "试验项目", PLACE)
    before = judged(deployment, place)
    publish("dam_break", PLACE.buffer(0.01))
    keep(deployment)
    there = judged(deployment, place)
    approver = {"Authorization": f"Bearer {token(Role.APPROVER)}"}
    number = before["edition"]["number"]
    done = client.post(f"/api/editions/{number}/revert", json={"reason": "误启用"}, headers=approver)
    assert done.status_code == 201, done.text
    back = judged(deployment, place)
    assert back["edition"]["number"] == number + 2
    assert back["themes"] == before["themes"] != there["themes"]
    keep(deployment)
    assert judged(deployment, place) == back


def test_a_rulebook_put_in_force_widens_what_is_taken_from_memory(deployment, forest, as_, heard):  # noqa: F811
    place = Site(to_metric(np.array([SCHOOL]), METRIC)[0], ProjectClass.K2, None, "林边小学", SCHOOL)
    keep(deployment)
    assert judged(deployment, place)["verdict"] == "permitted"
    put_in_force(as_, WIDER)
    after, reads = reads_of_zones(deployment, heard, lambda: judged(deployment, place))
    assert (after["verdict"], after["rulebook"]["number"], reads) == ("restricted", 2, 0)


def test_what_a_transaction_took_back_is_never_kept(deployment, varied):
    keep(deployment)
    kept = deployment.editions.likely(METRIC)
    with deployment.sessions() as session:
        draft = editions.open_draft(session, name="taken back", author="officer")
        editions.publish_draft(session, draft, author="officer", reason="test", by_console=True)
        there = check_site(Work(session, deployment), next(sites(1)), on=today())
        assert there.edition.number == kept.edition.number + 1
        session.rollback()
    assert judged(deployment, next(sites(1)))["edition"]["number"] == kept.edition.number


def test_checks_between_concurrent_publications_tell_the_edition_they_were_judged_by(deployment, varied, publish):
    place = Site(to_metric(np.array([PLACE]), METRIC)[0], ProjectClass.K1, None, "试验项目", PLACE)
    first, answers, going = judged(deployment, place)["edition"]["number"], [], threading.Event()

    def ask():
        while not going.is_set():
            answers.append(judged(deployment, place))

    with deployment.editions.reading(deployment.sessions, METRIC):
        askers = [threading.Thread(target=ask) for _ in range(3)]
        for asker in askers:
            asker.start()
        for _ in range(4):
            publish("dam_break", PLACE.buffer(0.01))
        going.set()
        for asker in askers:
            asker.join()
    for answer in answers:
        (theme,) = (one for one in answer["themes"] if one["theme"] == "dam_break")
        zones = {one["zone"] for one in theme["findings"]}
        assert len(zones) == answer["edition"]["number"] - first
    assert len({answer["edition"]["number"] for answer in answers}) > 1


def test_an_edition_larger_than_the_bound_is_read_from_the_database(deployment, varied, heard):
    small = EditionMemory(most_vertices=20)
    small.read(deployment.sessions, METRIC)
    assert small.likely(METRIC) is None
    with deployment.sessions() as session:
        small.want(read_publication_state(session).edition)
    assert not small._wanted.is_set()


def test_an_empty_deployment_keeps_nothing(deployment):
    deployment.editions.read(deployment.sessions, METRIC)
    assert deployment.editions.likely(METRIC) is None
