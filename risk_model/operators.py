"""The only code a rule may call: plain comparisons over arrays, each saying what it does with the unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from risk_model.vocabulary import SeismicClass

TOLERANCE_M: Final = 1e-6
"""Arithmetic noise of a measured length in metres: 100.0 m measured as 99.9999999 m still keeps 100 m."""

NEVER: Final = -np.inf
"""A reach no distance is shorter than."""

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def noise_m2(perimeter_m: Floats) -> Floats:
    """Area in m² below which an overlap is arithmetic noise of a shared edge: 1e-6 m along the whole perimeter."""
    return TOLERANCE_M * perimeter_m


def intersects(overlap_m2: Floats, noise: Floats | float) -> Truths:
    """True where the overlap is more than arithmetic noise, so a touching edge is no overlap; areas in m²."""
    return np.asarray(overlap_m2 > noise)


def distance_lt(distance_m: Floats, metres: Floats | float) -> Truths:
    """True where the distance is strictly shorter than ``metres``, beyond the arithmetic tolerance."""
    return np.asarray(distance_m < np.asarray(metres) - TOLERANCE_M)


def within_m(distance_m: Floats, metres: float) -> Truths:
    """True where the distance is at most ``metres``, the arithmetic tolerance included."""
    return distance_lt(distance_m, including(metres))


def including(metres: float) -> float:
    """The length in metres for which :func:`distance_lt` takes ``metres`` itself in, tolerance included."""
    return metres + 2 * TOLERANCE_M


def at_most(values: Floats, limit: float) -> Truths:
    """True up to and including ``limit``; an unknown value (NaN) counts as met, which is the strict reading."""
    return np.asarray(~(values > limit))


def at_least(values: Floats, limit: float) -> Truths:
    """True from ``limit`` on; an unknown value (NaN) counts as met, which is the strict reading."""
    return np.asarray(~(values < limit))


def above(values: Floats, limit: float) -> Truths:
    """True strictly above ``limit``; an unknown value is not above anything."""
    return np.asarray(values > limit)


def below(values: Floats, limit: float) -> Truths:
    """True strictly below ``limit``; an unknown value is not below anything."""
    return np.asarray(values < limit)


COMPARISONS: Final[Mapping[str, Callable[[Floats, float], Truths]]] = {
    "at_most": at_most,
    "at_least": at_least,
    "above": above,
    "below": below,
}
"""Comparisons a rule may name on a zone's numeric attributes."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same thing said in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class AvoidanceRow:
    """Least distances from a capable fault at one intensity, in metres; ``None`` is no limit, ``"study"`` a study."""

    intensity: float
    exempt_overburden_m: float
    distances: Mapping[SeismicClass, float | str | None]


@dataclass(frozen=True, slots=True)
class Avoidance:
    """The avoidance table of a fault rule: rows by rising intensity, and what exempts a fault from it."""

    rows: tuple[AvoidanceRow, ...]
    older_ages: frozenset[str]
    study_reach_m: float
    study_basis: str
    study_message: str
    study_message_en: str = ""
    study_basis_en: str = ""

    def row_for(self, intensity: float) -> AvoidanceRow | None:
        """The row of the highest intensity not above ``intensity``; None below the table (no avoidance there)."""
        return next((row for row in reversed(self.rows) if intensity >= row.intensity), None)

    def distance_for(self, intensity: float, seismic_class: SeismicClass) -> float | str | None:
        """Least distance in metres, ``"study"``, or None where the table sets no limit (GB/T 50011-2010, table 4.1.7)."""
        row = self.row_for(intensity)
        return None if row is None else row.distances[seismic_class]

    def asks_study(self, intensity: float, seismic_class: SeismicClass) -> bool:
        """Whether such a building needs a dedicated study of the fault, besides the distance it keeps."""
        return isinstance(self.distance_for(intensity, seismic_class), str)

    def kept_m(self, intensity: float, seismic_class: SeismicClass) -> float | None:
        """The metres to keep: never less than a less strict class keeps, for a study replaces no distance; None: none."""
        row = self.row_for(intensity)
        milder = [one for one in SeismicClass if one.strictness <= seismic_class.strictness]
        asked = [row.distances[one] for one in milder] if row else []
        return max((distance for distance in asked if isinstance(distance, int | float)), default=None)

    def longest_m(self, seismic_class: SeismicClass) -> float:
        """The longest distance in metres the table may ask of this class at any intensity; 0 where it asks none."""
        return max(self.reach_m(row.intensity, seismic_class) for row in self.rows)

    def reach_m(self, intensity: float, seismic_class: SeismicClass) -> float:
        """Metres within which faults matter at this intensity: the distance, the study reach, or 0 for no limit."""
        study = self.study_reach_m if self.asks_study(intensity, seismic_class) else 0.0
        return max(self.kept_m(intensity, seismic_class) or 0.0, study)

    def reach_at_least_m(self, intensity: float, seismic_class: SeismicClass) -> float:
        """Metres within which a fault is worth showing: as :meth:`reach_m`, but never below the table's first row."""
        return self.reach_m(max(intensity, self.rows[0].intensity), seismic_class)

    def exemption(self, intensity: float, overburden_m: float, fault_age: str) -> Bilingual | None:
        """Reason a fault is outside the table, in words for an officer; None where it is inside or nobody knows."""
        row = self.row_for(intensity)
        if row is None:
            lowest = self.rows[0].intensity
            return Bilingual(f"设防烈度低于 {lowest:g} 度", f"intensity below {lowest:g}")
        if fault_age in self.older_ages:
            return Bilingual("断层最新活动早于全新世", "the fault last moved before the Holocene")
        if overburden_m > row.exempt_overburden_m:
            limit = f"{row.exempt_overburden_m:.0f}"
            return Bilingual(f"覆盖层厚度超过 {limit} 米", f"more than {limit} m of overburden")
        return None
