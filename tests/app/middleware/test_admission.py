"""Requests wait in lanes: nobody is turned away without a word, and nobody in another lane is kept waiting."""

import asyncio
import json
import re

import httpx
import pytest
from fastapi import Response
from fastapi.routing import APIRoute

from app.main import create_app
from app.middleware.admission import Admission
from app.middleware.bodies import Pace
from app.middleware.body_limits import uploads
from app.middleware.lanes import (
    HEAVY,
    HEAVY_BODY_BYTES,
    LANES,
    ORDINARY,
    SIGN_IN,
    WITH_DATABASE,
    Lane,
    lane_of,
    templates,
)
from app.platform.deployment import Deployment
from app.platform.errors import Busy
from app.server.web import REQUEST_LIMITS
from tests.app.middleware.conftest import Sender
from tests.app.test_access import routes_of
from tests.aside import run_aside
from tests.saying import tells

THREADS = 40
"""What anyio gives to all requests of a process together."""
ENGLISH = {"Accept-Language": "en"}
ONE_SLOT = (Lane("ordinary", 1, 10), *(lane for lane in LANES if lane is not ORDINARY))


class Blocked:
    """An application that answers when it is let go; ``begun`` counts what it was given."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        self.begun.append(scope["client"][0])
        await self.go.wait()
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


def gate(app, **options) -> Admission:
    def refuse(_request, trouble):
        return Response(str(trouble), trouble.status)

    return Admission(app, refuse=refuse, **{"lanes": ONE_SLOT, "patience_s": 30, **options})


async def settle() -> None:
    """Let everything happen that can happen now."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_as_many_are_let_in_as_have_a_connection_and_a_thread():
    assert sum(lane.slots for lane in WITH_DATABASE) <= REQUEST_LIMITS.most
    threads_at_once = [lane.slots for lane in LANES if lane.name != "health"]  # health has a thread of its own
    assert sum(threads_at_once) <= THREADS - 8, "some are left for bodies that are written to disk"


def test_every_template_that_has_a_lane_or_takes_a_file_is_one_of_a_route(deployment: Deployment):
    app = create_app(deployment, loopback=True)
    routes = {route.path for route in routes_of(app)}
    assert set(templates()) - routes == {"/static/{path:path}"}
    assert {route.path for route in routes_of(app) if _takes_file(route)} == set(uploads())
    assert lane_of("/static/js/map.js").name == "static"
    assert lane_of("/api/runs/7/picture") is HEAVY
    assert lane_of("/api/session") is SIGN_IN


def _takes_file(route: APIRoute) -> bool:
    return any("UploadFile" in str(one.field_info.annotation) for one in route.dependant.body_params)


def test_a_long_body_is_heavy_work_wherever_it_goes():
    assert lane_of("/api/siting/check", HEAVY_BODY_BYTES) is ORDINARY
    assert lane_of("/api/siting/check", HEAVY_BODY_BYTES + 1) is HEAVY


def test_health_static_files_and_the_way_in_answer_while_all_slots_are_held(deployment: Deployment):
    app = create_app(deployment, loopback=True, patience_s=0.2)
    go = asyncio.Event()

    async def blocked() -> str:
        await go.wait()
        return "done"

    app.get("/blocked")(blocked)

    async def visit() -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            holding = [asyncio.create_task(client.get("/blocked")) for _ in range(ORDINARY.slots)]
            await settle()
            assert (await client.get("/health")).status_code == 200
            assert (await client.get("/static/css/base.css")).status_code == 200
            assert (await client.get("/sign-in")).status_code == 200
            assert (await client.get("/api/kpi")).status_code == 401, "heavy works have slots of their own"
            await _is_told_to_come_back(client)
            go.set()
            assert [(await one).status_code for one in holding] == [200] * ORDINARY.slots
            assert (await client.get("/api/projects")).status_code == 401, "the slots came back"

    run_aside(visit())


async def _is_told_to_come_back(client: httpx.AsyncClient) -> None:
    told = await client.get("/api/projects", headers=ENGLISH)
    assert told.status_code == 503
    assert int(told.headers["retry-after"]) > 0
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["title"] == "The service is busy"
    assert told.headers["x-content-type-options"] == "nosniff"
    assert tells((await client.get("/api/projects")).json()["detail"], "等候的请求太多，没有轮到这一个；请稍后重试")
    page = await client.get("/siting", headers={"Accept": "text/html"})
    assert (page.status_code, int(page.headers["retry-after"]) > 0) == (503, True)
    assert tells(page.text, "服务繁忙")
    said = re.sub(r"<script.*?</script>", "", page.text, flags=re.DOTALL)
    assert not tells(said, "数据库没有回应；请稍后重试，或由管理员运行 anzhi doctor 查看原因")


def test_whoever_leaves_while_waiting_is_forgotten_and_nothing_is_done_for_them():
    async def visit() -> None:
        app = Blocked()
        admission = gate(app)
        first = asyncio.create_task(Sender(admission, client="first").send(b"").ask())
        await settle()
        leaving = Sender(admission, client="leaving", headers={"content-length": "2"}).send(b"{}")
        left = asyncio.create_task(leaving.ask())
        last = asyncio.create_task(Sender(admission, client="last").send(b"").ask())
        await settle()
        leaving.hang_up()
        assert (await left)[0] is None
        app.go.set()
        assert [(await one)[0] for one in (first, last)] == [200, 200]
        assert app.begun == ["first", "last"]
        assert (admission.turns["ordinary"].free, admission.turns["ordinary"].waiting) == (1, 0)

    run_aside(visit())


def test_clients_take_turns_however_much_one_of_them_asks():
    async def visit() -> None:
        app = Blocked()
        admission = gate(app)
        asked = [Sender(admission, client=name).send(b"").ask() for name in ("greedy",) * 4 + ("modest",)]
        tasks = [asyncio.create_task(one) for one in asked]
        await settle()
        app.go.set()
        await asyncio.gather(*tasks)
        assert app.begun == ["greedy", "greedy", "modest", "greedy", "greedy"]

    run_aside(visit())


def test_one_client_cannot_fill_the_room_in_which_others_wait():
    async def visit() -> None:
        app = Blocked()
        admission = gate(app)
        tasks = [asyncio.create_task(Sender(admission, client="greedy").send(b"").ask()) for _ in range(20)]
        await settle()
        modest = asyncio.create_task(Sender(admission, client="modest").send(b"").ask())
        await settle()
        app.go.set()
        answers = [(await one)[0] for one in tasks]
        assert (answers.count(200), answers.count(503)) == (6, 14)
        assert (await modest)[0] == 200

    run_aside(visit())


def test_a_request_that_is_cancelled_while_waiting_takes_no_slot_with_it():
    async def visit() -> None:
        app = Blocked()
        admission = gate(app)
        first = asyncio.create_task(Sender(admission).send(b"").ask())
        await settle()
        stopped = asyncio.create_task(Sender(admission).send(b"").ask())
        await settle()
        app.go.set()
        await first
        stopped.cancel()  # its turn has come, and it does not know yet
        await asyncio.gather(stopped, return_exceptions=True)
        assert admission.turns["ordinary"].free == 1

    run_aside(visit())


def test_an_application_that_breaks_gives_its_slot_back():
    async def broken(scope, receive, send) -> None:
        raise ZeroDivisionError

    async def visit() -> None:
        admission = gate(broken)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await Sender(admission).send(b"").ask()
        assert admission.turns["ordinary"].free == 1

    run_aside(visit())


def test_a_client_that_dribbles_its_body_holds_no_slot():
    async def visit() -> None:
        app = Blocked()
        app.go.set()
        admission = gate(app, pace=Pace(grace_s=0.3))
        slow = Sender(admission, client="slow", headers={"content-length": "1000"}).send(b"{", more=True)
        dribbling = asyncio.create_task(slow.ask())
        await settle()
        assert (await Sender(admission, client="quick").send(b"").ask())[0] == 200
        assert (await dribbling)[0] == 408
        assert app.begun == ["quick"]

    run_aside(visit())


def test_a_body_is_handed_over_as_it_was_sent():
    async def visit() -> None:
        app = Blocked()
        app.go.set()
        body = json.dumps({"name": "x" * 100}).encode()
        sender = Sender(gate(app), headers={"content-length": str(len(body))}).send(*(bytes([one]) for one in body))
        assert (await sender.ask())[2] == body

    run_aside(visit())


def test_a_refusal_is_trouble_like_any_other():
    assert (Busy.status, Busy.retry_after_s) == (503, 5)
