"""The terms of the siting screening that belong to no hazard: footprints, slivers, coverage, shifts, defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from risk_model.rulebook.entries import Entry, read_backing
from risk_model.vocabulary import ProjectClass, SeismicClass


@dataclass(frozen=True, slots=True)
class SitingTerms:
    """Lengths in metres, areas in m², shares 0–1; ``shifts_m`` rise and are positive."""

    class_names: Mapping[ProjectClass, tuple[str, str]]
    point_m: Mapping[ProjectClass, float]
    line_m: Mapping[ProjectClass, float]
    sliver_m2: float
    sliver_share: float
    coverage_tolerance: float
    shifts_m: tuple[float, ...]
    mandatory: Mapping[ProjectClass, frozenset[str]]
    seismic_class: Mapping[ProjectClass, SeismicClass]
    intensity: float

    def is_sliver(self, overlap_m2: Any, area_m2: Any) -> Any:
        """Whether an overlap (m², one or an array) with a site of ``area_m2`` may be an artefact of two boundaries drawn apart."""
        return (overlap_m2 < self.sliver_m2) & (overlap_m2 / area_m2 < self.sliver_share)


def read_terms(entry: Entry, hazards: Iterable[str]) -> SitingTerms:
    """The whole of ``siting.toml``; InvalidRule names the table and the mend."""
    entry.text("version")
    classes, footprint = entry.inner("classes"), _backed(entry, "footprint")
    sliver, coverage = _backed(entry, "sliver"), _backed(entry, "coverage")
    intensity, seismic = _backed(entry, "intensity"), _backed(entry, "seismic_class")
    mandatory, keys = _backed(entry, "mandatory"), tuple(hazards)
    terms = SitingTerms(
        class_names={one: _read_names(classes.inner(one)) for one in ProjectClass},
        point_m=_per_class(footprint.inner("point_m")),
        line_m=_per_class(footprint.inner("line_m")),
        sliver_m2=sliver.number("area_m2"),
        sliver_share=_share(sliver, "share"),
        coverage_tolerance=_share(coverage, "tolerance"),
        shifts_m=_read_shifts(_backed(entry, "sensitivity")),
        mandatory={one: frozenset(mandatory.some_of(one, keys)) for one in ProjectClass},
        seismic_class={one: SeismicClass(seismic.one_of(one, list(SeismicClass))) for one in ProjectClass},
        intensity=intensity.number("default"),
    )
    for table in (classes, footprint, sliver, coverage, intensity, seismic, mandatory, entry):
        table.close()
    return terms


def _backed(entry: Entry, key: str) -> Entry:
    table = entry.inner(key)
    read_backing(table)
    return table


def _read_names(entry: Entry) -> tuple[str, str]:
    names = (entry.text("name_zh"), entry.text("name_en"))
    entry.close()
    return names


def _per_class(entry: Entry) -> dict[ProjectClass, float]:
    widths = {one: entry.number(one) for one in ProjectClass}
    if min(widths.values()) <= 0:
        raise entry.wrong("a footprint needs a width above 0 for every class.")
    entry.close()
    return widths


def _share(entry: Entry, key: str) -> float:
    share = entry.number(key)
    if share >= 1:
        raise entry.wrong(f"'{key}' is a share and must lie below 1.")
    return share


def _read_shifts(entry: Entry) -> tuple[float, ...]:
    shifts = entry.value("shifts_m")
    entry.close()
    numbers = isinstance(shifts, list) and shifts and all(isinstance(shift, int | float) for shift in shifts)
    if not numbers or shifts != sorted(set(shifts)) or shifts[0] <= 0:
        raise entry.wrong("'shifts_m' must be a rising list of lengths above 0.")
    return tuple(map(float, shifts))
