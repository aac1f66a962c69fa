"""A question to a database that may be frozen: told in time, asked once for all who ask."""

import asyncio
import threading
from functools import partial

import pytest

from app.http import health
from app.main import create_app
from app.middleware.own_thread import AskedApart
from app.platform.deployment import Deployment
from tests.app.middleware.conftest import Sender
from tests.aside import run_aside


def test_a_question_without_an_answer_holds_one_thread_however_often_it_is_asked():
    go, asked, apart = threading.Event(), [], AskedApart[int]()

    def find() -> int:
        asked.append(threading.current_thread())
        go.wait()
        return 7

    async def ask_many() -> list:
        questions = [apart.ask(find, 0.05) for _ in range(20)]
        return await asyncio.gather(*questions, return_exceptions=True)

    for _ in range(2):
        assert {type(one) for one in run_aside(ask_many())} == {TimeoutError}
    assert len(asked) == 1
    assert asked[0].daemon, "it does not hold the process"
    go.set()
    asked[0].join(10)
    assert run_aside(apart.ask(find, 10)) == 7
    assert len(asked) == 2, "an answer is not kept"


def test_trouble_is_told_to_everybody_who_asked():
    apart = AskedApart[int]()

    async def ask_many() -> list:
        return await asyncio.gather(*(apart.ask(lambda: 1 // 0, 10) for _ in range(3)), return_exceptions=True)

    assert {type(one) for one in run_aside(ask_many())} == {ZeroDivisionError}


def test_health_is_told_although_nobody_finds_out(deployment: Deployment, monkeypatch: pytest.MonkeyPatch):
    go = threading.Event()
    monkeypatch.setattr(health, "PATIENCE_S", 0.05)
    monkeypatch.setattr(health, "look_at_database", lambda _: go.wait() and ("ok", 1))
    app = create_app(deployment, loopback=True)
    status, _, body = run_aside(Sender(app, "/health").send(b"").ask("GET"))
    assert status == 503
    assert b'"database":"frozen"' in body
    go.set()
    monkeypatch.undo()
    again = partial(Sender, create_app(deployment, loopback=True), "/health")
    assert run_aside(again().send(b"").ask("GET"))[0] == 200
