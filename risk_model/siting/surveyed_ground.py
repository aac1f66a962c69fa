"""Surveyed ground: how much of each site every theme has looked at, because unsurveyed ground is never clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.overlay import Overlaps, may_be_within, measure, prepared_copy
from risk_model.rulebook import Hazard, RuleBook
from risk_model.siting.footprints import Footprints
from risk_model.siting.requirements import ProjectProfile
from risk_model.siting.run_out import RunOutSurveys, run_out_surveys
from risk_model.surveys import SurveyCoverage, surveyed_ground
from risk_model.tangles import area_on, widened
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

WHOLE = 1 - 1e-12
"""A share of one piece from which on the other pieces need no look."""


@dataclass(frozen=True, slots=True)
class SurveyShares:
    """Shares (0–1) of shape (sites, themes): of the footprint, and of the footprint widened by the theme's reach.

    ``run_out`` tells which surveys there hold no more; None where all hold.
    """

    themes: tuple[str, ...]
    share: Floats
    reach_m: Floats
    reach_share: Floats
    run_out: RunOutSurveys | None = None

    def lacking(self, tolerance: float) -> npt.NDArray[np.bool_]:
        """True (sites, themes) where the survey falls short of the ground the theme has to look at."""
        return np.asarray(np.minimum(self.share, self.reach_share) < 1 - tolerance)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Pieces of surveyed ground with the theme (its index) each belongs to.

    Layers of one survey share their extent, so one piece often stands for several themes: it is measured once.
    """

    theme: Indices
    geometry: Geometries

    def measured(self, shapes: Geometries, *, threads: int) -> Overlaps:
        """Every pair of a shape and a piece that meet, sorted by shape and then piece."""
        numbers: dict[int, int] = {}
        number = np.array([numbers.setdefault(id(piece), len(numbers)) for piece in self.geometry], dtype=np.int64)
        by_number = np.argsort(number, kind="stable")
        first = np.searchsorted(number[by_number], np.arange(len(numbers) + 1))
        found = measure(shapes, self.geometry[by_number[first[:-1]]], 0.0, threads=threads)
        times = np.diff(first)[found.zone]
        pair = np.repeat(np.arange(len(found)), times)
        turn = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
        piece = by_number[first[found.zone[pair]] + turn]
        order = np.lexsort((piece, found.site[pair]))
        pair, piece = pair[order], piece[order]
        return Overlaps(found.site[pair], piece, found.overlap_m2[pair], found.distance_m[pair])


def survey_ground(
    footprints: Footprints,
    ground: tuple[ZoneSet, ExtentSet],
    themes: Mapping[str, Hazard],
    setting: tuple[RuleBook, date],
    *,
    threads: int,
) -> Surveys:
    """Footprints held against the ground of ``ground`` (zones, extents) surveyed for each of ``themes``, in their order.

    A layer counts where its product is one the theme's rules read (any product for a theme without rules), and it holds on
    the day of the ``setting``.
    """
    order, (rulebook, on) = tuple(themes), setting
    surveyed = surveyed_ground(*ground, rulebook, on)
    pieces = _by_theme(surveyed, order)
    pairs = pieces.measured(footprints.geometry, threads=threads)
    share = _share(footprints.geometry, pieces, pairs, len(order))
    for key in surveyed.composed & set(order):
        share[:, order.index(key)] = _composed_share(share, (key, order), surveyed, footprints)
    run_out = run_out_surveys(ground, surveyed, setting, footprints.geometry)
    return Surveys(footprints, themes, rulebook, pieces, pairs, share, threads, run_out)


@dataclass(frozen=True, slots=True)
class Surveys:
    """Surveyed share (sites, themes) of many footprints, and what it takes to look around those of one asker."""

    footprints: Footprints
    themes: Mapping[str, Hazard]
    rulebook: RuleBook
    ground: _Ground
    pairs: Overlaps
    share: Floats
    threads: int
    run_out: RunOutSurveys | None = None

    def shares(self, asker: ProjectProfile, numbers: Indices) -> SurveyShares:
        """Shares of the footprints of ``numbers`` (rising), which are the asker's.

        Around the footprint every reach of a theme's rules counts by itself, for the asker's project at the deployment's
        default intensity, and the least surveyed one is told: a wider reach must not thin out what is missing nearby.
        """
        share = self.share[numbers]
        reach_share, reach_m = np.ones_like(share), np.zeros(len(self.themes))
        intensity = self.rulebook.terms.intensity
        for theme, hazard in enumerate(self.themes.values()):
            reaches = hazard.reaches_m(asker.project_class, asker.seismic_class, intensity=intensity)
            for metres in reaches:
                within = self.share_within(theme, metres, numbers)
                reach_share[:, theme] = np.minimum(reach_share[:, theme], within)
            reach_m[theme] = max(reaches, default=0.0)
        run_out = None if self.run_out is None else self.run_out.some(numbers)
        return SurveyShares(tuple(self.themes), share, reach_m, reach_share, run_out)

    def share_within(self, theme: int, metres: float, numbers: Indices) -> Floats:
        """Surveyed share for one theme of each footprint and the ground up to ``metres`` around it together.

        A footprint that lies in one piece, far enough from its edge, needs no cutting.
        """
        pairs, of_theme = self.pairs, self.ground.theme == theme
        asked = np.zeros(len(self.footprints.area_m2), dtype=bool)
        asked[numbers] = True
        whole = pairs.overlap_m2 >= WHOLE * self.footprints.area_m2[pairs.site]
        inner = np.flatnonzero(of_theme[pairs.zone] & whole & asked[pairs.site])
        piece, of_pair = np.unique(pairs.zone[inner], return_inverse=True)
        edges = prepared_copy(shapely.boundary(self.ground.geometry[piece]))[of_pair]
        shapes, nearer = self.footprints.geometry[pairs.site[inner]], np.nextafter(metres, 0.0)
        tight = may_be_within(edges, shapes, metres)
        tight[tight] = shapely.dwithin(edges[tight], shapes[tight], nearer)
        share = np.zeros(len(asked))
        share[pairs.site[inner[~tight]]] = 1.0
        short = numbers[share[numbers] == 0]
        if short.size:
            wide = widened(self.footprints.geometry[short], metres)
            own = _Ground(np.zeros(of_theme.sum(), dtype=np.int64), self.ground.geometry[of_theme])
            share[short] = _share(wide, own, own.measured(wide, threads=self.threads), 1)[:, 0]
        return share[numbers]


def _share(shapes: Geometries, ground: _Ground, pairs: Overlaps, themes: int) -> Floats:
    """Surveyed share (shapes, themes) of each shape; ``pairs`` are the shapes measured against the ground."""
    area_m2 = shapely.area(shapes)
    cell = pairs.site * themes + ground.theme[pairs.zone]
    largest = np.zeros(len(shapes) * themes)
    np.maximum.at(largest, cell, pairs.overlap_m2)
    share = np.minimum(largest.reshape(-1, themes) / area_m2[:, np.newaxis], 1.0)
    pieces = np.bincount(cell[pairs.overlap_m2 > 0], minlength=share.size).reshape(share.shape)
    known: dict[tuple[int, ...], float] = {}
    for site, theme in np.argwhere((pieces > 1) & (share < WHOLE)).tolist():
        first, last = np.searchsorted(pairs.site, [site, site + 1])
        near = pairs.zone[first:last]
        chosen = ground.geometry[near[ground.theme[near] == theme]]
        key = (site, *map(id, chosen))
        if key not in known:
            known[key] = area_on(shapes[site], chosen)
        share[site, theme] = min(known[key] / area_m2[site], 1.0)
    return share


def _composed_share(
    share: Floats, theme: tuple[str, tuple[str, ...]], surveyed: SurveyCoverage, footprints: Footprints
) -> Floats:
    """Share of each footprint on ground surveyed for a theme (key, all keys) and for all it is made of, given ``share`` of each."""
    key, keys = theme
    asked = surveyed.asked_with(key)
    order = {one: number for number, one in enumerate(keys)}
    of_each = share[:, [order[one] for one in asked if one in order]]
    known = of_each.min(axis=1, initial=1.0)
    cut = np.flatnonzero((known > 0) & (np.count_nonzero(of_each < WHOLE, axis=1) > 1))
    left = footprints.geometry[cut]
    for one in asked if cut.size else ():
        left = shapely.intersection(left, surveyed.of(one))
    known[cut] = np.minimum(shapely.area(left) / footprints.area_m2[cut], 1.0)
    return np.asarray(known)


def _by_theme(ground: SurveyCoverage, themes: tuple[str, ...]) -> _Ground:
    """The pieces of the themes of the rulebook, by their numbers."""
    order = {key: number for number, key in enumerate(themes)}
    theme = np.array([order.get(key, -1) for key in ground.hazard], dtype=np.int64)
    return _Ground(theme[theme >= 0], ground.geometry[theme >= 0])
