"""Report of an import on a file: what was read, what was loaded, what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd

from risk_model.message import msg

Place = tuple[float, float]
"""Longitude and latitude in the storage CRS."""


class UntrustedFile(Exception):
    """The file as a whole cannot be believed; carries the problem and the advice for the officer."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one feature (its number in the file from 0) or, with None, with the whole file."""

    feature: int | None
    problem: str
    location: Place | None
    advice: str


@dataclass(frozen=True, slots=True)
class RepairMade:
    """A repair a person accepted: what was wrong, where, and the area before and after in m²."""

    feature: int
    problem: str
    location: Place | None
    area_before_m2: float
    area_after_m2: float


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The report on one imported file; always features_read = features_loaded + features_refused.

    ``trusted`` is false and ``whole_file_error`` tells why where nothing of the file may be loaded.
    """

    layer: str
    format: str
    encoding: str | None
    crs: str | None
    features_read: int
    features_loaded: int
    features_refused: int
    repairs: tuple[RepairMade, ...] = ()
    problems: tuple[Problem, ...] = ()
    draft: int | None = None
    edition: int | None = None
    trusted: bool = True
    whole_file_error: str | None = None

    def refusing(self, problems: Sequence[Problem]) -> ImportReport:
        """The report where so many features more are refused, one for each of ``problems``."""
        return replace(
            self,
            features_loaded=self.features_loaded - len(problems),
            features_refused=self.features_refused + len(problems),
            problems=(*self.problems, *problems),
        )

    def to_dict(self) -> dict[str, Any]:
        """The report as clients read it (JSON-ready)."""
        return {
            "layer": self.layer,
            "format": self.format,
            "encoding": self.encoding,
            "crs": self.crs,
            "features_read": self.features_read,
            "features_loaded": self.features_loaded,
            "features_refused": self.features_refused,
            "repairs": [_row(repair) for repair in self.repairs],
            "problems": [_row(problem) for problem in self.problems],
            "draft": self.draft,
            "edition": self.edition,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """Outcome of reading a file: ``frame`` in the storage CRS with the column ``feature``, and the report on it."""

    frame: gpd.GeoDataFrame
    report: ImportReport


@dataclass(slots=True)
class Journal:
    """Notes taken while a file is inspected: ``names`` and ``places`` of the features make the notes readable."""

    read: int
    names: Sequence[str | None] = ()
    places: dict[int, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[RepairMade] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    whole_file_error: str | None = None

    def note(self, feature: int | None, problem: str, *, advice: str, location: Place | None = None) -> None:
        """Write a problem down; the feature is loaded all the same."""
        where = location if location is not None or feature is None else self.places.get(feature)
        self.problems.append(Problem(feature, self._named(feature, problem), where, advice))

    def refuse(self, feature: int, problem: str, *, advice: str, location: Place | None = None) -> None:
        """Write a problem down and leave the feature out."""
        self.note(feature, problem, advice=advice, location=location)
        self.refused.add(feature)

    def refuse_file(self, problem: str, advice: str) -> None:
        """Leave every feature out because of the file as a whole."""
        self.whole_file_error = problem
        self.problems.insert(0, Problem(None, problem, None, advice))
        self.refused.update(range(self.read))

    def mend(self, repair: RepairMade) -> None:
        """Write down a repair that was accepted and applied."""
        self.repairs.append(repair)

    def _named(self, feature: int | None, problem: str) -> str:
        name = self.names[feature] if feature is not None and feature < len(self.names) else None
        return msg("「{name}」{problem}", name=name, problem=problem) if name else problem


def _row(line: Problem | RepairMade) -> dict[str, Any]:
    row = {name: getattr(line, name) for name in line.__slots__}
    row["location"] = list(line.location) if line.location is not None else None
    return row
