"""Report of an import on a file: what was read, what was loaded, what was refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
from shapely.geometry.base import BaseGeometry
from typing_extensions import TypedDict

from risk_model.message import msg

Place = tuple[float, float]
"""Longitude and latitude in the storage CRS."""


class WrittenProblem(TypedDict):
    """A problem as clients read it; ``location`` is longitude and latitude."""

    feature: int | None
    problem: str
    location: list[float] | None
    advice: str


class WrittenRepair(TypedDict):
    """A repair as clients read it; areas in m²."""

    feature: int
    problem: str
    location: list[float] | None
    area_before_m2: float
    area_after_m2: float


class WrittenReading(TypedDict):
    """What a report says of the file, as clients read it."""

    layer: str
    format: str
    encoding: str | None
    crs: str | None
    features_read: int
    features_loaded: int
    features_refused: int
    repairs: list[WrittenRepair]
    problems: list[WrittenProblem]


class WrittenReport(WrittenReading):
    """A report as clients read it, with the draft and the edition the file became."""

    draft: int | None
    edition: int | None


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

    def written(self) -> WrittenProblem:
        """As clients read it."""
        where = _written_place(self.location)
        return {"feature": self.feature, "problem": self.problem, "location": where, "advice": self.advice}


@dataclass(frozen=True, slots=True)
class RepairMade:
    """A repair a person accepted: what was wrong, where, and the area before and after in m²."""

    feature: int
    problem: str
    location: Place | None
    area_before_m2: float
    area_after_m2: float

    def written(self) -> WrittenRepair:
        """As clients read it."""
        return {
            "feature": self.feature,
            "problem": self.problem,
            "location": _written_place(self.location),
            "area_before_m2": self.area_before_m2,
            "area_after_m2": self.area_after_m2,
        }


@dataclass(frozen=True, slots=True)
class RepairProposal:
    """A repair there is for a feature, whether or not somebody accepted it: its shape in the storage CRS before and after."""

    repair: RepairMade
    before: BaseGeometry
    after: BaseGeometry


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

    def to_dict(self) -> WrittenReport:
        """The report as clients read it (JSON-ready)."""
        return {**self.reading(), "draft": self.draft, "edition": self.edition}

    def reading(self) -> WrittenReading:
        """What is said of the file, where nothing of it is kept."""
        return {
            "layer": self.layer,
            "format": self.format,
            "encoding": self.encoding,
            "crs": self.crs,
            "features_read": self.features_read,
            "features_loaded": self.features_loaded,
            "features_refused": self.features_refused,
            "repairs": [repair.written() for repair in self.repairs],
            "problems": [problem.written() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """Outcome of reading a file: ``frame`` in the storage CRS with the column ``feature``, and the report on it.

    ``proposals`` are all repairs there are for its features, those that were made among them.
    """

    frame: gpd.GeoDataFrame
    report: ImportReport
    proposals: tuple[RepairProposal, ...] = ()


@dataclass(slots=True)
class Journal:
    """Notes taken while a file is inspected: ``names`` and ``places`` of the features make the notes readable."""

    read: int
    names: Sequence[str | None] = ()
    places: dict[int, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[RepairMade] = field(default_factory=list)
    proposals: list[RepairProposal] = field(default_factory=list)
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

    def propose(self, proposal: RepairProposal) -> None:
        """Write down a repair somebody may accept."""
        self.proposals.append(proposal)

    def mend(self, repair: RepairMade) -> None:
        """Write down a repair that was accepted and applied."""
        self.repairs.append(repair)

    def _named(self, feature: int | None, problem: str) -> str:
        name = self.names[feature] if feature is not None and feature < len(self.names) else None
        return msg("「{name}」{problem}", name=name, problem=problem) if name else problem


def _written_place(place: Place | None) -> list[float] | None:
    return None if place is None else list(place)
