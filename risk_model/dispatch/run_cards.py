"""Run cards: what an incident of each kind calls for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class RunCard:
    """Run card of a kind of incident: how many forces with each capability; none where no kind is told."""

    needs: Mapping[str, int]

    def met_by(self, capabilities: frozenset[str]) -> list[str]:
        """Those of its capabilities that somebody has, in the order of the card."""
        return [word for word in self.needs if word in capabilities]


@cache
def run_card(incident: str | None) -> RunCard:
    """The card for a kind of incident; an empty one for None."""
    return RunCard(MappingProxyType({})) if incident is None else _packaged()[incident]


@cache
def _packaged() -> Mapping[str, RunCard]:
    text = (resources.files("risk_model.dispatch") / "run_cards.toml").read_text(encoding="utf-8")
    return read_run_cards(tomllib.loads(text))


def read_run_cards(table: Mapping[str, Mapping[str, Any]]) -> Mapping[str, RunCard]:
    """The cards by kind of incident. Raises ValueError for one that calls for nothing, or for none of something."""
    for kind, needs in table.items():
        if not needs or min(needs.values()) < 1:
            raise ValueError(f"run_cards.toml: {kind}: needs numbers from 1 on.")
    return {
        kind: RunCard(MappingProxyType({word: int(n) for word, n in needs.items()})) for kind, needs in table.items()
    }
