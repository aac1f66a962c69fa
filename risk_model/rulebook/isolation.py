"""Isolation: the buildings that have to work through an earthquake, and from which intensity on law asks it of them."""

from __future__ import annotations

from dataclasses import dataclass

from risk_model.rulebook.entries import Entry, read_backing
from risk_model.rulebook.terms import BuildingType, SitingTerms
from risk_model.vocabulary import BasisKind, ProjectClass


@dataclass(frozen=True, slots=True)
class Isolation:
    """The duty with its basis; ``building_types`` are keys of the rulebook's building types."""

    building_types: tuple[str, ...]
    least_intensity: float
    basis: str
    basis_en: str
    basis_kind: BasisKind
    confidence: str

    def named(self, terms: SitingTerms, project_class: ProjectClass) -> tuple[BuildingType, ...]:
        """The building types of a class that the duty names, in file order."""
        return tuple(one for one in terms.types_of(project_class) if one.key in self.building_types)


def read_isolation(entry: Entry, terms: SitingTerms) -> Isolation:
    """The table ``isolation`` of ``siting.toml``; InvalidRule names the entry and the mend."""
    backing = read_backing(entry)
    isolation = Isolation(
        building_types=entry.some_of("building_types", terms.building_types),
        least_intensity=entry.number("least_intensity"),
        basis=backing["basis"],
        basis_en=backing["basis_en"],
        basis_kind=backing["basis_kind"],
        confidence=backing["confidence"],
    )
    entry.close()
    return isolation
