"""Theme reports: what each theme that somebody has to survey says of one site, and what nobody knows of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from risk_model.operators import Bilingual
from risk_model.siting.constraints import told_of_area, why_unchecked
from risk_model.siting.findings import NO_WORDS, SILENT
from risk_model.siting.listed_hits import HitListing
from risk_model.siting.requirements import RuleState
from risk_model.siting.run_out import words_of_run_out
from risk_model.siting.surveyed_ground import SurveyShares
from risk_model.vocabulary import ExtentSet, Finding, ThemeReport, ThemeStatus

# Of most sites most themes have the same nothing to say: one immutable value serves them all.
_report_without_findings = lru_cache(maxsize=4096)(ThemeReport)


@dataclass(frozen=True, slots=True)
class ThemeEvidence:
    """Facts known of many sites for the themes of ``survey``: where it falls short, findings, what no rule reads.

    ``gaps`` is (sites, themes); ``unruled`` holds a mapping by theme for each site that has any. ``set_aside`` are the surveys
    of land that is set aside, None where the themes are hazards.
    """

    survey: SurveyShares
    gaps: npt.NDArray[np.bool_]
    listing: HitListing
    unruled: Mapping[int, dict[str, Bilingual]]
    set_aside: ExtentSet | None = None
    _gaps: dict[bytes, tuple[str, ...]] = field(default_factory=dict)

    def data_gaps(self, number: int) -> tuple[str, ...]:
        """The themes nothing certain is known of on one site, in theme order; unknown hazards come last."""
        if number in self.unruled:
            return self._gaps_with(self.unruled[number], number)
        key = self.gaps[number].tobytes()
        if key not in self._gaps:
            self._gaps[key] = self._gaps_with({}, number)
        return self._gaps[key]

    def _gaps_with(self, unruled: dict[str, Bilingual], number: int) -> tuple[str, ...]:
        themes = self.survey.themes
        known = [key for key, gap in zip(themes, self.gaps[number], strict=True) if gap or key in unruled]
        return (*known, *sorted(unruled.keys() - set(themes)))

    def reports(self, number: int, mandatory: AbstractSet[str]) -> tuple[ThemeReport, ...]:
        """Reports of every theme on one site; hazards the rulebook does not know come last."""
        survey, unruled, findings = self.survey, self.unruled.get(number, {}), self.listing.of_site(number)
        ground = zip(
            survey.themes,
            self.gaps[number].tolist(),
            survey.share[number].tolist(),
            survey.reach_m.tolist(),
            survey.reach_share[number].tolist(),
            strict=True,
        )
        reports = []
        for key, gap, share, reach_m, reach_share in ground:
            found = self._told(findings.get(key, ()))
            report = ThemeReport if found else _report_without_findings
            why = unruled.get(key) or (self._unsurveyed(number, key, share, reach_m, reach_share) if gap else NO_WORDS)
            status = _status(bool(why.zh), found)
            reports.append(report(key, status, share, key in mandatory, found, reach_m, reach_share, why.zh, why.en))
        for key in sorted(findings.keys() - set(survey.themes)):
            why, found = unruled.get(key, SILENT[RuleState.UNKNOWN_HAZARD]), self._told(findings[key])
            reports.append(ThemeReport(key, ThemeStatus.NO_DATA, 0.0, False, found, 0.0, 1.0, why.zh, why.en))
        return tuple(reports)

    def _told(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(findings) if self.set_aside is None else tuple(told_of_area(one) for one in findings)

    def _unsurveyed(self, number: int, theme: str, share: float, reach_m: float, reach_share: float) -> Bilingual:
        told = _surveyed_words(share, reach_m, reach_share)
        if self.set_aside is not None:
            return why_unchecked(theme, told, self.set_aside.hazard)
        run_out = self.survey.run_out
        ended = None if run_out is None else run_out.last_day(number, theme, reach_m)
        return told if ended is None else words_of_run_out(ended, told, nothing_else=share <= 0)


def _surveyed_words(share: float, reach_m: float, reach_share: float) -> Bilingual:
    """Words for the share surveyed of the ground the theme has to look at."""
    if share <= 0:
        return Bilingual("用地范围内从未调查", "the site was never surveyed")
    if share < 1 or not reach_m:
        return Bilingual(f"只调查了用地的 {_percent(share)}", f"only {_percent(share)} of the site was surveyed")
    around = _percent(reach_share)
    return Bilingual(f"周边 {reach_m:g} 米内只调查了 {around}", f"only {around} surveyed within {reach_m:g} m")


def _percent(share: float) -> str:
    """A share rounded down, so that what is not whole never reads as whole."""
    return f"{math.floor(share * 1000) / 10:g} %"


def _status(unknown: bool, findings: Sequence[Finding]) -> ThemeStatus:
    if unknown:
        return ThemeStatus.NO_DATA
    for finding in findings:
        if finding.overlap_m2 > 0 or finding.rule:
            return ThemeStatus.CONCERNED
    return ThemeStatus.NOT_CONCERNED
