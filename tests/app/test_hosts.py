"""Under which host names the service answers, whom it believes about them, and what its links are made from."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn
from fastapi import FastAPI, Request
from pydantic import ValidationError

from app.cli.up import _introduce, public_address
from app.main import create_app
from app.middleware.hosts import host_of
from app.platform.deployment import Deployment
from app.platform.principals import Role
from app.platform.settings import Settings
from app.server.web import SERVED
from tests.app.visitors import add_account, browser, sign_in

PUBLIC = "https://map.town.example"
PROXY = ("10.0.0.7", 40000)
EVIL = "evil.example"


def published(deployment: Deployment, **settings) -> FastAPI:
    """The service of a deployment with other settings, with an address that tells what it takes a request for."""
    app = create_app(replace(deployment, settings=Settings(**settings)), loopback=True)

    @app.get("/seen")
    def seen(request: Request) -> dict:
        headers = {name: value for name, value in request.headers.items() if "forward" in name or name == "x-real-ip"}
        return {"url": str(request.url), "client": request.client.host if request.client else None, "headers": headers}

    @app.get("/with/slash/")
    def with_slash() -> None:
        return None

    return app


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8000", "127.0.0.1", "localhost:8000", "LocalHost", "[::1]:8000", "[::1]", "[0:0:0:0:0:0:0:1]", "127.0.0.2"],
)  # fmt: skip
def test_a_service_on_loopback_answers_under_the_loopback_names(deployment: Deployment, host):
    assert browser(published(deployment)).get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (EVIL, 421),
        (f"{EVIL}:8000", 421),
        (f"127.0.0.1.{EVIL}", 421),
        (f"localhost.{EVIL}", 421),
        ("0.0.0.0:8000", 421),
        ("10.0.0.1", 421),
        ("[::]", 421),
        ("2130706433", 421),
        ("0x7f000001", 421),
        ("127.1", 421),
        ("localhost.", 400),
        ("127.0.0.1.", 400),
        ("user@127.0.0.1", 400),
        ("127.0.0.1@evil.example", 400),
        ("127.0.0.1, evil.example", 400),
        ("127.0.0.1/evil", 400),
        ("127.0.0.1:99999", 400),
        ("127.0.0.1:80:80", 400),
        ("[::1", 400),
        ("::1", 400),
        (" ", 400),
        ("", 400),
    ],
)
def test_every_other_host_is_refused_with_a_problem_document_whoever_asks(deployment: Deployment, token, host, status):
    app = published(deployment)
    bearer = {"Authorization": f"Bearer {token(Role.ADMIN)}"}
    for path, more in (("/api/zones", bearer), ("/static/css/base.css", {}), ("/tiles/zones/1/1/1.mvt", bearer)):
        answer = browser(app).get(path, headers={"Host": host, **more})
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), path
        assert answer.json()["status"] == status
        assert "set-cookie" not in answer.headers
        assert answer.headers["x-frame-options"] == "DENY"


def test_a_person_who_opened_a_foreign_name_is_told_what_to_open(deployment: Deployment):
    headers = {"Host": EVIL, "Accept": "text/html"}
    page = browser(published(deployment)).get("/?lang=en", headers=headers)
    assert page.status_code == 421
    assert "http://127.0.0.1:8000" in page.text
    page = browser(published(deployment, public_url=PUBLIC)).get("/", headers=headers)
    assert PUBLIC in page.text


def test_a_name_that_merely_forwards_is_not_believed(deployment: Deployment):
    for named in ("X-Forwarded-Host", "X-Original-Host", "Forwarded"):
        value = f"host={EVIL}" if named == "Forwarded" else EVIL
        seen = browser(published(deployment)).get("/seen", headers={named: value}).json()
        assert seen["url"] == "http://127.0.0.1:8000/seen"
        assert seen["headers"] == {}


def test_a_service_elsewhere_answers_under_its_own_names_and_the_address_that_was_called(deployment: Deployment):
    app = create_app(deployment, loopback=False, listening_on="Office.lan")
    own = socket.gethostname().lower()
    for base in (
        f"http://{own}",
        "http://office.lan:8000",
        "http://192.168.1.5:8000",
        "http://[fd00::5]",
        "http://localhost",
    ):
        assert browser(app, base).get("/sign-in").status_code == 200, base
    at = browser(app, "http://192.168.1.5:8000")  # the test client connects to the address it names
    assert at.get("/sign-in", headers={"Host": "192.168.1.6:8000"}).status_code == 421
    assert at.get("/sign-in", headers={"Host": EVIL}).status_code == 421


def test_where_a_public_address_is_set_it_is_the_only_one(deployment: Deployment):
    app = published(deployment, public_url=PUBLIC)
    assert browser(app, PUBLIC).get("/sign-in").status_code == 200
    for host in ("127.0.0.1:8000", "localhost", EVIL, "town.example", f"map.town.example.{EVIL}"):
        assert browser(app).get("/sign-in", headers={"Host": host}).status_code == 421, host
    local = published(deployment, public_url="http://localhost:9000")
    assert browser(local).get("/sign-in", headers={"Host": "127.0.0.1:9000"}).status_code == 200


def test_whoever_watches_over_the_service_may_ask_under_any_name(deployment: Deployment):
    for app in (published(deployment), published(deployment, public_url=PUBLIC)):
        for host in ("web:8000", "10.1.2.3:8000", "127.0.0.1", EVIL, ""):
            answer = browser(app).get("/health", headers={"Host": host})
            assert (answer.status_code, answer.json()["status"]) == (200, "ok"), host
        assert browser(app).get("/health/", headers={"Host": EVIL}).status_code == 421


def test_links_redirects_and_cookies_are_made_from_the_public_address(deployment: Deployment, token):
    app = published(deployment, public_url=PUBLIC)
    add_account(deployment)
    visitor = browser(app, "http://map.town.example")  # as a proxy without settings of its own asks: by http
    listed = visitor.get("/api/zones?q=1", headers={"Authorization": f"Bearer {token()}"}).json()["links"]
    assert listed["self"] == f"{PUBLIC}/api/zones?q=1"
    assert visitor.get("/with/slash").headers["location"] == f"{PUBLIC}/with/slash/"
    assert visitor.get("/seen").json()["url"] == f"{PUBLIC}/seen"
    entered = sign_in(visitor)
    assert "secure" in entered.headers["set-cookie"].lower()
    assert entered.headers["strict-transport-security"].startswith("max-age=")
    assert "strict-transport-security" not in browser(published(deployment)).get("/sign-in").headers


def test_without_a_public_address_links_and_redirects_name_no_host(deployment: Deployment, token):
    visitor = browser(published(deployment), headers={"Authorization": f"Bearer {token()}", "Host": "localhost:1"})
    assert visitor.get("/api/zones").json()["links"]["self"] == "/api/zones"
    assert visitor.get("/with/slash").headers["location"] == "/with/slash/"
    for path in ("//evil.example", "//evil.example/", "/%2Fevil.example/", "/\\evil.example"):
        where = visitor.get(path).headers.get("location", "/")
        assert where.startswith("/"), path
        assert not where.startswith(("//", "/\\")), path


def test_the_first_admin_is_sent_to_the_public_address(deployment: Deployment, capsys):
    there = replace(deployment, settings=Settings(public_url=PUBLIC))
    _introduce(there, public_address(there, "0.0.0.0", 8000), guests=False)
    assert f"  {PUBLIC}/first-admin/" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("peer", "forwarded", "told"),
    [
        ("10.0.0.7", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.7", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.7", "127.0.0.1, 203.0.113.9, 10.0.0.8", "203.0.113.9"),
        ("10.0.0.7", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.7", "::ffff:203.0.113.9", "203.0.113.9"),
        ("10.0.0.7", "unknown", "10.0.0.7"),
        ("10.0.0.7", "<script>", "10.0.0.7"),
        ("10.0.0.7", "", "10.0.0.7"),
        ("::ffff:10.0.0.7", "203.0.113.9", "203.0.113.9"),
        ("203.0.113.50", "127.0.0.1", "203.0.113.50"),
        ("127.0.0.1", "203.0.113.9", "127.0.0.1"),
    ],
)
def test_who_asks_is_the_nearest_address_no_trusted_proxy_vouches_for(deployment: Deployment, peer, forwarded, told):
    app = published(deployment, public_url=PUBLIC, trusted_proxies="10.0.0.0/24")
    visitor = browser(app, PUBLIC, client=(peer, 40000))
    assert visitor.get("/seen", headers={"X-Forwarded-For": forwarded}).json()["client"] == told


def test_a_trusted_proxy_may_say_for_which_host_it_asks_and_nobody_else(deployment: Deployment):
    app = published(deployment, public_url=PUBLIC, trusted_proxies="10.0.0.7")
    told = {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "map.town.example"}
    assert browser(app, client=PROXY).get("/seen", headers=told).json()["url"] == f"{PUBLIC}/seen"
    assert browser(app).get("/seen", headers=told).status_code == 421
    assert browser(app, client=PROXY).get("/seen", headers={**told, "X-Forwarded-Host": EVIL}).status_code == 421


def test_an_address_nobody_vouched_for_is_never_written_down(deployment: Deployment):
    add_account(deployment)
    stranger = browser(published(deployment), headers={"X-Forwarded-For": "1.2.3.4", "X-Real-IP": "1.2.3.4"})
    sign_in(stranger)
    sign_in(stranger, password="wrong password")
    with deployment.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT detail FROM audit_entries").all()
    assert "127.0.0.1" in str(kept)
    assert "1.2.3.4" not in str(kept)


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": "map.town.example"},
        {"public_url": "ftp://map.town.example"},
        {"public_url": f"{PUBLIC}/map"},
        {"public_url": "https://user@map.town.example"},
        {"public_url": f"{PUBLIC}?x=1"},
        {"trusted_proxies": "proxy"},
        {"trusted_proxies": "10.0.0.1/8"},
        {"trusted_proxies": "*"},
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_at_the_start(wrong):
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_settings_are_read_as_they_are_written(monkeypatch):
    monkeypatch.setenv("ANZHI_PUBLIC_URL", "https://地图.example:8443")
    monkeypatch.setenv("ANZHI_TRUSTED_PROXIES", " 10.0.0.0/8, ::1 ,")
    read = Settings()
    assert str(read.public_url).startswith("https://xn--")
    assert str(read.public_url).endswith(".example:8443/")
    assert read.trusted_proxies == ("10.0.0.0/8", "::1/128")
    monkeypatch.setenv("ANZHI_PUBLIC_URL", "")
    monkeypatch.setenv("ANZHI_TRUSTED_PROXIES", "")
    assert (Settings().public_url, Settings().trusted_proxies) == (None, ())


def test_a_host_is_told_in_one_spelling():
    assert host_of("[::FFFF:127.0.0.1]:80") == "127.0.0.1"
    assert host_of("[2001:DB8:0::1]") == "2001:db8::1"
    assert host_of("Map.Town.EXAMPLE:443") == "map.town.example"


@contextmanager
def serving(app: FastAPI) -> Iterator[Callable[[bytes], bytes]]:
    """The service behind a real server, asked by raw bytes."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **SERVED))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()

    def ask(request: bytes) -> bytes:
        with socket.create_connection(listening.getsockname(), timeout=30) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    try:
        yield ask
    finally:
        server.should_exit = True
        thread.join(timeout=30)


def test_what_no_client_library_sends_is_refused_too(deployment: Deployment):
    def request(target: str, *headers: str, version: str = "1.1") -> bytes:
        return "\r\n".join([f"GET {target} HTTP/{version}", *headers, "Connection: close", "", ""]).encode()

    here, evil = "Host: 127.0.0.1", f"Host: {EVIL}"
    with serving(published(deployment)) as ask:
        assert ask(request("/seen", here)).startswith(b"HTTP/1.1 200")
        for refused in (
            request("/seen", here, evil),
            request("/seen", evil, here),
            request("/seen", here, here),
            request("/seen", version="1.0"),
            request("/seen"),
            request(f"http://{EVIL}/seen", evil),
            request("http://127.0.0.1/seen", evil),
        ):
            assert ask(refused).split(b" ")[1] in (b"400", b"421"), refused
        absolute = ask(request(f"http://{EVIL}/seen", here))
        assert EVIL.encode() not in absolute
        assert ask(request("/health", version="1.0")).split(b" ")[1] == b"200"
        passed_on = ask(request("/seen", here, "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https"))
        assert b"203.0.113.9" not in passed_on
        assert b'"http://127.0.0.1/seen"' in passed_on
