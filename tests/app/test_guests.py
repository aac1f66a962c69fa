"""Who is a guest: whoever asks straight on the machine of a synthetic township, and nobody whom anything passed on."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.main import create_app
from app.platform.deployment import Deployment
from app.platform.principals import CSRF_HEADER
from app.platform.settings import Settings
from gis_layers.stores.records import save_fact
from tests.app.visitors import HERE, add_account, browser, sign_in

PASSED_ON = (
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-Host": "map.town.example"},
    {"X-Forwarded-Proto": "https"},
    {"X-Forwarded-Anything": "1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 gate"},
    {"X-Real-IP": "127.0.0.1"},
    {"True-Client-IP": "127.0.0.1"},
    {"Referer": "https://map.town.example/siting"},
    {"Referer": "https://map.town.example/siting", "Sec-Fetch-Site": "same-origin"},
)
FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [99.8, 39.3]},
    "properties": {"name": "试验", "project_class": "K4"},
}


@pytest.fixture
def township(deployment: Deployment) -> Deployment:
    """A deployment that counts as synthetic."""
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    return deployment


@pytest.fixture
def demo(township: Deployment) -> FastAPI:
    return create_app(township, loopback=True)


def is_guest(visitor: TestClient, **asked) -> bool:
    answer = visitor.get("/api/session", **asked)
    return answer.status_code == 200 and answer.json()["guest"] is True


def enters_demo(visitor: TestClient, **asked) -> bool:
    by_page = visitor.post("/sign-in/demo", data={"role": "planner"}, **asked).status_code == 303
    by_api = visitor.post("/api/session/demo", json={"role": "planner"}, **asked).status_code == 200
    return by_page or by_api


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.0.0.1"])
@pytest.mark.parametrize("client", [("127.0.0.1", 5), ("::1", 5), ("::ffff:127.0.0.1", 5)])
def test_whoever_asks_straight_on_this_machine_is_a_guest(demo: FastAPI, host, client):
    visitor = browser(demo, client=client, headers={"Host": host})
    assert is_guest(visitor)
    assert enters_demo(visitor)


@pytest.mark.parametrize("told", PASSED_ON, ids=str)
def test_whoever_was_passed_on_is_no_guest_and_enters_no_demo_account(demo: FastAPI, told):
    assert not is_guest(browser(demo), headers=told)
    assert not enters_demo(browser(demo), headers=told)
    assert browser(demo).get("/api/zones", headers=told).status_code == 401
    assert "/sign-in/demo" not in browser(demo).get("/sign-in", headers=told).text
    inside = browser(demo)
    inside.post("/api/session/demo", json={"role": "approver"})
    assert inside.get("/api/session").json()["username"] == "demo-approver"
    assert inside.get("/api/session", headers=told).status_code == 401


def test_a_link_from_another_site_leads_a_guest_in(demo: FastAPI):
    opened = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert is_guest(browser(demo), headers={"Referer": "https://wiki.example/", **opened})
    assert is_guest(browser(demo), headers={"Referer": f"{HERE}/siting", "Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.168.1.5", "::ffff:10.0.0.7", "2001:db8::1", "testclient"])
def test_whoever_connects_from_elsewhere_is_no_guest_whatever_they_say(demo: FastAPI, peer):
    for told in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}):
        assert not is_guest(browser(demo, client=(peer, 5)), headers=told)
        assert not enters_demo(browser(demo, client=(peer, 5)), headers=told)


def test_a_proxy_that_speaks_the_old_protocol_brings_no_guest(township: Deployment):
    app = create_app(township, loopback=True)

    async def old(scope, receive, send):
        await app({**scope, "http_version": "1.0"}, receive, send)

    assert not is_guest(browser(old))
    assert is_guest(browser(app))


@pytest.mark.parametrize("proxies", ["", "127.0.0.1", "127.0.0.0/8"])
def test_behind_a_public_address_there_are_no_guests_through_the_proxy_nor_beside_it(township: Deployment, proxies):
    there = replace(township, settings=Settings(public_url="https://map.town.example", trusted_proxies=proxies))
    app = create_app(there, loopback=True)
    for base in ("https://map.town.example", HERE):
        for told in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": "203.0.113.9"}):
            assert not is_guest(browser(app, base), headers=told)
            assert not enters_demo(browser(app, base), headers=told)


def test_a_trusted_proxy_is_no_guest_even_where_it_says_nothing(township: Deployment):
    there = replace(township, settings=Settings(trusted_proxies="127.0.0.1"))
    assert not is_guest(browser(create_app(there, loopback=True)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    peer=st.sampled_from(["127.0.0.1", "::1", "10.0.0.7", "203.0.113.9", "::ffff:8.8.8.8"]),
    host=st.sampled_from(["127.0.0.1", "localhost:8000", "[::1]", "map.town.example", "127.0.0.1.nip.example"]),
    told=st.dictionaries(
        st.sampled_from(["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Server"]),
        st.sampled_from(["127.0.0.1", "localhost", "", "for=127.0.0.1", "::1"]),
        max_size=2,
    ),
)
def test_nothing_a_stranger_can_write_makes_a_guest(demo: FastAPI, peer, host, told):
    near = peer in ("127.0.0.1", "::1") and host in ("127.0.0.1", "localhost:8000", "[::1]")
    visitor = browser(demo, client=(peer, 5), headers={"Host": host, **told})
    assert is_guest(visitor) == (near and not told)


@pytest.mark.parametrize(
    "says",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "http://localhost:8000"},
    ],
    ids=str,
)
def test_a_stranger_page_writes_nothing_for_guests_accounts_or_anybody(demo: FastAPI, township: Deployment, says):
    add_account(township)
    signed_in = browser(demo)
    sign_in(signed_in)
    for visitor in (browser(demo), signed_in):
        for method, path, body in (
            ("POST", "/api/siting/check", {"json": FEATURE}),
            ("POST", "/api/siting/check", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}),
            ("POST", "/api/siting/batch", {"files": {"file": ("x.geojson", b"{}")}}),
            ("POST", "/api/session/demo", {"json": {"role": "planner"}}),
            ("POST", "/sign-in/demo", {"data": {"role": "planner"}}),
            ("POST", "/sign-in", {"data": {"username": "zhang"}}),
            ("POST", "/sign-out", {"data": {"csrf": signed_in.headers[CSRF_HEADER]}}),
            ("DELETE", "/api/session", {}),
            ("PATCH", "/api/enterprises/1", {"json": {}}),
        ):
            headers = {**body.pop("headers", {}), **says}
            answer = visitor.request(method, path, headers=headers, **body)
            assert answer.status_code == 403, (method, path)
            assert "set-cookie" not in answer.headers
    assert signed_in.get("/api/session").json()["username"] == "zhang"


def test_what_a_stranger_page_shows_or_fetches_is_refused_and_a_link_is_followed(demo: FastAPI):
    visitor = browser(demo)
    for mode, dest in (("no-cors", "image"), ("no-cors", "script"), ("cors", "empty"), ("navigate", "iframe")):
        for site in ("cross-site", "same-site"):
            says = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
            for path in ("/api/zones", "/registers/zones", "/words/en.js", "/sign-in"):
                assert visitor.get(path, headers=says).status_code == 403, (mode, dest, path)
    opened = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert visitor.get("/sign-in", headers=opened).status_code == 200
    assert visitor.get("/api/zones", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert visitor.get("/api/zones", headers={"Sec-Fetch-Site": "none"}).status_code == 200


def test_programs_say_nothing_of_origins_and_are_heard(demo: FastAPI, token):
    assert browser(demo).post("/api/siting/check", json=FEATURE).status_code == 200
    bearer = {"Authorization": f"Bearer {token()}", "Origin": "https://evil.example"}
    assert browser(demo).post("/api/siting/check", json=FEATURE, headers=bearer).status_code == 200
    wrong = {"Authorization": "Bearer anzhi_wrong", "Origin": "https://evil.example"}
    assert browser(demo).post("/api/siting/check", json=FEATURE, headers=wrong).status_code == 401
