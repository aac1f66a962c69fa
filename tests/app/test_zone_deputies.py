"""Deputies of approvers: on their days and no other, never for an author, ended at once, always in the audit."""
# ruff: noqa: F811 - fixtures of other files

import datetime

import pytest

from app.accounts.people import Rights
from app.main import create_app
from app.platform.clock import today
from app.platform.principals import Role
from tests.app.test_zone_drafts import Officer, done, flooded, two_of  # noqa: F401
from tests.app.visitors import add_account, audited, browser, sign_in

DAY = datetime.timedelta(days=1)


@pytest.fixture
def people(deployment, flooded):
    """An author, an officer beside, two approvers and an admin, each at a browser of their own."""
    app = create_app(deployment, loopback=True)
    signed_in = {}
    for name, role in (
        ("wang", Role.OFFICER), ("li", Role.OFFICER), ("zhao", Role.APPROVER), ("qian", Role.APPROVER), ("root", Role.ADMIN),
    ):  # fmt: skip
        add_account(deployment, name, role, rights=Rights(("*",) if role is Role.OFFICER else ()))
        signed_in[name] = browser(app)
        sign_in(signed_in[name], name)
    return signed_in


def appointed(visitor, deputy="li", in_place_of="zhao", begin=0, last=7):
    days = {"from_on": (today() + begin * DAY).isoformat(), "to_on": (today() + last * DAY).isoformat()}
    return visitor.post("/api/zones/deputies", json={"deputy": deputy, "in_place_of": in_place_of, **days})


def submitted(people):
    officer = Officer(people["wang"])
    done(officer.edit("update", zone=two_of(officer)[0], attributes={"name": "甲"}))
    done(officer.take("submit"))
    return officer


def test_a_deputy_approves_on_their_days_and_the_step_says_for_whom(people, deployment):
    officer = submitted(people)
    assert officer.take("approve", people["li"]).status_code == 403
    made = done(appointed(people["zhao"]), 201)
    assert (made["acts_today"], made["appointed_by"]) == (True, "zhao")
    assert done(people["li"].get("/api/zones/deputies"))["items"] == [made]
    told = done(officer.take("approve", people["li"]))
    step = told["history"][-1]
    assert (told["state"], step["by"], step["content"]["in_place_of"]) == ("approved", "li", "zhao")
    ended = done(people["zhao"].post(f"/api/zones/deputies/{made['id']}/end"))
    assert ended["acts_today"] is False
    assert people["zhao"].post(f"/api/zones/deputies/{made['id']}/end").json()["code"] == "ended"
    assert officer.take("return", people["li"], comment="再看").status_code == 403
    assert {("zhao", "appoint deputy"), ("zhao", "end deputy")} <= set(audited(deployment))


def test_before_the_first_day_a_deputy_is_none(people):
    officer = submitted(people)
    done(appointed(people["zhao"], begin=1), 201)
    assert officer.take("approve", people["li"]).status_code == 403


def test_no_author_approves_as_a_deputy(people):
    officer = submitted(people)
    done(appointed(people["zhao"], deputy="wang"), 201)
    refused = officer.take("approve", officer.visitor)
    assert (refused.status_code, refused.json()["code"]) == (403, "role")


def test_appointments_are_for_approvers_by_themselves_or_an_admin(people):
    assert appointed(people["qian"]).status_code == 403, "zhao is somebody else's"
    assert appointed(people["li"]).status_code == 403
    done(appointed(people["root"]), 201)
    for wrong in (
        {"deputy": "nobody"}, {"deputy": "zhao"}, {"in_place_of": "wang", "deputy": "li"},
    ):  # fmt: skip
        assert appointed(people["root"], **wrong).json()["code"] == "no-such-thing", wrong
    for days in ({"begin": -9, "last": -1}, {"begin": 5, "last": 4}, {"begin": 0, "last": 400}):
        assert appointed(people["zhao"], **days).json()["code"] == "days", days
    assert people["zhao"].post("/api/zones/deputies/999999/end").status_code == 404
