"""Whoever sends half a head, or one without an end, holds nothing for long."""

import socket
import time

import pytest

from app.middleware import heads
from app.server.web import SERVED
from tests.benchmarks.test_benchmarks_run import of_each_kind
from tests.running import serving

WHOLE = b"GET /well HTTP/1.1\r\nHost: a\r\n\r\n"


def answered(connection: socket.socket) -> bytes:
    """All that comes until the server hangs up."""
    connection.settimeout(60)
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


def test_a_head_without_an_end_is_refused():
    assert SERVED["http"] is heads.BoundedHeads
    with (
        serving(of_each_kind, http=heads.BoundedHeads) as port,
        socket.create_connection(("127.0.0.1", port)) as endless,
    ):
        endless.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        try:
            for _ in range(1000):
                endless.sendall(b"x" * 4096)
            told = answered(endless)
        except ConnectionError:
            return  # it hung up while more came
        assert b"400" in told


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHos", WHOLE + b"GET / HT"])
def test_half_a_head_is_waited_for_only_so_long(monkeypatch: pytest.MonkeyPatch, begun: bytes):
    monkeypatch.setattr(heads, "PATIENCE_S", 0.2)
    with (
        serving(of_each_kind, http=heads.BoundedHeads) as port,
        socket.create_connection(("127.0.0.1", port)) as silent,
    ):
        silent.sendall(begun)
        assert answered(silent).count(b"200 OK") == begun.count(WHOLE)


def test_a_connection_that_has_asked_may_rest_and_ask_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(heads, "PATIENCE_S", 0.2)
    with serving(of_each_kind, http=heads.BoundedHeads) as port, socket.create_connection(("127.0.0.1", port)) as kept:
        for _ in range(2):
            kept.sendall(WHOLE)
            received = b""
            while not received.endswith(b"\r\n\r\nok"):
                received += kept.recv(65_536)
            assert received.startswith(b"HTTP/1.1 200 OK")
            time.sleep(0.4)
        kept.sendall(WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert b"200 OK" in answered(kept)
