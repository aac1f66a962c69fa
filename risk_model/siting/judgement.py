"""Judging many sites at once: zones and surveys are held against all of them, and weighed for each asker's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce

import numpy as np
import numpy.typing as npt

from risk_model.conditions import Condition, Note
from risk_model.operators import Bilingual
from risk_model.overlay import Overlaps, measure
from risk_model.rulebook import Hazard, RuleBook
from risk_model.siting.conditions import Closing
from risk_model.siting.constraints import named_areas
from risk_model.siting.contacts import Hits, find_hits
from risk_model.siting.findings import SILENT, Writer
from risk_model.siting.footprints import Footprints, lay_footprints
from risk_model.siting.listed_hits import HitListing
from risk_model.siting.neighbours import LaidBeside, lay_objects, missing_registers
from risk_model.siting.notes import EARTHQUAKE, notes_of
from risk_model.siting.reports import ThemeEvidence
from risk_model.siting.requirements import UNREADABLE, Demands, Outcome, ProjectProfile, read_demands
from risk_model.siting.sensitivity import JudgedGround, severities_without_slivers, shifted_severities
from risk_model.siting.surveyed_ground import Surveys, SurveyShares, survey_ground
from risk_model.siting.touch import without_drawn_touches
from risk_model.vocabulary import (
    AssessmentSet,
    ConstraintSet,
    ExtentSet,
    ObjectSet,
    SeismicClass,
    Site,
    Verdict,
    ZoneSet,
)

Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Severities = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layers:
    """Zones and surveyed ground of one sort, hazards or land set aside, with the themes they speak of."""

    zones: ZoneSet
    extents: ExtentSet
    themes: Mapping[str, Hazard]
    set_aside: bool = False


def layers_of(
    zones: ZoneSet, extents: ExtentSet, constraints: ConstraintSet | None, rulebook: RuleBook
) -> tuple[Layers, ...]:
    """The layers the rulebook judges by, hazards first; land set aside where it is asked about and some rule reads it."""
    hazards = Layers(zones, extents, rulebook.hazards)
    if constraints is None or not rulebook.constraints:
        return (hazards,)
    areas = named_areas(constraints.areas)
    return hazards, Layers(areas, constraints.surveys, rulebook.constraints, set_aside=True)


@dataclass(frozen=True, slots=True)
class Severity:
    """Of each site the severity as drawn, with moved borders and without slivers."""

    drawn: Severities
    shifted: dict[float, Severities]
    firm: Severities

    def worse(self, other: Severity) -> Severity:
        """Severity of each site by two sorts of ground: they err apart, so the worse of the two counts."""
        shifted = {shift: np.maximum(worst, other.shifted[shift]) for shift, worst in self.shifted.items()}
        return Severity(np.maximum(self.drawn, other.drawn), shifted, np.maximum(self.firm, other.firm))


@dataclass(frozen=True, slots=True)
class JudgedGroup:
    """Judgement of all sites of one asker; ``numbers`` are their places among the sites handed in."""

    numbers: Indices
    sites: Sequence[Site]
    asker: ProjectProfile
    rulebook: RuleBook
    footprints: Footprints
    severity: Severity
    floor: Severities
    told: tuple[ThemeEvidence, ...]
    beside: LaidBeside | None
    closing: Closing
    restricting: tuple[dict[int, list[Outcome]], ...]
    intensity: npt.NDArray[np.float64]
    _noted: dict[float | None, tuple[Note, ...]] = field(default_factory=dict)

    @property
    def borderline(self) -> Truths:
        """True where the verdict of a site hangs on slivers or on the nearest shift of borders."""
        nearest, worst = self.rulebook.terms.shifts_m[0], self.severity
        moved = (worst.shifted[nearest] != worst.drawn) | (worst.shifted[-nearest] != worst.drawn)
        return np.asarray((worst.firm < worst.drawn) | moved)

    def data_gaps(self, number: int) -> tuple[str, ...]:
        """The themes nothing certain is known of on one site."""
        unfilled = (self.beside.theme,) if self.beside is not None and self.beside.missing else ()
        return (*(key for of in self.told for key in of.data_gaps(number)), *unfilled)

    def conditions(self, number: int) -> tuple[Condition, ...]:
        """Conditions to be met before building on one site."""
        restricting = [outcome for of in self.restricting for outcome in of.get(number, ())]
        return self.closing.conditions(number, self.sites[number], self.footprints, restricting)

    def notes(self, number: int) -> tuple[Note, ...]:
        """Notes on one site."""
        told = None if np.isnan(self.intensity[number]) else float(self.intensity[number])
        if told not in self._noted:
            self._noted[told] = notes_of(self.asker, self.rulebook, told)
        return self._noted[told]


def judge_sites(
    sites: Sequence[Site],
    layers: Sequence[Layers],
    registered: tuple[ObjectSet | None, AssessmentSet | None],
    setting: tuple[RuleBook, date],
    *,
    threads: int,
) -> Iterator[JudgedGroup]:
    """The judgement of ``sites`` asker by asker; ``registered`` are objects and regional assessments."""
    if not sites:
        return
    rulebook, _ = setting
    askers = _by_asker(sites, *setting)
    footprints = lay_footprints(sites, rulebook.terms)
    kind = np.empty(len(sites), dtype=np.int64)
    for number, members in enumerate(askers.values()):
        kind[members] = number
    held = [_Held.of(one.zones, footprints, sites, (tuple(askers), kind), rulebook, threads=threads) for one in layers]
    surveys = [
        survey_ground(footprints, (one.zones, one.extents), one.themes, setting, threads=threads) for one in layers
    ]
    grounds = tuple(zip(layers, held, surveys, strict=True))

    def judged(number: int, asker: ProjectProfile, members: list[int]) -> JudgedGroup:
        numbers = np.array(members, dtype=np.int64)
        group = _Group(number, numbers, [sites[one] for one in members], asker, rulebook, threads)
        return group.judged(footprints.some(numbers), grounds, registered)

    if threads == 1 or len(askers) == 1:
        yield from map(judged, range(len(askers)), askers, askers.values())
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(judged, range(len(askers)), askers, askers.values())


def _by_asker(sites: Sequence[Site], rulebook: RuleBook, on: date) -> dict[ProjectProfile, list[int]]:
    """The places of the sites of every asker."""
    groups: dict[ProjectProfile, list[int]] = {}
    known: dict[tuple[str, SeismicClass | None, str | None], list[int]] = {}
    for number, site in enumerate(sites):
        said = site.project_class, site.seismic_class, site.building_type
        if said not in known:
            asker = ProjectProfile(site.project_class, rulebook.seismic_class(site), on, site.building_type)
            known[said] = groups.setdefault(asker, [])
        known[said].append(number)
    return groups


@dataclass(frozen=True, slots=True)
class _Held:
    """Zones held against sites of several askers: every pair near enough for the ``kind`` of its site, the asker's number."""

    zones: ZoneSet
    ground: JudgedGround
    demands: tuple[Demands, ...]
    pairs: Overlaps
    kind: Indices

    @classmethod
    def of(
        cls,
        zones: ZoneSet,
        footprints: Footprints,
        sites: Sequence[Site],
        askers: tuple[Sequence[ProjectProfile], Indices],
        rulebook: RuleBook,
        *,
        threads: int,
    ) -> _Held:
        """``askers`` are these and the number of that of each site."""
        demands = tuple(read_demands(zones, rulebook, askers[0]))
        reach_m = np.stack([one.search_m(rulebook.terms.shifts_m[-1]) for one in demands])
        measured = measure(footprints.geometry, zones.geometry, reach_m, kind=askers[1], threads=threads)
        pairs = without_drawn_touches(measured, footprints, sites, zones)
        return cls(zones, JudgedGround.of(footprints, zones), demands, pairs, askers[1])

    def of_kind(self, number: int, numbers: Indices) -> Overlaps:
        """The pairs of the sites of one asker, which are those of ``numbers`` (rising) and are counted anew."""
        pairs, mine = self.pairs, self.kind[self.pairs.site] == number
        site = np.searchsorted(numbers, pairs.site[mine])
        return Overlaps(np.asarray(site), pairs.zone[mine], pairs.overlap_m2[mine], pairs.distance_m[mine])


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Judgement of each site by some ground, with what is listed of it and the hazards no rule can read."""

    severity: Severity
    listing: HitListing
    unruled: dict[int, dict[str, Bilingual]]


@dataclass(frozen=True, slots=True)
class _Group:
    """Sites of one asker, the ``number``-th."""

    number: int
    numbers: Indices
    sites: Sequence[Site]
    asker: ProjectProfile
    rulebook: RuleBook
    threads: int

    def judged(
        self,
        footprints: Footprints,
        layers: tuple[tuple[Layers, _Held, Surveys], ...],
        registered: tuple[ObjectSet | None, AssessmentSet | None],
    ) -> JudgedGroup:
        objects, assessments = registered
        shares = [surveys.shares(self.asker, self.numbers) for _, _, surveys in layers]
        floor = reduce(np.maximum, (self._floor(share) for share in shares))
        weighed = [self.weigh(held, self.number, footprints, floor, tuple(of.themes)) for of, held, _ in layers]
        told = tuple(
            ThemeEvidence(share, self._gaps(share), one.listing, one.unruled, of.extents if of.set_aside else None)
            for (of, _, _), share, one in zip(layers, shares, weighed, strict=True)
        )
        near, beside = self._beside(footprints, floor, objects)
        everything = [*weighed, *near]
        return JudgedGroup(
            self.numbers,
            self.sites,
            self.asker,
            self.rulebook,
            footprints,
            reduce(Severity.worse, [of.severity for of in everything]),
            floor,
            told,
            beside,
            Closing(assessments, self.rulebook, self.asker),
            tuple(of.listing.restricting() for of in everything),
            weighed[0].listing.strongest(EARTHQUAKE),
        )

    def _gaps(self, survey: SurveyShares) -> Truths:
        return survey.lacking(self.rulebook.terms.coverage_tolerance)

    def _floor(self, survey: SurveyShares) -> Severities:
        mandatory = self.rulebook.terms.mandatory[self.asker.project_class]
        weighs = np.array([key in mandatory for key in survey.themes])
        lowest = Verdict.INSUFFICIENT_DATA.severity
        return np.where((self._gaps(survey) & weighs).any(axis=1), lowest, 0).astype(np.int64)

    def weigh(
        self,
        held: _Held,
        number: int,
        footprints: Footprints,
        floor: Severities,
        themes: tuple[str, ...],
        *,
        objects: bool = False,
    ) -> _Weighed:
        """Judgement of each site by the zones of ``held``, never milder than ``floor``."""
        terms, zones = self.rulebook.terms, held.zones
        if not len(zones):
            nothing = {shift: floor for near in terms.shifts_m for shift in (-near, near)}
            severity = Severity(floor, dict(sorted(nothing.items())), floor)
            return _Weighed(severity, HitListing.none(len(floor), themes), {})
        demands = held.demands[number]
        hits = find_hits(footprints, demands, held.of_kind(number, self.numbers))
        writer = Writer(zones, footprints, hits, demands.outcomes, self.rulebook, self.asker)
        slivers = writer.slivers()
        ground = replace(held.ground, footprints=footprints)
        severity = Severity(
            drawn=hits.worst(hits.met, floor),
            shifted=shifted_severities(ground, hits, floor=floor, shifts_m=terms.shifts_m),
            firm=severities_without_slivers(ground, hits, floor=floor, slivers=slivers, is_sliver=terms.is_sliver),
        )
        return _Weighed(
            severity, HitListing.of(writer, slivers, themes, objects=objects), _unruled(zones, hits, demands)
        )

    def _beside(
        self, footprints: Footprints, floor: Severities, objects: ObjectSet | None
    ) -> tuple[list[_Weighed], LaidBeside | None]:
        """Judgement of each site by registered objects, and what is told of them; nothing where no rule reads any."""
        neighbours, asker = self.rulebook.neighbours, self.asker
        reach_m = neighbours.reach_m(asker.project_class, asker.building_type, asker.on) if neighbours else -1.0
        if objects is None or neighbours is None or reach_m < 0:
            return [], None
        laid = lay_objects(objects, self.rulebook, asker)
        alone = replace(self, number=0, numbers=np.arange(len(self.sites)))
        kinds = ((asker,), np.zeros(len(self.sites), dtype=np.int64))
        held = _Held.of(laid.zones, footprints, self.sites, kinds, self.rulebook, threads=self.threads)
        key = neighbours.theme.key
        weighed = alone.weigh(held, 0, footprints, floor, (key,), objects=True)
        missing = missing_registers(objects, self.rulebook, asker)
        return [weighed], LaidBeside(key, laid, weighed.listing, missing, reach_m)


def _unruled(zones: ZoneSet, hits: Hits, demands: Demands) -> dict[int, dict[str, Bilingual]]:
    """For each site that meets ground no rule can read its hazards, and why."""
    unread = np.array([outcome.standing in UNREADABLE for outcome in demands.outcomes], dtype=bool)
    met: dict[int, dict[str, Bilingual]] = {}
    for row in np.flatnonzero(hits.met & unread[hits.outcome]) if unread.any() else ():
        standing = demands.outcomes[hits.outcome[row]].standing
        met.setdefault(int(hits.site[row]), {})[zones.hazard[hits.zone[row]]] = SILENT[standing]
    return met
