"""Entries of a map's key: one line a grade, one line a hazard, always colour, pattern and numeral together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from app.platform.once import Once
from risk_model.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One grade of one scheme as it is drawn: ``rank`` 1 is the worst; ``fill_opacity`` 0-1."""

    scheme: str
    rank: int
    name: str
    numeral: str
    colour: str
    pattern: str
    fill_opacity: float

    @property
    def ink(self) -> str:
        """The grade's colour darkened by 45 %, for its lines and its numeral."""
        return _darkened(self.colour)


@lru_cache(256)
def _darkened(colour: str) -> str:
    channels = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(channel * 0.55):02x}" for channel in channels)


@dataclass(frozen=True, slots=True)
class HazardEntry:
    """Name and drawing of one hazard where it lies over the grades; ``symbol`` is a pattern of patterns.js.

    ``graded`` says whether its zones carry grades; those that do not are drawn in its own ``colour``.
    """

    hazard: str
    name: str
    symbol: str
    colour: str
    graded: bool


@dataclass(frozen=True, slots=True, eq=False)
class Legend:
    """The whole key: every grade of every scheme, every hazard, and each project class in Chinese and English.

    One rulebook has one key, the same for all who ask: what is made of it is kept by it.
    """

    grades: Sequence[LegendEntry]
    hazards: Sequence[HazardEntry]
    classes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    """The Chinese name of every theme of an opinion: the hazards, land set aside, registered objects."""

    def as_options(self) -> dict[str, object]:
        """The key as plain values for the page's script."""
        return {
            "grades": [{**asdict(entry), "ink": entry.ink} for entry in self.grades],
            "hazards": [asdict(entry) for entry in self.hazards],
            "classes": dict(self.classes),
            "themes": dict(self.themes),
        }

    def of_scheme(self, scheme: str | None) -> list[LegendEntry]:
        """The grades of ``scheme``, worst first; empty for an ungraded layer."""
        return sorted((entry for entry in self.grades if entry.scheme == scheme), key=lambda entry: entry.rank)

    def is_graded(self, hazard: str) -> bool:
        """Whether zones of a hazard carry grades; those of one the rulebook does not know may."""
        return all(entry.graded for entry in self.hazards if entry.hazard == hazard)

    def hazard_name(self, hazard: str) -> str:
        """The Chinese name of a hazard or another theme; the key itself where the rulebook names none."""
        return self.themes.get(hazard, hazard)


_legends: Once[str, Legend] = Once(8)


def legend_of(rulebook: RuleBook) -> Legend:
    """The key of every scheme and hazard as the rulebook says they look."""
    return _legends.get(rulebook.fingerprint, lambda: _legend(rulebook))


def _legend(rulebook: RuleBook) -> Legend:
    grades = [
        LegendEntry(scheme.key, look.rank, look.name, look.numeral, look.colour, look.pattern, look.fill_opacity)
        for scheme in rulebook.schemes.values()
        for look in scheme.grades
    ]
    hazards = [
        HazardEntry(hazard.key, hazard.name_zh, hazard.pattern, hazard.colour, hazard.graded)
        for hazard in rulebook.hazards.values()
    ]
    classes = {key.value: names for key, names in rulebook.terms.class_names.items()}
    return Legend(grades, hazards, classes, {key: theme.name_zh for key, theme in rulebook.themes.items()})
