"""The siting judgement: sites, published zones and surveyed ground in, screening opinions out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial, reduce

import numpy as np
import numpy.typing as npt

from risk_model.operators import Bilingual
from risk_model.overlay import measure
from risk_model.rulebook import Hazard, RuleBook
from risk_model.siting.conditions import Closing
from risk_model.siting.constraints import named_areas
from risk_model.siting.contacts import Hits, find_hits
from risk_model.siting.findings import SILENT, Writer
from risk_model.siting.footprints import Footprints, lay_footprints
from risk_model.siting.neighbours import lay_objects, missing_registers, permitted_left_out, report_neighbours
from risk_model.siting.notes import EARTHQUAKE, known_intensities, notes_of
from risk_model.siting.reports import ThemeEvidence, in_order
from risk_model.siting.requirements import UNREADABLE, Demands, ProjectProfile, read_demands
from risk_model.siting.sensitivity import JudgedGround, severities_without_slivers, shifted_severities
from risk_model.siting.surveyed_ground import SurveyShares, survey_sites
from risk_model.siting.touch import without_drawn_touches
from risk_model.vocabulary import (
    AssessmentSet,
    ConstraintSet,
    ExtentSet,
    Finding,
    ObjectSet,
    Opinion,
    Shift,
    Site,
    ThemeReport,
    ThemeStatus,
    Verdict,
    ZoneSet,
)

Severities = npt.NDArray[np.int64]

BY_SEVERITY = {verdict.severity: verdict for verdict in Verdict}


def review_site(
    site: Site,
    zones: ZoneSet,
    extents: ExtentSet,
    rulebook: RuleBook,
    on: date,
    *,
    objects: ObjectSet | None = None,
    constraints: ConstraintSet | None = None,
    assessments: AssessmentSet | None = None,
) -> Opinion:
    """The screening opinion on one site on the day ``on``.

    ``zones`` and ``extents`` in the site's metric CRS; they must hold at least what lies within
    ``rulebook.reach_by_hazard(site)`` of the footprint; ``objects`` those registered within ``rulebook.object_reach_m``
    and ``constraints`` the land set aside within ``rulebook.constraint_reach_m``, None where a register is not asked (its
    themes are then left out); ``assessments`` the regional ones that meet the footprint. UnreadableSite when the site cannot
    be judged.
    """
    told = partial(review_sites, objects=objects, constraints=constraints, assessments=assessments, threads=1)
    return told([site], zones, extents, rulebook, on)[0]


def review_sites(
    sites: Sequence[Site],
    zones: ZoneSet,
    extents: ExtentSet,
    rulebook: RuleBook,
    on: date,
    *,
    objects: ObjectSet | None = None,
    constraints: ConstraintSet | None = None,
    assessments: AssessmentSet | None = None,
    threads: int = 2,
) -> list[Opinion]:
    """The opinions on many sites, in their order: each the same as :func:`review_site` gives for it alone."""
    grounds = [_Layers(zones, extents, rulebook.hazards)]
    if constraints is not None and rulebook.constraints:
        areas = named_areas(constraints.areas)
        grounds.append(_Layers(areas, constraints.surveys, rulebook.constraints, set_aside=True))
    groups: dict[ProjectProfile, list[int]] = defaultdict(list)
    for number, site in enumerate(sites):
        groups[ProjectProfile(site.project_class, rulebook.seismic_class(site), on, site.building_type)].append(number)
    opinions: dict[int, Opinion] = {}
    for asker, numbers in groups.items():
        closing = Closing(assessments, rulebook, asker)
        review = _Review(tuple(grounds), rulebook, asker, threads, closing, objects)
        opinions.update(zip(numbers, review.judge([sites[number] for number in numbers]), strict=True))
    return [opinions[number] for number in range(len(sites))]


@dataclass(frozen=True, slots=True)
class _Layers:
    """Zones and surveyed ground of one sort, hazards or land set aside, with the themes they speak of."""

    zones: ZoneSet
    extents: ExtentSet
    themes: Mapping[str, Hazard]
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class _Severity:
    """Of each site the severity as drawn, with moved borders and without slivers."""

    drawn: Severities
    shifted: dict[float, Severities]
    firm: Severities

    def worse(self, other: _Severity) -> _Severity:
        """Severity of each site by two sorts of ground: they err apart, so the worse of the two counts."""
        shifted = {shift: np.maximum(worst, other.shifted[shift]) for shift, worst in self.shifted.items()}
        return _Severity(np.maximum(self.drawn, other.drawn), shifted, np.maximum(self.firm, other.firm))


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Judgement of each site by some ground, with its findings by theme and the hazards no rule can read."""

    severity: _Severity
    findings: list[dict[str, list[Finding]]]
    unruled: list[dict[str, Bilingual]]


@dataclass(frozen=True, slots=True)
class _Review:
    """One run of the judgement for sites of one class and one seismic class."""

    layers: tuple[_Layers, ...]
    rulebook: RuleBook
    asker: ProjectProfile
    threads: int
    closing: Closing
    objects: ObjectSet | None = None

    def judge(self, sites: Sequence[Site]) -> list[Opinion]:
        terms = self.rulebook.terms
        footprints = lay_footprints(sites, terms)
        surveys = [self._survey(layers, footprints) for layers in self.layers]
        floor = reduce(np.maximum, (self._floor(survey) for survey in surveys))
        weighed = [self._weigh(layers.zones, footprints, sites, floor) for layers in self.layers]
        told = [
            ThemeEvidence(
                survey, self._gaps(survey), of.findings, of.unruled, layers.extents if layers.set_aside else None
            )
            for layers, survey, of in zip(self.layers, surveys, weighed, strict=True)
        ]
        near, beside = self._beside(footprints, sites, floor)
        worst = reduce(_Severity.worse, [of.severity for of in (*weighed, *near)])
        nearest, mandatory = terms.shifts_m[0], terms.mandatory[self.asker.project_class]
        severity, shifted = worst.drawn, worst.shifted
        borderline = (worst.firm < severity) | (shifted[nearest] != severity) | (shifted[-nearest] != severity)
        intensities = known_intensities(self.layers[0].zones)
        opinions = []
        for number, site in enumerate(sites):
            surveyed = [report for of in told for report in of.reports(number, mandatory)]
            themes = (*surveyed, *([beside[number]] if beside else ()))
            shaken = told[0].findings[number].get(EARTHQUAKE, ())
            opinion = Opinion(
                verdict=BY_SEVERITY[int(severity[number])],
                borderline=bool(borderline[number]),
                data_gaps=(*(key for of in told for key in of.data_gaps(number)), *_unfilled(beside, number)),
                themes=themes,
                sensitivity=tuple(_shift(m, BY_SEVERITY[int(worst[number])]) for m, worst in shifted.items()),
                footprint=footprints.geometry[number],
                area_m2=float(footprints.area_m2[number]),
                buffered_m=float(footprints.buffered_m[number]),
                seismic_class=self.asker.seismic_class,
                conditions=self.closing.conditions(number, site, footprints, themes),
                notes=notes_of(self.asker, self.rulebook, shaken, intensities),
            )
            opinions.append(opinion)
        return opinions

    def _survey(self, layers: _Layers, footprints: Footprints) -> SurveyShares:
        ground, setting = (layers.zones, layers.extents), (self.rulebook, self.asker)
        return survey_sites(footprints, ground, layers.themes, setting, threads=self.threads)

    def _gaps(self, survey: SurveyShares) -> npt.NDArray[np.bool_]:
        return survey.lacking(self.rulebook.terms.coverage_tolerance)

    def _weigh(self, zones: ZoneSet, footprints: Footprints, sites: Sequence[Site], floor: Severities) -> _Weighed:
        """Judgement of each site by ``zones``, never milder than ``floor``."""
        terms = self.rulebook.terms
        if not len(zones):
            nothing = {shift: floor for near in terms.shifts_m for shift in (-near, near)}
            severity = _Severity(floor, dict(sorted(nothing.items())), floor)
            return _Weighed(severity, [{} for _ in sites], [{} for _ in sites])
        demands = read_demands(zones, self.rulebook, self.asker)
        search_m = demands.search_m(terms.shifts_m[-1])
        measured = measure(footprints.geometry, zones.geometry, search_m, threads=self.threads)
        pairs = without_drawn_touches(measured, footprints, sites, zones)
        hits = find_hits(footprints, demands, pairs)
        writer = Writer(zones, footprints, hits, demands.outcomes, self.rulebook, self.asker)
        slivers = writer.slivers()
        ground = JudgedGround(footprints, zones.geometry, _kinds_of_ground(zones))
        severity = _Severity(
            drawn=hits.worst(hits.met, floor),
            shifted=shifted_severities(ground, hits, floor=floor, shifts_m=terms.shifts_m),
            firm=severities_without_slivers(ground, hits, floor=floor, slivers=slivers, is_sliver=terms.is_sliver),
        )
        return _Weighed(severity, _findings_by_site(writer, slivers), _unruled(zones, hits, demands))

    def _beside(
        self, footprints: Footprints, sites: Sequence[Site], floor: Severities
    ) -> tuple[list[_Weighed], list[ThemeReport] | None]:
        """Judgement of each site by registered objects, and their theme's reports; no theme where no rule reads any."""
        neighbours, asker, objects = self.rulebook.neighbours, self.asker, self.objects
        reach_m = neighbours.reach_m(asker.project_class, asker.building_type, asker.on) if neighbours else -1.0
        if objects is None or neighbours is None or reach_m < 0:
            return [], None
        laid = lay_objects(objects, self.rulebook, asker)
        weighed = self._weigh(laid.zones, footprints, sites, floor)
        key, missing = neighbours.theme.key, missing_registers(objects, self.rulebook, asker)
        reports = []
        for of_site in weighed.findings:
            found = [laid.told(one) for one in permitted_left_out(of_site.get(key, []))]
            reports.append(report_neighbours(key, in_order(found), missing, reach_m))
        return [weighed], reports

    def _floor(self, survey: SurveyShares) -> Severities:
        mandatory = self.rulebook.terms.mandatory[self.asker.project_class]
        weighs = np.array([key in mandatory for key in survey.themes])
        lowest = Verdict.INSUFFICIENT_DATA.severity
        return np.where((self._gaps(survey) & weighs).any(axis=1), lowest, 0).astype(np.int64)


def _unruled(zones: ZoneSet, hits: Hits, demands: Demands) -> list[dict[str, Bilingual]]:
    """For each site the hazards of which it meets ground that no rule can read, and why."""
    unread = np.array([outcome.standing in UNREADABLE for outcome in demands.outcomes], dtype=bool)
    met: list[dict[str, Bilingual]] = [{} for _ in range(hits.sites)]
    for row in np.flatnonzero(hits.met & unread[hits.outcome]) if unread.any() else ():
        standing = demands.outcomes[hits.outcome[row]].standing
        met[hits.site[row]][zones.hazard[hits.zone[row]]] = SILENT[standing]
    return met


def _unfilled(beside: list[ThemeReport] | None, number: int) -> tuple[str, ...]:
    """The theme of neighbours where a register it reads holds nothing."""
    report = beside[number] if beside else None
    return (report.theme,) if report is not None and report.status is ThemeStatus.NO_DATA else ()


def _kinds_of_ground(zones: ZoneSet) -> npt.NDArray[np.int64]:
    """Numbers of what errs together: the zones of one hazard."""
    return np.asarray(np.unique(zones.hazard, return_inverse=True)[1], dtype=np.int64)


def _findings_by_site(writer: Writer, slivers: npt.NDArray[np.bool_]) -> list[dict[str, list[Finding]]]:
    found: list[dict[str, list[Finding]]] = [{} for _ in range(writer.hits.sites)]
    for row in writer.listed_rows().tolist():
        finding = writer.write(row, bool(slivers[row]))
        found[writer.hits.site[row]].setdefault(finding.hazard, []).append(finding)
    return found


_shift = lru_cache(maxsize=256)(Shift)
