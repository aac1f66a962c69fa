"""Provisions of stations: what each kind of station should have, and what one of them lacks."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Any

from risk_model.codes import enumeration


def provisions_lacking(kind: str, had: Collection[str]) -> tuple[str, ...]:
    """Codes of what a station of this kind should have and has not, in the order of the list; nothing is asked of other kinds."""
    return tuple(code for code in provisions_asked().get(kind, ()) if code not in had)


@cache
def provisions_asked() -> Mapping[str, tuple[str, ...]]:
    """Codes of what a station should have, by its kind."""
    text = (resources.files("risk_model.dispatch") / "provisions.toml").read_text(encoding="utf-8")
    return read_provisions(tomllib.loads(text))


def read_provisions(table: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """The same from its table. Raises ValueError for a kind or a code no enumeration knows, and for one that is named twice."""
    asked = {kind: tuple(codes) for kind, codes in table["station"].items()}
    strange = {*asked} - {*enumeration("station_kind")}
    strange |= {code for codes in asked.values() for code in codes} - {*enumeration("station_provision")}
    if strange:
        raise ValueError(f"provisions.toml: unknown words {', '.join(sorted(strange))}.")
    if any(len(set(codes)) < len(codes) for codes in asked.values()):
        raise ValueError("provisions.toml: the same thing is asked for twice.")
    return asked
