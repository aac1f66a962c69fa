"""Authority over forces: which of them a township sends, which it requests, asks for or reports for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

OWN: Final = frozenset({"direct", "invite"})
"""Verbs by which the force itself is called, not its command centre."""
VERBS: Final = OWN | {"request", "report"}


@dataclass(frozen=True, slots=True)
class Authority:
    """Authority over a force: the verb (a code of ``authority``), and the command centre it goes to, None for the force itself."""

    verb: str
    addressee: str | None


@dataclass(frozen=True, slots=True)
class Authorities:
    """Authorities by kind of force and of station, with the command centre of each kind."""

    kind: Mapping[str, str]
    station: Mapping[str, str]
    addressee: Mapping[str, str]

    def over(self, kind: str, station_kind: str | None) -> Authority:
        """Authority over a force of a kind at a station of a kind; one nobody thought of is reported for."""
        verb = self.station.get(station_kind or "") or self.kind.get(kind, "report")
        return Authority(verb, None if verb in OWN else self.addressee.get(kind, "county_bureau"))


@cache
def authorities() -> Authorities:
    """What the packaged file holds."""
    text = (resources.files("risk_model.dispatch") / "authority.toml").read_text(encoding="utf-8")
    return read_authorities(tomllib.loads(text))


def read_authorities(table: Mapping[str, Any]) -> Authorities:
    """The same from its table. Raises ValueError for a verb nobody knows."""
    if not {*table["kind"].values(), *table["station"].values()} <= VERBS:
        raise ValueError("authority.toml: a force is sent, requested, asked for or reported for.")
    return Authorities(dict(table["kind"]), dict(table["station"]), dict(table["addressee"]))
