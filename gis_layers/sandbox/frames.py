"""Frames between the two sides: one length in eight bytes, then as many bytes."""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Callable

_HEAD = struct.Struct(">Q")
_BLOCK = 4 * 1024 * 1024
MESSAGE_BYTES = 64 * 1024
"""The longest order to a nursery."""
POLL_S = 0.05
"""How often a waiting caller looks whether it is still wanted."""


class LineBroken(Exception):
    """The other side is gone, or says more than is taken from it."""


def framed(content: bytes) -> bytes:
    """Content with its length before it."""
    return _HEAD.pack(len(content)) + content


def read_frame(line: socket.socket) -> memoryview:
    """The next frame of a blocking ``line``. Raises LineBroken at its end."""
    (length,) = _HEAD.unpack(_read(line, _HEAD.size))
    return _read(line, length)


def pair() -> tuple[socket.socket, socket.socket]:
    """Both ends of a new line, wide enough for a layer."""
    ends = socket.socketpair()
    for end in ends:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BLOCK)
    return ends


def ask(line: socket.socket, question: bytes, *, most: int, look: Callable[[], None]) -> memoryview:
    """Send ``question`` and answer the one frame that comes back, both without ever blocking.

    ``look`` is called at least every POLL_S seconds; what it raises ends the waiting. Raises LineBroken where the other
    side hangs up or announces more than ``most`` bytes.
    """
    line.setblocking(False)
    watch = select.poll()
    left = memoryview(question)
    head, answer = memoryview(bytearray(_HEAD.size)), memoryview(b"")
    missing, begun = head, False
    while missing:
        watch.register(line, select.POLLIN | (select.POLLOUT if left else 0))
        events = sum(event for _, event in watch.poll(POLL_S * 1000))
        look()
        if events & select.POLLOUT:
            left = left[_sent(line, left) :]
        if events & ~select.POLLOUT:
            missing = missing[_received(line, missing) :]
        if not missing and not begun:
            begun = True
            answer = missing = _room(_HEAD.unpack(head)[0], most)
    return answer


def _room(wanted: int, most: int) -> memoryview:
    if wanted > most:
        raise LineBroken
    return memoryview(bytearray(wanted))


def _read(line: socket.socket, wanted: int) -> memoryview:
    missing = content = memoryview(bytearray(wanted))
    while missing:
        missing = missing[_received(line, missing) :]
    return content


def _sent(line: socket.socket, left: memoryview) -> int:
    try:
        return line.send(left[:_BLOCK])
    except BlockingIOError:
        return 0
    except OSError as gone:
        raise LineBroken from gone


def _received(line: socket.socket, room: memoryview) -> int:
    try:
        count = line.recv_into(room, min(len(room), _BLOCK))
    except BlockingIOError:
        return 0
    except OSError as gone:
        raise LineBroken from gone
    if count == 0:
        raise LineBroken
    return count
