"""Run card of an incident: what it calls for, once its kind, its place, the time and its level are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from risk_model.incidents import RescueLevel
from risk_model.rulebook.run_cards import RunCardRule


@dataclass(frozen=True, slots=True)
class RunCard:
    """Run card of an incident: how many forces with each capability; none where no kind is told."""

    needs: Mapping[str, int]

    def met_by(self, capabilities: frozenset[str]) -> list[str]:
        """Those of its capabilities that somebody has, in the order of the card."""
        return [word for word in self.needs if word in capabilities]

    def without(self, sent: Mapping[str, int]) -> RunCard:
        """What is still called for where so many forces with each capability are there."""
        rest = {word: count - sent.get(word, 0) for word, count in self.needs.items()}
        return RunCard(MappingProxyType({word: count for word, count in rest.items() if count > 0}))


NOTHING_CALLED_FOR = RunCard(MappingProxyType({}))


def run_card(rule: RunCardRule, level: RescueLevel | None = None) -> RunCard:
    """The card of a rule at a level; at its ordinary one where none is told."""
    return RunCard(MappingProxyType(rule.calls_for(level or rule.ordinary)))
