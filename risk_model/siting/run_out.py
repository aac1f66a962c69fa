"""Surveys that hold no more: where they lie about a site, and the words for it. They speak for no ground; their zones count on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.operators import Bilingual
from risk_model.rulebook import RuleBook
from risk_model.surveys import RunOutGround, SurveyCoverage, run_out_ground
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet


@dataclass(frozen=True, slots=True)
class RunOutSurveys:
    """Ground of surveys that hold no more, beside footprints; ``composed`` are the hazards a theme made of others asks for."""

    ground: RunOutGround
    composed: Mapping[str, tuple[str, ...]]
    footprints: Geometries

    def some(self, numbers: npt.NDArray[np.int64]) -> RunOutSurveys:
        """The same ground beside the footprints of ``numbers``."""
        return replace(self, footprints=self.footprints[numbers])

    def last_day(self, number: int, theme: str, reach_m: float) -> date | None:
        """The last day of the survey that ran out last among those within ``reach_m`` of a footprint; None without one."""
        of_theme = np.isin(self.ground.hazard.astype(str), self.composed.get(theme, (theme,)))
        near = shapely.dwithin(self.ground.geometry[of_theme], self.footprints[number], reach_m)
        days = self.ground.valid_until[of_theme][near].tolist()
        return max(days, default=None)


def run_out_surveys(
    ground: tuple[ZoneSet, ExtentSet], surveyed: SurveyCoverage, setting: tuple[RuleBook, date], footprints: Geometries
) -> RunOutSurveys | None:
    """Of ``ground`` (zones, extents) the surveys that hold no more on the day of the ``setting``; None where all hold."""
    past = run_out_ground(*ground, *setting)
    if not len(past):
        return None
    return RunOutSurveys(past, {key: surveyed.asked_with(key) for key in surveyed.composed}, footprints)


def words_of_run_out(ended: date, beyond: Bilingual, *, nothing_else: bool) -> Bilingual:
    """Why a theme has no data where a survey held up to ``ended``; ``beyond`` is what is known without it."""
    told = Bilingual(f"成果有效期至 {ended}，已过", f"the survey was valid until {ended} and has run out")
    return (
        told if nothing_else else Bilingual(f"{told.zh}；除此之外{beyond.zh}", f"{told.en}; apart from it {beyond.en}")
    )
