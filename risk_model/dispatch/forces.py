"""Forces as the register has them: whether they may be sent, and how long until they are on the road."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from risk_model.readiness import lapse_of

READY: Final = "ready"


@dataclass(frozen=True, slots=True)
class ForceOnRecord:
    """A force; ``turnout_s`` is its own, None where nobody measured it, ``station_kind`` None at a base of its own."""

    key: str
    name: str
    kind: str
    state: str
    capabilities: frozenset[str]
    turnout_s: int | None = None
    station_kind: str | None = None
    agreement_expires: datetime.date | None = None
    last_verified: datetime.date | None = None


def why_passed_over(force: ForceOnRecord, today: datetime.date) -> str | None:
    """The code of why a force is not asked (``passed_over``); None where it is."""
    if force.state != READY:
        return force.state
    return lapse_of("agreement_expires", force.agreement_expires, today)


def lapse_of_force(force: ForceOnRecord, today: datetime.date) -> str | None:
    """The lapse for which a force is telephoned first: stale or unverified; None where it may be relied upon."""
    return lapse_of("last_verified", force.last_verified, today)


def turnout_s(force: ForceOnRecord) -> int:
    """Seconds from the call until the force is on the road."""
    if force.turnout_s is not None:
        return force.turnout_s
    usual = _turnouts()
    return usual["station"].get(force.station_kind or "", usual["kind"][force.kind])


@cache
def _turnouts() -> Mapping[str, Mapping[str, int]]:
    text = (resources.files("risk_model.dispatch") / "turnout.toml").read_text(encoding="utf-8")
    return read_turnouts(tomllib.loads(text))


def read_turnouts(table: Mapping[str, Any]) -> Mapping[str, Mapping[str, int]]:
    """Seconds by kind of force and of station. Raises ValueError for less than none."""
    if min([*table["kind"].values(), *table["station"].values()]) < 0:
        raise ValueError("turnout.toml: nobody is on the road before the call.")
    return {name: {word: int(seconds) for word, seconds in part.items()} for name, part in table.items()}
