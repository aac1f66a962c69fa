"""The handbook of villages that are cut off: true to the ranking, with whom to call, made by the night and at hand by day."""

import pytest

from app.dispatch.handbook import read_handbook
from app.platform.clock import now, today
from app.platform.principals import Role
from app.platform.work import Work
from app.queue.orders import WRITE_HANDBOOK
from app.worker.chores import make_handbook
from gis_layers.stores import jobs
from gis_layers.stores.duty import add_contacts
from tests.app.test_dispatch import TWO_ROADS, load, manned  # noqa: F401
from tests.app.test_register_papers import squeezed, text_of_pdf

CLOSED_HERE = {"kind": "closed", "reason": "冲毁", "reporter": "巡查员", "around_m": 50}


@pytest.fixture
def called(deployment, manned):  # noqa: F811
    contact = {"village_code": "1", "role": "disaster_informer", "name": "赵安", "contact_phone": "13800001111"}
    with deployment.sessions.begin() as session:
        add_contacts(session, [contact])


def sheets(deployment) -> dict:
    with deployment.sessions() as session:
        return {one.name: one for one in read_handbook(Work(session, deployment), now()).sheets}


def test_a_sheet_names_who_comes_first_as_the_ranking_does_and_whom_to_call(deployment, client, called, load):  # noqa: F811
    load(*TWO_ROADS)
    told = sheets(deployment)
    lon, lat = next(words for name, words in told["近村"].facts if "坐标" in name).split(", ")
    answer = client.get("/api/dispatch/nearest", params={"lon": lon, "lat": lat}).json()
    ranked = [one for one in answer["forces"] if one["reachable"]]
    assert [row[0].partition("（")[0] for row in told["近村"].forces] == [one["name"] for one in ranked]
    assert [float(row[4].split()[0]) for row in told["近村"].forces] == [
        pytest.approx(one["arrival_s"] / 60, abs=0.06) for one in ranked
    ]
    assert [row[1:3] for row in told["近村"].people] == [("赵安", "13800001111")]
    assert told["近村"].cut_off == ""
    assert told["远村"].cut_off
    assert [row[0].partition("（")[0] for row in told["远村"].forces] == ["远队"]


def test_a_night_makes_it_and_a_dispatcher_takes_it_away_by_day(deployment, client, called, load, token):  # noqa: F811
    asked = {"headers": {"Authorization": f"Bearer {token(Role.DISPATCHER)}"}}
    assert client.get("/dispatch/handbook/last.pdf", **asked).status_code == 404
    with deployment.sessions.begin() as session:
        job = jobs.order_job(session, WRITE_HANDBOOK, {}, author="software:calendar")
        assert make_handbook(Work(session, deployment), job, lambda *_: None) == {"villages": 0}
    load(*TWO_ROADS)
    with deployment.sessions.begin() as session:
        assert make_handbook(Work(session, deployment), job, lambda *_: None) == {"villages": 2}
    kept, made = (client.get(f"/dispatch/handbook{name}.pdf", **asked) for name in ("/last", ""))
    for answer in (kept, made):
        assert answer.status_code == 200, answer.text[:300]
        assert answer.headers["content-type"] == "application/pdf"
        sheet = squeezed(" ".join(text_of_pdf(answer.content)))
        assert {word for word in ("赵安", "13800001111", f"{today():%Y-%m-%d}") if word not in sheet} == set()
    for role in (Role.VIEWER, Role.PLANNER, Role.OFFICER):
        denied = client.get("/dispatch/handbook.pdf", headers={"Authorization": f"Bearer {token(role)}"})
        assert denied.status_code == 403
