"""Guessing is slowed, and nobody's guessing slows an owner: laws over whatever strangers and owners do."""

import datetime

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts import people as people_of_service
from app.accounts import service, throttle
from app.accounts.passwords import hash_password
from app.accounts.service import Credentials, SignedIn, SignInFailed
from app.accounts.throttle import FREE, LONGEST_S, MOST_KNOWN, Attempt, delay_s
from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.principals import DEVICE_COOKIE, SESSION_COOKIE
from tests.app.visitors import NOON, PASSWORD, TURNED_AWAY, Clock, add_account, browser, set_clock, sign_in

OFFICE, OTHER_OFFICE = "198.51.100.7", "198.51.100.8"
AWAY = ("203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8::2")
A_DAY = datetime.timedelta(hours=24)
LAWS = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords compared, not hashed: these laws are about counting, and an attacker's day is long."""
    hashed = hash_password(PASSWORD)
    monkeypatch.setattr(people_of_service, "hash_password", lambda _: hashed)
    monkeypatch.setattr(service, "password_matches", lambda kept, typed: kept is not None and typed == PASSWORD)


@pytest.fixture
def people(deployment: Deployment) -> Deployment:
    """Two people with the same habits, of whom only zhang is ever attacked."""
    add_account(deployment, "zhang")
    add_account(deployment, "twin")
    return deployment


@pytest.fixture
def app(people: Deployment) -> FastAPI:
    return create_app(people, loopback=True)


@pytest.fixture
def clock(app: FastAPI) -> Clock:
    return set_clock(app)


def tries(session: Session, name: str, now: datetime.datetime, *, right=False, address=OFFICE, device=None):
    typed = Credentials(name, PASSWORD if right else "a guess", address, None, device)
    return service.sign_in(session, typed, now)


def told(outcome: SignedIn | SignInFailed) -> tuple[str, int | None]:
    return (outcome.detail, outcome.wait_s) if isinstance(outcome, SignInFailed) else ("in", None)


def heard(outcome: SignedIn | SignInFailed) -> bool:
    """Whether the password was looked at."""
    return told(outcome) in (("in", None), (TURNED_AWAY, None))


steps = st.lists(
    st.one_of(
        st.tuples(st.just("attack"), st.sampled_from([*AWAY, OFFICE]), st.integers(1, 12)),
        st.tuples(st.just("owner"), st.booleans(), st.booleans()),
        st.tuples(st.just("wait"), st.integers(1, 4000), st.none()),
    ),
    max_size=25,
)


@LAWS
@given(steps)
def test_whatever_strangers_do_the_owner_on_their_own_device_is_told_the_same(people: Deployment, steps):
    with people.sessions() as session:
        now = NOON
        devices = {
            name: tries(session, name, now, right=True, address=address).device
            for name, address in (("zhang", OFFICE), ("twin", OTHER_OFFICE))
        }
        for kind, one, other in steps:
            if kind == "attack":
                for number in range(other):
                    tries(session, "zhang", now, address=one, device="planted" if number % 2 else None)
            elif kind == "owner":
                address = (
                    {"zhang": OFFICE, "twin": OTHER_OFFICE} if other else {"zhang": "192.0.2.1", "twin": "192.0.2.2"}
                )
                outcomes = {}
                for name, device in devices.items():
                    outcomes[name] = tries(session, name, now, right=one, address=address[name], device=device)
                    devices[name] = getattr(outcomes[name], "device", None) or device
                assert told(outcomes["zhang"]) == told(outcomes["twin"])
            else:
                now += datetime.timedelta(seconds=one)
        session.rollback()


@LAWS
@given(steps)
def test_whatever_strangers_do_elsewhere_the_owner_at_their_own_place_is_told_the_same(people: Deployment, steps):
    with people.sessions() as session:
        now = NOON
        places = {"zhang": OFFICE, "twin": OTHER_OFFICE}
        for name, address in places.items():
            tries(session, name, now, right=True, address=address)
        for kind, one, other in steps:
            if kind == "attack":
                for _ in range(other):
                    tries(session, "zhang", now, address=AWAY[0] if one == OFFICE else one)
            elif kind == "owner":
                outcomes = [told(tries(session, name, now, right=one, address=places[name])) for name in places]
                assert outcomes[0] == outcomes[1]
            else:
                now += datetime.timedelta(seconds=one)
        session.rollback()


@LAWS
@given(st.lists(st.tuples(st.sampled_from(AWAY), st.integers(0, 900)), max_size=40))
def test_a_stranger_learns_nothing_of_who_has_an_account(people: Deployment, attempts):
    with people.sessions() as session:
        now = NOON
        for address, pause in attempts:
            # The name nobody has is tried from the neighbouring network: an address counts for all names together.
            other = address.replace("203.0.113.", "192.0.2.").replace("2001:db8::", "2001:db9::")
            assert told(tries(session, "zhang", now, address=address)) == told(
                tries(session, "nobody", now, address=other)
            )
            now += datetime.timedelta(seconds=pause)
        session.rollback()


def most_in_a_day(kind: str) -> int:
    """How many guesses the tireless get heard in a day by one counter."""
    count, passed = 0, 0.0
    while passed < A_DAY.total_seconds():
        count += 1
        passed += delay_s(kind, count)
    return count


def test_how_much_can_be_guessed_in_a_day_is_bounded_by_each_counter():
    assert {kind: most_in_a_day(kind) for kind in ("device", "place", "visit")} == dict.fromkeys(
        ("device", "place", "visit"), most_in_a_day("place")
    )
    assert most_in_a_day("place") < 120
    assert most_in_a_day("account") < 320
    assert most_in_a_day("place") < FREE["account"]  # so one place alone never makes strangers elsewhere wait
    assert most_in_a_day("address") < 1600


def test_a_crowd_of_strangers_is_heard_no_more_often_than_one_account_allows(people: Deployment, monkeypatch):
    monkeypatch.setitem(FREE, "account", 20)
    with people.sessions() as session:
        now, count, number = NOON, 0, 0
        while now < NOON + A_DAY:
            number += 1
            outcome = tries(session, "zhang", now, address=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
            count += heard(outcome)
            now += datetime.timedelta(seconds=0 if heard(outcome) else outcome.wait_s)
        assert count <= most_in_a_day("account")
        assert count > FREE["account"]
        session.rollback()


def test_failures_by_the_hundred_keep_out_neither_the_owner_nor_a_newcomer_elsewhere(app: FastAPI, clock: Clock):
    owner = browser(app, client=("198.51.100.7", 5))
    assert sign_in(owner).status_code == 200
    strangers = browser(app, client=("203.0.113.1", 5))
    assert [sign_in(strangers, password="a guess").status_code for _ in range(200)].count(401) == FREE["place"]
    assert sign_in(strangers).status_code == 429
    assert sign_in(owner).status_code == 200
    assert sign_in(browser(app, client=("198.51.100.7", 5))).status_code == 200  # a new browser at a known place
    assert sign_in(browser(app, client=("192.0.2.9", 5))).status_code == 200  # a place nobody knows yet
    owner_beside_the_stranger = browser(app, client=("203.0.113.1", 5), cookies=owner.cookies)
    assert sign_in(owner_beside_the_stranger).status_code == 200


def test_an_office_behind_one_address_is_not_shut_out_by_who_guesses_there(people: Deployment):
    with people.sessions() as session:
        colleagues = [f"colleague{number}" for number in range(25)]
        now = NOON
        session.commit()
        for name in colleagues:
            add_account(people, name)
            assert told(tries(session, name, now, right=True)) == ("in", None)
        for number in range(150):
            tries(session, f"name{number}", now)
        for name in colleagues:
            tries(session, name, now)
        assert not heard(tries(session, "another", now))
        assert {told(tries(session, name, now, right=True)) for name in colleagues} == {("in", None)}
        newcomer = tries(session, "twin", now, right=True)
        assert newcomer.wait_s <= LONGEST_S["address"]
        now += datetime.timedelta(seconds=newcomer.wait_s)
        assert heard(tries(session, "twin", now, right=True))
        session.rollback()


def test_an_office_that_moves_in_mistypes_and_signs_in(people: Deployment):
    for number in range(30):
        add_account(people, f"person{number}")
    with people.sessions() as session:
        for number in range(30):
            for _ in range(4):
                assert heard(tries(session, f"person{number}", NOON))
            assert told(tries(session, f"person{number}", NOON, right=True)) == ("in", None)
        session.rollback()


def test_counters_are_bounded_and_those_that_count_most_are_kept(people: Deployment, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_COUNTED", 30)
    with people.sessions() as session:
        for _ in range(FREE["place"]):
            tries(session, "zhang", NOON, address=AWAY[0])
        for number in range(90):
            tries(session, f"invented{number}", NOON, address=f"10.0.{number >> 8}.{number & 255}")
            assert session.connection().exec_driver_sql("SELECT count(*) FROM failed_sign_ins").scalar() <= 30
        assert not heard(tries(session, "zhang", NOON, address=AWAY[0]))
        session.rollback()


def test_an_account_is_known_from_no_more_than_so_many_devices_and_places(people: Deployment):
    with people.sessions() as session:
        for number in range(MOST_KNOWN + 5):
            moment = NOON + datetime.timedelta(minutes=number)
            assert heard(tries(session, "zhang", moment, right=True, address=f"10.0.0.{number}"))
        kinds = session.connection().exec_driver_sql("SELECT kind, count(*) FROM known_clients GROUP BY kind").all()
        assert dict(kinds) == {"device": MOST_KNOWN, "place": MOST_KNOWN}
        session.rollback()


def test_addresses_of_one_subscriber_are_one_place():
    assert Attempt("zhang", "2001:db8::1").place == Attempt("zhang", "2001:db8::ffff:1").place == "2001:db8::/64"
    assert Attempt("zhang", "2001:db8:0:1::1").place != Attempt("zhang", "2001:db8::1").place
    assert Attempt("zhang", "203.0.113.1").place == "203.0.113.1/32"
    assert Attempt("zhang", "unknown").place == "unknown"


def test_what_a_device_shows_is_new_each_time_and_kept_only_as_its_digest(app: FastAPI, people: Deployment):
    visitor = browser(app)
    shown = []
    for _ in range(2):
        given = {name: value for name, _, value in (c.split(";")[0].partition("=") for c in sign_in(visitor).headers.get_list("set-cookie"))}  # fmt: skip
        shown.append(given[DEVICE_COOKIE])
        assert given[SESSION_COOKIE] not in shown
    assert shown[0] != shown[1]
    with people.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT subject FROM known_clients WHERE kind = 'device'").scalars().all()
    assert len(kept) == 1
    assert not set(shown) & set(kept)


def test_a_planted_device_cookie_makes_nobody_known_and_dies_when_it_served(app: FastAPI, clock: Clock):
    owner, attacker = browser(app, client=("192.0.2.1", 5)), browser(app, client=("203.0.113.1", 5))
    for visitor in (owner, attacker):
        visitor.cookies.set(DEVICE_COOKIE, "planted")
    assert sign_in(owner).status_code == 200
    assert [sign_in(attacker, password="a guess").status_code for _ in range(6)] == [401] * 5 + [429]
    assert sign_in(owner, password="a guess").status_code == 401
    assert sign_in(owner).status_code == 200


def test_a_new_password_and_a_reset_forget_where_the_account_was_known(app: FastAPI, people: Deployment):
    here, there = browser(app), browser(app, client=("203.0.113.1", 5))
    sign_in(there)
    sign_in(here)
    assert (
        here.post("/api/session/password", json={"current": PASSWORD, "password": "lantern by the ford"}).status_code
        == 204
    )
    with people.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT kind FROM known_clients").scalars().all() == ["device"]


def test_a_new_password_changes_the_cookie_too(app: FastAPI):
    visitor = browser(app)
    sign_in(visitor)
    former = visitor.cookies[SESSION_COOKIE]
    assert (
        visitor.post("/api/session/password", json={"current": PASSWORD, "password": "lantern by the ford"}).status_code
        == 204
    )
    assert visitor.cookies[SESSION_COOKIE] != former
    assert visitor.get("/api/session").status_code == 200
    thief = browser(app)
    thief.cookies.set(SESSION_COOKIE, former)
    assert thief.get("/api/session").status_code == 401


def test_guesses_of_strangers_do_not_keep_a_signed_in_person_from_a_new_password(app: FastAPI, clock: Clock):
    visitor = browser(app)
    sign_in(visitor)
    for _ in range(20):
        sign_in(browser(app), password="a guess")
    change = {"current": PASSWORD, "password": "lantern by the ford"}
    assert visitor.post("/api/session/password", json=change).status_code == 204
