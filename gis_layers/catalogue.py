"""The catalogue of served layers, read from ``catalogue.toml`` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class ServedLayer:
    """One served layer: where its rows come from and which columns leave the house."""

    name: str
    title: str
    source: str
    where: str
    edition: bool
    columns: Mapping[str, str]


@cache
def read_catalogue() -> Mapping[str, ServedLayer]:
    """Every served layer by name."""
    blocks = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {name: ServedLayer(name=name, **block) for name, block in blocks.items()}
