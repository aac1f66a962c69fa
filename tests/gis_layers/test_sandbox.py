"""The sandbox: what a confined call may not do, what becomes of one that goes too far, and that it leaves nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.errors import (
    ConfinedBusy,
    ConfinedCancelled,
    ConfinedDied,
    ConfinedMemory,
    ConfinedTimeout,
    UnreadableFile,
)
from gis_layers.sandbox import PLAIN, Limits, calls, describe_belts, reading_with, run_confined
from gis_layers.sandbox.answers import unpack
from gis_layers.sandbox.nurseries import NURSERIES
from gis_layers.sandbox.packed_answers import packed
from risk_model.message import Message
from tests.gis_layers import confined
from tests.saying import refusing

ROOT = Path(__file__).parents[2]
SHORT = Limits(wall_s=0.3)


def test_a_call_answers_what_the_function_answers():
    layer = np.arange(3_000_000, dtype=float)
    assert (run_confined(confined.add, layer, layer) == layer * 2).all()


SHAPES = [
    None,
    shapely.Point(1.1, 2),
    shapely.from_wkt("POLYGON Z ((0 0 1, 2 0 1, 2 2 1, 0 0 1))"),
    shapely.from_wkt("LINESTRING EMPTY"),
    shapely.set_srid(shapely.box(0, 0, 1, 1), 4490),
]


@given(
    st.lists(st.sampled_from([*SHAPES, shapely.LinearRing([(0, 0), (1, 0), (1, 1)]), "字", float("nan")]), max_size=8)
)
def test_an_array_of_anything_is_packed_and_taken_apart_as_it_was(things: list[Any]):
    asked = np.full(len(things), None, dtype=object)
    for place, thing in enumerate(things):
        asked[place] = thing
    back = unpack(memoryview(packed({"of": asked, "also": asked[::-1]})))
    assert [back["of"].dtype, back["of"].shape] == [asked.dtype, asked.shape]
    for one, other in zip(asked, back["of"], strict=True):
        assert type(one) is type(other)
        if isinstance(one, shapely.Geometry):
            assert shapely.to_wkb(one, include_srid=True) == shapely.to_wkb(other, include_srid=True)
    alike = [[a is b for b in asked] for a in asked if isinstance(a, shapely.Geometry)]
    assert [[a is b for b in back["of"]] for a in back["of"] if isinstance(a, shapely.Geometry)] == alike


def test_many_shapes_come_back_from_a_call_as_they_went():
    shapes = shapely.points(np.arange(2000.0), 5.0)
    assert shapely.equals_exact(run_confined(confined.same, shapes), shapes).all()


def test_an_error_comes_back_as_itself_with_its_template():
    with pytest.raises(UnreadableFile) as refused:
        run_confined(confined.refuse, "地块.gpkg")
    message = refused.value.args[0]
    assert isinstance(message, Message)
    assert (message.template, dict(message.values)) == ("{name} 无法读取", {"name": "地块.gpkg"})
    with pytest.raises(KeyError, match="a slip of ours") as slip:
        run_confined(confined.stumble)
    assert "in stumble" in slip.value.__notes__[0]


@pytest.mark.parametrize("asked", [(confined.compute_for_ever,), (confined.sleep, 60.0)], ids=["computes", "sleeps"])
def test_a_call_over_its_time_is_ended(asked: tuple[Any, ...]):
    with pytest.raises(ConfinedTimeout):
        run_confined(*asked, limits=SHORT)
    assert gone_soon(children_at_work)


def test_a_call_over_its_memory_is_ended_and_one_below_is_not():
    little = Limits(memory_bytes=64 * 1024**2)
    assert run_confined(confined.fill, 16, limits=little) == 16 * 1024**2
    with pytest.raises(ConfinedMemory):
        run_confined(confined.fill, 200, limits=little)


@pytest.mark.parametrize("by", ["event", "callable"])
def test_a_call_nobody_wants_is_ended(by: str):
    given_up = threading.Event()
    threading.Timer(0.2, given_up.set).start()
    with pytest.raises(ConfinedCancelled):
        run_confined(confined.sleep, 60.0, cancelled=given_up if by == "event" else given_up.is_set)
    assert gone_soon(children_at_work)


def test_a_process_that_dies_is_told_and_replaced():
    with refusing(ConfinedDied, match="-11"):
        run_confined(confined.fault)
    assert run_confined(confined.add, 1, 2) == 3


def test_a_nursery_that_was_killed_is_replaced():
    run_confined(confined.add, 1, 2)
    assert NURSERIES.process is not None
    NURSERIES.process.send_signal(signal.SIGKILL)
    NURSERIES.process.wait()
    assert run_confined(confined.add, 1, 2) == 3


def test_no_call_sees_another():
    assert [run_confined(confined.remember, 1), run_confined(confined.remember, 2)] == [[1], [2]]


def test_more_calls_than_places_wait_and_then_hear_that_it_is_busy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calls, "PATIENCE_S", 0.1)
    monkeypatch.setattr(calls, "_places", threading.BoundedSemaphore(1))
    done = threading.Event()

    def hold() -> None:
        with pytest.raises(ConfinedCancelled):
            run_confined(confined.sleep, 60.0, cancelled=done)

    first = threading.Thread(target=hold)
    first.start()
    try:
        assert comes(lambda: places_left() == 0)
        with pytest.raises(ConfinedBusy):
            run_confined(confined.add, 1, 2)
    finally:  # who held on past the end of this test would give its place back to the places of the next
        done.set()
        first.join()
    assert places_left() == 1
    assert run_confined(confined.add, 1, 2) == 3


def test_the_environment_holds_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ANZHI_DATABASE_URL", "postgresql://anzhi:s3cret@db/anzhi")
    monkeypatch.setenv("ANZHI_SECRET_KEY", "s3cret")
    monkeypatch.setenv("https_proxy", "http://proxy.invalid:3128")
    NURSERIES.close()
    known = run_confined(confined.environment)
    assert not [name for name in known if name.lower().startswith(("anzhi", "http", "pg"))]
    assert "s3cret" not in str(known)


def test_only_named_files_are_open(tmp_path: Path):
    given, other = tmp_path / "given.txt", tmp_path / "other.txt"
    given.write_text("given", encoding="utf-8")
    other.write_text("other", encoding="utf-8")
    assert run_confined(confined.read, str(given), readable=[given]) == "given"
    for closed in (other, Path("/etc/passwd"), Path("/proc/self/environ"), Path(f"/proc/{os.getpid()}/environ")):
        with pytest.raises(PermissionError):
            run_confined(confined.read, str(closed), readable=[given])
    with pytest.raises(PermissionError):
        run_confined(confined.write, str(given), readable=[given])
    assert given.read_text(encoding="utf-8") == "given"


def test_a_link_among_the_named_files_opens_nothing_else(tmp_path: Path):
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(PermissionError):
        run_confined(confined.read, str(folder / "link.txt"), readable=[folder])


def test_what_a_call_writes_ends_with_it():
    assert not Path(run_confined(confined.scratch_is_left)).exists()


def test_no_address_is_reached(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as database:
        database.bind(str(tmp_path / "s.PGSQL"))
        database.listen()
        server.settimeout(0)
        database.settimeout(0)
        assert run_confined(confined.reach, server.getsockname()[1]) == "PermissionError"
        assert run_confined(confined.reach_by_path, str(tmp_path / "s.PGSQL"), readable=[tmp_path]) == "PermissionError"
        for listening in (server, database):
            with pytest.raises(BlockingIOError):
                listening.accept()


def test_no_other_process_is_started_or_signalled_but_threads_work():
    assert run_confined(confined.start_another) == "PermissionError"
    assert run_confined(confined.run_a_program) == "PermissionError"
    assert run_confined(confined.signal_another, os.getpid()) == "PermissionError"
    assert run_confined(confined.use_threads) == 4


def test_an_answer_that_would_do_something_is_not_unpacked(tmp_path: Path):
    with pytest.raises(ConfinedDied):
        run_confined(confined.bait, str(tmp_path / "done"))
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize(
    ("profile", "left"),
    [(PLAIN, []), (reading_with("GPKG"), ["GPKG"]), (reading_with("ESRI Shapefile"), ["ESRI Shapefile"])],
)
def test_gdal_knows_the_drivers_of_the_profile(profile: str, left: list[str]):
    assert run_confined(confined.drivers, profile=profile) == left


def test_a_profile_without_such_a_driver_is_told():
    with refusing(ConfinedDied, match="No Such Driver"):
        run_confined(confined.drivers, profile=reading_with("No Such Driver"))
    assert run_confined(confined.drivers) == []


def test_the_belts_are_told():
    belts = describe_belts()
    assert belts.no_network
    assert not set(belts.holding) & set(belts.missing)


def test_a_daemonic_process_may_call_too():
    """The worker beside the service is one, and such a process may have no children of multiprocessing."""
    context = multiprocessing.get_context("spawn")
    heard, told = context.Pipe(duplex=False)
    process = context.Process(target=call_and_tell, args=(told,), daemon=True)
    process.start()
    assert heard.recv() == 3
    process.join()


def call_and_tell(told: Connection) -> None:
    told.send(run_confined(confined.add, 1, 2))


def a_caller_at_work() -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A process with a call under way, and all that works for it: base, branch, the call. Begun anew where it does not come to that."""
    program = (
        "import threading, time; from gis_layers.sandbox import run_confined; from tests.gis_layers import confined\n"
        "threading.Thread(target=run_confined, args=(confined.sleep, 60.0), daemon=True).start()\n"
        "print(*run_confined(confined.pids), flush=True); time.sleep(60)"
    )
    said = []
    for _ in range(3):
        caller = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert caller.stdout is not None
        said.append(caller.stdout.readline())
        if comes(lambda of=caller.pid: len(psutil.Process(of).children(recursive=True)) >= 3, patience_s=20):
            return caller, psutil.Process(caller.pid).children(recursive=True)
        said.append(f"{caller.poll()}, {psutil.Process(caller.pid).children(recursive=True)}")
        caller.kill()
        caller.wait()
        caller.stdout.close()
    raise AssertionError(said)


def test_nothing_outlives_a_killed_caller():
    caller, left = a_caller_at_work()
    caller.kill()
    caller.wait()
    assert caller.stdout is not None
    caller.stdout.close()
    assert gone_soon(lambda: [process for process in left if process.is_running() and process.status() != "zombie"])


def children_at_work() -> list[psutil.Process]:
    """The calls of this process: grandchildren of the base nursery."""
    assert NURSERIES.process is not None
    branches = psutil.Process(NURSERIES.process.pid).children()
    return [call for branch in branches for call in branch.children()]


def places_left() -> int:
    """The places of this process that no call holds."""
    return calls._places._value


def gone_soon(left: Callable[[], list[object]]) -> bool:
    return comes(lambda: not left())


def comes(what: Callable[[], bool], *, patience_s: float = 60) -> bool:
    """Whether something comes true within a minute, which is long even on a machine that does much else."""
    deadline = time.monotonic() + patience_s
    while not what() and time.monotonic() < deadline:
        time.sleep(0.02)
    return what()
