"""Thresholds of one theme: the packaged limits, the attributes its zones must have, the grades they may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from risk_model.editing.values import EditedZone, Terms, packaged_terms
from risk_model.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What problems are found by; ``grades`` are the names by rank of each scheme a zone may be graded in, None: any."""

    terms: Terms = field(default_factory=packaged_terms)
    required: tuple[str, ...] = ()
    grades: Mapping[str, tuple[str, ...]] | None = None

    def missing(self, zone: EditedZone) -> tuple[str, ...]:
        """The required attributes a zone lacks or has empty."""
        return tuple(name for name in self.required if zone.attributes.get(name) in {None, ""})

    def knows_grade(self, zone: EditedZone) -> bool:
        """Whether scheme, rank and word of a zone's grade belong together and to the theme; true for a zone without grade."""
        word = zone.attributes.get("grade")
        if self.grades is None or (zone.grade is None and not word):
            return True
        scheme, rank = zone.grade or ("", 0)
        names = self.grades.get(scheme, ())
        return 1 <= rank <= len(names) and word in {None, "", names[rank - 1]}


def thresholds_of(rulebook: RuleBook, hazard: str, terms: Terms | None = None) -> Thresholds:
    """The thresholds of a hazard of the rulebook; its zones need a grade where it is graded. Raises UnknownHazard."""
    theme, limits = rulebook.hazard(hazard), terms or packaged_terms()
    required = tuple(name for name in limits.required if name != "grade" or theme.graded)
    grades = {key: tuple(look.name for look in rulebook.scheme(key).grades) for key in theme.schemes}
    return Thresholds(limits, required, grades)
