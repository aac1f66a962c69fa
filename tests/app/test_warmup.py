"""The first heavy answer loads nothing: confined processes are warmed up beside a service that answers and stops as ever."""

import ast
import inspect
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from app.platform import allowance, errands
from app.server import warmup
from gis_layers.sandbox import PLAIN, run_confined
from gis_layers.sandbox.nurseries import NURSERIES
from tests.app.test_errands import KINDS, Kind, app, ask, bearer
from tests.app.test_guidance import graded
from tests.running import free_port
from tests.telling_imports import imported_by

__all__ = ["app", "bearer", "graded"]
ROOT = Path(__file__).parents[2]
ASKED = KINDS | {
    "register as a layer": Kind("GET", "/downloads/enterprises.gpkg", ""),
    "edition package": Kind("POST", "/api/zones/packages", "", file=b'{"type": "FeatureCollection", "features": []}'),
}


@pytest.fixture
def warm():
    """Confined processes as a service has them that has just been warmed up."""
    NURSERIES.close()
    warmup.warm_up(threading.Event())
    yield
    NURSERIES.close()


@pytest.fixture
def loaded(monkeypatch):
    """What confined calls loaded by the module that asked for them, each call in a process that saw no other."""
    found: dict[str, set[str]] = {}

    def watched(run):
        def run_confined(function, *args, **named):
            named["readable"] = [*named.get("readable", ()), errands.OWN]
            answer, modules = run(imported_by, pickle.dumps((function, args)), **named)
            found.setdefault(_who_asked(), set()).update(modules)
            return answer

        return run_confined

    for module in (errands, allowance):
        monkeypatch.setattr(module, "run_confined", watched(module.run_confined))
    return found


def _who_asked() -> str:
    frames = (frame.frame.f_globals["__name__"] for frame in inspect.stack(0)[2:])
    return next(name for name in frames if name not in (errands.__name__, allowance.__name__))


def test_the_first_errand_of_every_kind_loads_nothing(app, bearer, warm, loaded):
    told = {name: ask(app, bearer, kind).status_code for name, kind in ASKED.items()}
    assert {name: status for name, status in told.items() if status >= 500} == {}
    assert {asking: modules for asking, modules in loaded.items() if modules} == {}
    assert set(_modules_that_ask()) <= set(loaded)


def _modules_that_ask() -> list[str]:
    """Modules of the service that hand work to ``reckon``."""
    found = []
    for path in sorted((ROOT / "app").rglob("*.py")):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        if any(isinstance(call, ast.Name) and call.id == "reckon" for call in calls):
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert len(found) > 10
    return found


def test_a_request_between_two_modules_is_answered(monkeypatch):
    """While it warms up a process answers: nobody waits for the whole of it."""
    NURSERIES.close()
    monkeypatch.setattr(warmup, "LIBRARIES", ())
    monkeypatch.setattr(warmup, "WORK", {PLAIN: ["json", "decimal"]})
    answered, load = [], warmup.load_ahead

    def load_and_call(profile, module) -> None:
        load(profile, module)
        answered.append(run_confined(int, "7"))

    monkeypatch.setattr(warmup, "load_ahead", load_and_call)
    warmup.warm_up(threading.Event())
    assert answered == [7, 7]


SERVICE = """
import sys
from fastapi import FastAPI
from app.server import warmup, web
from gis_layers.sandbox.nurseries import NURSERIES

warmup.FIRST_PAGE_S, warmup.LIBRARIES = 0.0, ()
warmup.WORK = {"plain": ["never_loaded"]}
with warmup.warming() as warm_up:
    def announce() -> None:
        warm_up()
        print("open", flush=True)

    web.serve(FastAPI(), "127.0.0.1", int(sys.argv[1]), announce=announce, leaving=lambda: None)
print("closed in order", flush=True)
web.end_process()
"""


def test_a_service_stopped_while_it_warms_up_ends_and_leaves_nothing(tmp_path):
    begun = tmp_path / "begun"
    (tmp_path / "never_loaded.py").write_text(
        f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(3600)\n"
    )
    path = os.pathsep.join([str(ROOT), str(tmp_path)])
    command = [sys.executable, "-c", SERVICE, str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}) as service:
        assert service.stdout is not None
        try:
            assert service.stdout.readline() == "open\n"
            while not begun.exists():
                time.sleep(0.02)
            left = psutil.Process(service.pid).children(recursive=True)
            assert len(left) == 2
            service.send_signal(signal.SIGINT)
            assert service.wait(60) == 0
            assert service.stdout.read() == "closed in order\n"
        finally:
            service.kill()
    assert psutil.wait_procs(left, timeout=60)[1] == []
