"""Concealment: no password of a database address and no secret key leaves in a log, a report or a traceback."""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from types import TracebackType
from urllib.parse import quote, unquote

HIDDEN = "***"
SHORTEST_KNOWN = 6
"""A shorter secret is an ordinary word too often to be struck out wherever it stands."""

# Up to the last @ of the word: a password may hold one, and an address whose password does is still told in errors.
_IN_ADDRESS = re.compile(r"(\bpostgres(?:ql)?(?:\+\w+)?://[^\s:/@'\"]*:)\S*(?=@)", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"((?<![a-z])(?:ssl|pg)?(?:password|passwd|secret_key)['\"]?\s*=\s*)('(?:[^'\\]|\\.)*'|\"[^\"]*\"|[^\s&'\";,)]+)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(['\"](?:ssl)?password['\"]\s*:\s*)('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.IGNORECASE)
_known: set[str] = set()


def concealed(text: str) -> str:
    """``text`` with every password struck out: in addresses, their queries, connection strings, and those made known."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _IN_ADDRESS.sub(rf"\1{HIDDEN}", text)
    return _NAMED.sub(rf"\1'{HIDDEN}'", _ASSIGNED.sub(rf"\1{HIDDEN}", text))


def make_known(address: str | None, *secrets: str | None) -> None:
    """Have the password in ``address`` and other ``secrets`` struck out wherever they stand, also alone."""
    found = [secret for secret in secrets if secret]
    if address:
        found += [match[len(head) :].lstrip("'\"") for head, match in _passwords_of(address)]
    for secret in found:
        for spelling in {secret, unquote(secret), quote(unquote(secret), safe="")}:
            if len(spelling) >= SHORTEST_KNOWN and spelling != HIDDEN and not _is_told_anyway(spelling, address or ""):
                _known.add(spelling)


def _passwords_of(address: str) -> list[tuple[str, str]]:
    return [
        (match[1], match[0].rstrip("'\""))
        for pattern in (_IN_ADDRESS, _ASSIGNED)
        for match in pattern.finditer(address)
    ]


def _is_told_anyway(secret: str, address: str) -> bool:
    return secret in concealed(address)


class ConcealingFormatter(logging.Formatter):
    """Formatter of log lines, tracebacks too, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be seen."""
        return concealed(super().format(record))


class StandardError(logging.Handler):
    """Writes to whatever standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        sys.stderr.write(f"{self.format(record)}\n")
        sys.stderr.flush()


def conceal_logs() -> None:
    """Have everything that is logged, and every error nobody caught, written without secrets. Once is enough."""
    root = logging.getLogger()
    if not any(isinstance(handler, StandardError) for handler in root.handlers):
        handler = StandardError(logging.WARNING)
        handler.setFormatter(ConcealingFormatter("%(message)s"))
        root.addHandler(handler)
    sys.excepthook = _tell
    threading.excepthook = _tell_of_thread


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(concealed("".join(traceback.format_exception(kind, error, trace))))
    sys.stderr.flush()


def _tell_of_thread(hooked: threading.ExceptHookArgs) -> None:
    if hooked.exc_value is not None:
        _tell(hooked.exc_type, hooked.exc_value, hooked.exc_traceback)
