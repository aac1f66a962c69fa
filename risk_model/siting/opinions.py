"""The siting judgement: sites, published zones and surveyed ground in, screening opinions out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from risk_model.operators import Words
from risk_model.overlay import measure
from risk_model.rulebook import RuleBook
from risk_model.siting.demands import UNREADABLE, Asker, Demands, Standing, read_demands
from risk_model.siting.findings import NO_WORDS, SILENT, Writer
from risk_model.siting.footprints import Footprints, lay_footprints
from risk_model.siting.hits import Hits, find_hits
from risk_model.siting.neighbours import lay_objects, missing_registers, permitted_left_out, report_neighbours
from risk_model.siting.sensitivity import Ground, severities_without_slivers, shifted_severities
from risk_model.siting.surveyed_ground import Survey, survey_sites
from risk_model.siting.touching import without_drawn_touches
from risk_model.vocabulary import (
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
) -> Opinion:
    """The screening opinion on one site on the day ``on``.

    ``zones`` and ``extents`` in the site's metric CRS; they must hold at least what lies within
    ``rulebook.reach_by_hazard(site)`` of the footprint; ``objects`` those registered within ``rulebook.object_reach_m``,
    None where the registers are not asked (their theme is then left out). UnreadableSite when the site cannot be judged.
    """
    return review_sites([site], zones, extents, rulebook, on, objects=objects, threads=1)[0]


def review_sites(
    sites: Sequence[Site],
    zones: ZoneSet,
    extents: ExtentSet,
    rulebook: RuleBook,
    on: date,
    *,
    objects: ObjectSet | None = None,
    threads: int = 2,
) -> list[Opinion]:
    """The opinions on many sites, in their order: each the same as :func:`review_site` gives for it alone."""
    groups: dict[Asker, list[int]] = defaultdict(list)
    for number, site in enumerate(sites):
        groups[Asker(site.project_class, rulebook.seismic_class(site), on, site.building_type)].append(number)
    opinions: dict[int, Opinion] = {}
    for asker, numbers in groups.items():
        review = _Review(zones, extents, rulebook, asker, threads, objects)
        opinions.update(zip(numbers, review.judge([sites[number] for number in numbers]), strict=True))
    return [opinions[number] for number in range(len(sites))]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What some ground makes of each site: severities as drawn, with moved borders and without slivers; findings by theme."""

    hits: Hits
    demands: Demands
    severity: Severities
    shifted: dict[float, Severities]
    firm: Severities
    findings: list[dict[str, list[Finding]]]


@dataclass(frozen=True, slots=True)
class _Review:
    """One run of the judgement for sites of one class and one seismic class."""

    zones: ZoneSet
    extents: ExtentSet
    rulebook: RuleBook
    asker: Asker
    threads: int
    objects: ObjectSet | None = None

    def judge(self, sites: Sequence[Site]) -> list[Opinion]:
        terms = self.rulebook.terms
        footprints = lay_footprints(sites, terms)
        survey = survey_sites(footprints, self.zones, self.extents, (self.rulebook, self.asker), threads=self.threads)
        gaps = survey.lacking(terms.coverage_tolerance)
        floor = self._floor(survey, gaps)
        weighed = self._weigh(self.zones, footprints, sites, floor)
        unruled, findings = self._unruled(weighed), weighed.findings
        severity, shifted, firm = weighed.severity, weighed.shifted, weighed.firm
        beside: list[ThemeReport] | None = None
        if self.objects is not None:
            near, beside = self._beside(self.objects, footprints, sites, floor)
            if near is not None:
                # Objects err apart from zones, so the worse of the two is what both make of a site.
                severity, firm = np.maximum(severity, near.severity), np.maximum(firm, near.firm)
                shifted = {shift: np.maximum(worst, near.shifted[shift]) for shift, worst in shifted.items()}
        nearest = terms.shifts_m[0]
        borderline = (firm < severity) | (shifted[nearest] != severity) | (shifted[-nearest] != severity)
        return [
            Opinion(
                verdict=BY_SEVERITY[int(severity[number])],
                borderline=bool(borderline[number]),
                data_gaps=(*_gaps(survey, gaps[number], unruled[number]), *_unfilled(beside, number)),
                themes=(
                    *self._themes(survey, (gaps, unruled), number, findings[number]),
                    *([beside[number]] if beside else ()),
                ),
                sensitivity=tuple(_shift(m, BY_SEVERITY[int(worst[number])]) for m, worst in shifted.items()),
                footprint=footprints.geometry[number],
                area_m2=float(footprints.area_m2[number]),
                buffered_m=float(footprints.buffered_m[number]),
                seismic_class=self.asker.seismic_class,
            )
            for number in range(len(sites))
        ]

    def _weigh(self, zones: ZoneSet, footprints: Footprints, sites: Sequence[Site], floor: Severities) -> _Weighed:
        """What ``zones`` make of each site, never milder than ``floor``."""
        terms = self.rulebook.terms
        demands = read_demands(zones, self.rulebook, self.asker)
        search_m = demands.search_m(terms.shifts_m[-1])
        measured = measure(footprints.geometry, zones.geometry, search_m, threads=self.threads)
        pairs = without_drawn_touches(measured, footprints, sites, zones)
        hits = find_hits(footprints, demands, pairs)
        writer = Writer(zones, footprints, hits, demands.outcomes, self.rulebook, self.asker)
        slivers = writer.slivers()
        ground = Ground(footprints, zones.geometry, _kinds_of_ground(zones))
        return _Weighed(
            hits=hits,
            demands=demands,
            severity=hits.worst(hits.met, floor),
            shifted=shifted_severities(ground, hits, floor=floor, shifts_m=terms.shifts_m),
            firm=severities_without_slivers(ground, hits, floor=floor, slivers=slivers, is_sliver=terms.is_sliver),
            findings=_findings_by_site(writer, slivers),
        )

    def _beside(
        self, objects: ObjectSet, footprints: Footprints, sites: Sequence[Site], floor: Severities
    ) -> tuple[_Weighed | None, list[ThemeReport] | None]:
        """What the registered objects make of each site, and what their theme says; no theme where no rule reads any."""
        neighbours, asker = self.rulebook.neighbours, self.asker
        reach_m = neighbours.reach_m(asker.project_class, asker.building_type, asker.on) if neighbours else -1.0
        if neighbours is None or reach_m < 0:
            return None, None
        laid = lay_objects(objects, self.rulebook, asker)
        weighed = self._weigh(laid.zones, footprints, sites, floor) if len(laid.zones) else None
        key, missing = neighbours.theme.key, missing_registers(objects, self.rulebook, asker)
        reports = []
        nothing: list[dict[str, list[Finding]]] = [{}] * len(sites)
        for of_site in weighed.findings if weighed else nothing:
            found = [laid.told(one) for one in permitted_left_out(of_site.get(key, []))]
            reports.append(report_neighbours(key, _in_order(found), missing, reach_m))
        return weighed, reports

    def _floor(self, survey: Survey, gaps: npt.NDArray[np.bool_]) -> Severities:
        mandatory = self.rulebook.terms.mandatory[self.asker.project_class]
        weighs = np.array([key in mandatory for key in survey.themes])
        lowest = Verdict.INSUFFICIENT_DATA.severity
        return np.where((gaps & weighs).any(axis=1), lowest, 0).astype(np.int64)

    def _unruled(self, weighed: _Weighed) -> list[dict[str, Words]]:
        """For each site the hazards of which it meets ground that no rule can read, and why."""
        hits, demands = weighed.hits, weighed.demands
        unread = np.array([outcome.standing in UNREADABLE for outcome in demands.outcomes], dtype=bool)
        met: list[dict[str, Words]] = [{} for _ in range(hits.sites)]
        for row in np.flatnonzero(hits.met & unread[hits.outcome]) if unread.any() else ():
            standing = demands.outcomes[hits.outcome[row]].standing
            met[hits.site[row]][self.zones.hazard[hits.zone[row]]] = SILENT[standing]
        return met

    def _themes(
        self,
        survey: Survey,
        lacking: tuple[npt.NDArray[np.bool_], list[dict[str, Words]]],
        number: int,
        findings: dict[str, list[Finding]],
    ) -> tuple[ThemeReport, ...]:
        mandatory = self.rulebook.terms.mandatory[self.asker.project_class]
        unruled = lacking[1][number]
        ground = zip(
            survey.themes,
            lacking[0][number].tolist(),
            survey.share[number].tolist(),
            survey.reach_m.tolist(),
            survey.reach_share[number].tolist(),
            strict=True,
        )
        reports = []
        for key, gap, share, reach_m, reach_share in ground:
            found = _in_order(findings.get(key, ()))
            report = ThemeReport if found else _report_without_findings
            why = unruled.get(key) or (_unsurveyed(share, reach_m, reach_share) if gap else NO_WORDS)
            status = _status(bool(why.zh), found)
            reports.append(report(key, status, share, key in mandatory, found, reach_m, reach_share, why.zh, why.en))
        for key in sorted(findings.keys() - set(survey.themes)):
            why, found = unruled.get(key, SILENT[Standing.UNKNOWN_HAZARD]), _in_order(findings[key])
            reports.append(ThemeReport(key, ThemeStatus.NO_DATA, 0.0, False, found, 0.0, 1.0, why.zh, why.en))
        return tuple(reports)


def _gaps(survey: Survey, gaps: npt.NDArray[np.bool_], unruled: dict[str, Words]) -> tuple[str, ...]:
    """The themes nothing certain is known of, in theme order; hazards the rulebook does not know come last."""
    known = [key for key, gap in zip(survey.themes, gaps, strict=True) if gap or key in unruled]
    return (*known, *sorted(unruled.keys() - set(survey.themes)))


def _unfilled(beside: list[ThemeReport] | None, number: int) -> tuple[str, ...]:
    """The theme of neighbours where a register it reads holds nothing."""
    report = beside[number] if beside else None
    return (report.theme,) if report is not None and report.status is ThemeStatus.NO_DATA else ()


def _kinds_of_ground(zones: ZoneSet) -> npt.NDArray[np.int64]:
    """Numbers of what errs together: the zones of one hazard."""
    return np.asarray(np.unique(zones.hazard, return_inverse=True)[1], dtype=np.int64)


def _unsurveyed(share: float, reach_m: float, reach_share: float) -> Words:
    """How much of the ground the theme has to look at was surveyed."""
    if share <= 0:
        return Words("用地范围内从未调查", "the site was never surveyed")
    if share < 1 or not reach_m:
        return Words(f"只调查了用地的 {_percent(share)}", f"only {_percent(share)} of the site was surveyed")
    around = _percent(reach_share)
    return Words(f"周边 {reach_m:g} 米内只调查了 {around}", f"only {around} surveyed within {reach_m:g} m")


def _percent(share: float) -> str:
    """A share rounded down, so that what is not whole never reads as whole."""
    return f"{math.floor(share * 1000) / 10:g} %"


def _findings_by_site(writer: Writer, slivers: npt.NDArray[np.bool_]) -> list[dict[str, list[Finding]]]:
    found: list[dict[str, list[Finding]]] = [{} for _ in range(writer.hits.sites)]
    for row in writer.listed_rows().tolist():
        finding = writer.write(row, bool(slivers[row]))
        found[writer.hits.site[row]].setdefault(finding.hazard, []).append(finding)
    return found


# Of most sites most themes have the same nothing to say: one immutable value serves them all.
_report_without_findings = lru_cache(maxsize=4096)(ThemeReport)
_shift = lru_cache(maxsize=256)(Shift)


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    if len(findings) < 2:
        return tuple(findings)
    return tuple(
        sorted(
            findings,
            key=lambda f: (-f.verdict.severity, -f.overlap_m2, f.distance_m if f.zone is None else 0.0, f.zone or ""),
        )
    )


def _status(unknown: bool, findings: Sequence[Finding]) -> ThemeStatus:
    if unknown:
        return ThemeStatus.NO_DATA
    for finding in findings:
        if finding.overlap_m2 > 0 or finding.rule:
            return ThemeStatus.CONCERNED
    return ThemeStatus.NOT_CONCERNED
