"""A request brings no more than its route takes: measured while it comes, whatever it says of itself."""

import json

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.main import create_app
from app.middleware import body_limits
from app.middleware.bodies import CHUNK_BYTES, IN_MEMORY_BYTES
from app.middleware.body_limits import (
    DEEPEST,
    DOOR_BYTES,
    FORM_BYTES,
    JSON_BYTES,
    MB,
    STRANGERS_JSON_BYTES,
    check_depth,
)
from app.platform.deployment import Deployment
from app.platform.errors import BodyTooDeep
from app.platform.principals import Role
from tests.app.middleware.conftest import Sender
from tests.app.middleware.test_admission import Blocked, gate
from tests.app.test_access import routes_of
from tests.aside import run_aside
from tests.saying import tells

TOKEN = {"authorization": "Bearer somebody"}
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
FILE = {"content-type": "multipart/form-data; boundary=x"}
PIECE = b"1" * CHUNK_BYTES
LIMITS = [
    ("/api/siting/check", {**JSON, **TOKEN}, JSON_BYTES),
    ("/api/siting/check", JSON, STRANGERS_JSON_BYTES),
    ("/api/siting/check", TOKEN, JSON_BYTES),
    ("/api/session", JSON, DOOR_BYTES),
    ("/sign-in", FORM, DOOR_BYTES),
    ("/rulebook/add-rule", {**FORM, **TOKEN}, FORM_BYTES),
    ("/api/siting/check", {**FILE, **TOKEN}, FORM_BYTES),
    ("/api/siting/outline/file", FILE, 20 * MB + 64 * 1024),
    ("/api/siting/batch", FILE, 20 * MB + 64 * 1024),
    ("/api/imports", {**FILE, "cookie": "anzhi_session=x"}, 400 * MB + 64 * 1024),
    ("/api/siting/batch", {**FILE, "cookie": "anzhi_session=x"}, 200 * MB + 64 * 1024),
    ("/api/unit-sets", {**FILE, **TOKEN}, 100 * MB + 64 * 1024),
]


def streamed(path: str, headers: dict[str, str], size: int) -> tuple[Sender, int | None, bytes]:
    """Send a body of so many bytes that does not say its length; the sender, the status, and what was handed on."""

    async def visit():
        app = Blocked()
        app.go.set()
        sender = Sender(gate(app), path, {**headers, "transfer-encoding": "chunked"})
        sender.send(*[PIECE] * (size // CHUNK_BYTES), PIECE[: size % CHUNK_BYTES])
        status, _, content = await sender.ask()
        return sender, status, content

    return run_aside(visit())


@pytest.mark.parametrize(("path", "headers", "most"), LIMITS)
def test_a_body_that_does_not_say_its_length_is_cut_off_at_the_limit(path, headers, most):
    sender, status, _ = streamed(path, headers, most + 4 * CHUNK_BYTES)
    assert status == 413
    assert sender.received <= most + CHUNK_BYTES


@pytest.mark.parametrize(("path", "headers", "most"), [one for one in LIMITS if one[2] <= 5 * MB])
def test_a_body_at_the_limit_is_let_through(path, headers, most):
    assert streamed(path, headers, most)[1] == 200


def test_a_body_that_says_it_is_too_long_is_not_received_at_all():
    async def visit() -> None:
        sender = Sender(gate(Blocked()), "/api/siting/check", {**JSON, "content-length": str(100 * MB)}).send(PIECE)
        assert (await sender.ask())[0] == 413
        assert sender.received == 0

    run_aside(visit())


def test_a_body_longer_than_it_says_is_measured_all_the_same():
    async def visit() -> None:
        sender = Sender(gate(Blocked()), "/api/siting/check", {**JSON, "content-length": "10"})
        sender.send(*[PIECE] * 100)
        assert (await sender.ask())[0] == 413
        assert sender.received <= STRANGERS_JSON_BYTES + CHUNK_BYTES

    run_aside(visit())


def test_all_bodies_together_are_bounded_and_their_room_comes_back():
    async def visit() -> None:
        app = Blocked()
        app.go.set()
        admission = gate(app)
        admission.room.most = 3 * CHUNK_BYTES

        def sender(pieces: int) -> Sender:
            return Sender(admission, "/api/siting/check", {**JSON, **TOKEN, "transfer-encoding": "chunked"}).send(
                *[PIECE] * pieces
            )

        assert (await sender(4).ask())[0] == 503
        assert admission.room.held == 0
        assert (await sender(3).ask())[0] == 200
        admission.room.most = 0
        assert (await sender(2).ask())[0] == 503
        assert (await sender(1).ask())[0] == 200, "a short body always has room"
        leaving = sender(1)
        leaving.pieces.get_nowait()
        leaving.hang_up()
        assert (await leaving.ask())[0] is None
        assert admission.room.held == 0

    run_aside(visit())


def test_a_long_body_is_kept_on_disk_and_handed_on_whole():
    async def visit() -> bytes:
        received = []

        async def app(scope, receive, send) -> None:
            more = True
            while more:
                message = await receive()
                received.append(message["body"])
                more = message["more_body"]

        body = [bytes([number % 256]) * CHUNK_BYTES for number in range(3 * IN_MEMORY_BYTES // CHUNK_BYTES)]
        headers = {**JSON, **TOKEN, "transfer-encoding": "chunked"}
        await Sender(gate(app), "/api/siting/check", headers).send(*body).ask()
        assert max(map(len, received)) <= CHUNK_BYTES
        return b"".join(received) == b"".join(body)

    assert run_aside(visit())


def test_a_body_that_is_too_long_is_refused_by_the_service_in_the_readers_language(deployment: Deployment):
    with TestClient(create_app(deployment, loopback=True)) as client:
        headers = {"Accept-Language": "en", "Content-Type": "application/json"}
        told = client.post("/api/siting/check", content=b" " * (STRANGERS_JSON_BYTES + 1), headers=headers)
    assert told.status_code == 413
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["title"] == "The request is too large"


def nested(levels: int) -> bytes:
    return b'{"geometry":' + b"[" * levels + b"]" * levels + b"}"


def test_no_route_breaks_on_a_body_of_nine_hundred_levels(deployment: Deployment, token):
    app = create_app(deployment, loopback=True)
    writing = {(method, filled(route)) for route in routes_of(app) for method in route.methods & {"POST", "PATCH"}}
    assert len(writing) > 20
    headers = {"Authorization": f"Bearer {token(Role.ADMIN)}", **JSON}
    with TestClient(app, raise_server_exceptions=False) as client:
        for levels in (900, 100_000):
            for method, path in writing:
                told = client.request(method, path, content=nested(levels), headers=headers)
                assert told.status_code in (413, 422), (path, levels)
                assert "64" in told.json()["detail"] or told.status_code == 413


def filled(route: APIRoute) -> str:
    path = route.path
    for name in route.param_convertors:
        path = path.replace(f"{{{name}}}", "1")
    return path


def test_a_body_as_deep_as_it_may_be_is_read(client):
    answer = client.post("/api/siting/check", content=nested(DEEPEST - 1), headers=JSON)
    assert answer.status_code == 422
    assert not tells(answer.json()["detail"], "JSON 的嵌套超过 {most} 层；请去掉多余的层次后重试")


DOCUMENTS = st.recursive(
    st.none() | st.text(alphabet='[]{}"\\,é山') | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[{"\\'), inner, max_size=3),
    max_leaves=20,
)


def depth(document) -> int:
    if isinstance(document, dict):
        document = list(document.values())
    return 1 + max(map(depth, document), default=0) if isinstance(document, list) else 0


@given(DOCUMENTS, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"]), st.booleans())
def test_depth_is_that_of_lists_and_objects_and_not_of_what_texts_hold(document, encoding, ascii_only):
    content = json.dumps(document, ensure_ascii=ascii_only).encode(encoding)
    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(body_limits, "DEEPEST", 3)
        try:
            check_depth(content)
        except BodyTooDeep:
            too_deep = True
        else:
            too_deep = False
    assert too_deep == (depth(document) > 3)
