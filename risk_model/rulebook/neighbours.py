"""Neighbours: the siting rules on roads, bridges, facilities and houses, which no survey draws as zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from risk_model.rulebook.entries import Entry, read_backing
from risk_model.rulebook.hazards import Hazard, plain_theme
from risk_model.rulebook.rules import Rule, read_rule
from risk_model.vocabulary import ProjectClass

ROADS: Final = ("motorway", "national", "provincial", "county", "township")
FACILITIES: Final = ("school", "kindergarten", "hospital", "clinic", "care_home")
KINDS: Final = (
    *(f"road.{one}" for one in ROADS),
    *(f"control.{one}" for one in ROADS),
    "bridge",
    *(f"facility.{one}" for one in FACILITIES),
    "home",
)
"""What a rule may speak of: the land of a road by class, its control area, larger bridges, facilities, houses."""
REGISTER_OF: Final = {
    "road": "roads",
    "control": "roads",
    "bridge": "roads",
    "facility": "facilities",
    "home": "buildings",
}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The theme with its rules, and what tells an object's kind and edge; lengths in metres."""

    theme: Hazard
    half_width_m: Mapping[str, float]
    control_m: Mapping[str, float]
    least_bridge_m: float
    other_uses: frozenset[str]

    def kinds_asked(self, project_class: ProjectClass, building_type: str | None, on: date) -> dict[str, float]:
        """The kinds of objects some rule objects to beside such a project, and how far from their edge it may (m)."""
        asked: dict[str, float] = {}
        for rule in self.theme.rules:
            if _objects(rule, project_class, building_type) and rule.in_force(on):
                asked |= {kind: max(rule.metres, asked.get(kind, 0.0)) for kind in rule.products}
        return asked

    def reach_m(self, project_class: ProjectClass, building_type: str | None, on: date) -> float:
        """Reach from its register's line or point in which an object may matter; -1 where no rule asks for any."""
        edge = max(self.half_width_m.values()) + max(self.control_m.values())
        return max(
            (reach + edge for reach in self.kinds_asked(project_class, building_type, on).values()), default=-1.0
        )

    def registers(self, project_class: ProjectClass, building_type: str | None, on: date) -> frozenset[str]:
        """The registers such a project is judged by."""
        kinds = self.kinds_asked(project_class, building_type, on)
        return frozenset(REGISTER_OF[kind.partition(".")[0]] for kind in kinds)


def _objects(rule: Rule, project_class: ProjectClass, building_type: str | None) -> bool:
    return rule.speaks_of(building_type) and rule.verdicts[project_class].kind is not None


def read_neighbours(entry: Entry) -> Neighbours:
    """The whole of ``objects.toml``; InvalidRule names the rule and the mend."""
    key = entry.text("key")
    rules = tuple(read_rule(row, key, {}, KINDS) for row in entry.list_of("rules", ()))
    land, control = _backed(entry, "road_land"), _backed(entry, "road_control")
    bridges, homes = _backed(entry, "bridges"), _backed(entry, "homes")
    theme = plain_theme(entry, key, rules, colour="#6b5b4b")
    neighbours = Neighbours(
        theme,
        _widths(land.inner("half_width_m")),
        _widths(control.inner("width_m")),
        bridges.number("least_m"),
        frozenset(homes.words("other_uses")),
    )
    for table in (land, control, bridges, homes, entry):
        table.close()
    return neighbours


def _backed(entry: Entry, key: str) -> Entry:
    table = entry.inner(key)
    read_backing(table)
    return table


def _widths(entry: Entry) -> dict[str, float]:
    widths = {one: entry.number(one) for one in ROADS}
    entry.close()
    return widths
