"""Provisions of stations: what each kind of station should have, and what one of them lacks."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources


def provisions_lacking(kind: str, had: Collection[str]) -> tuple[str, ...]:
    """Codes of what a station of this kind should have and has not, in the order of the list; nothing is asked of other kinds."""
    return tuple(code for code in provisions_asked().get(kind, ()) if code not in had)


@cache
def provisions_asked() -> Mapping[str, tuple[str, ...]]:
    """Codes of what a station should have, by its kind."""
    text = (resources.files("risk_model.dispatch") / "provisions.toml").read_text(encoding="utf-8")
    return {kind: tuple(codes) for kind, codes in tomllib.loads(text)["station"].items()}
