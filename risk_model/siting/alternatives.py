"""Ground to compare with (可比选范围): the same outline moved about, each place judged by the same function as the first.

Whatever is offered is milder than the original, stands on surveyed ground, on no land set aside and on no high hazard. Beside
the places the smallest move and the smallest cut of the outline that make the verdict milder. All in the metric CRS.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.affinity import translate

from risk_model.rulebook import RuleBook
from risk_model.siting.cuts import NoCut, OutlineCut, is_milder, smallest_cut
from risk_model.siting.opinions import review_sites
from risk_model.vocabulary import (
    AssessmentSet,
    ConstraintSet,
    ExtentSet,
    Finding,
    ObjectSet,
    Opinion,
    Product,
    Site,
    ThemeStatus,
    Verdict,
    ZoneSet,
)

RINGS: Final = 12
"""Rings of a hexagonal lattice of places around the site, at most."""
BEARINGS: Final = 24
DISTANCES: Final = 18
"""Distances tried along each bearing for the smallest move, each half as far again as the one before."""
MOST_VERTICES: Final = 400_000
"""Vertices of all places judged for one question: an outline of many is moved to fewer places."""
FEWEST_PLACES: Final = 60
PRECISION_M: Final = 1.0
UNSURVEYED: Final = Verdict.INSUFFICIENT_DATA


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """All that sites are judged by on a day (metric CRS); it holds what lies within reach of every place that is tried."""

    zones: ZoneSet
    extents: ExtentSet
    rulebook: RuleBook
    on: date
    objects: ObjectSet | None = None
    constraints: ConstraintSet | None = None
    assessments: AssessmentSet | None = None

    def judge(self, sites: Sequence[Site]) -> list[Opinion]:
        """The opinions on sites, by the one function."""
        return review_sites(
            sites,
            self.zones,
            self.extents,
            self.rulebook,
            self.on,
            objects=self.objects,
            constraints=self.constraints,
            assessments=self.assessments,
            threads=1,
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """How far a place may lie, how many are wanted, and the roads near them (lines; empty where none are on record)."""

    within_m: float
    count: int
    roads: npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """The outline moved: how far, whither (degrees from north), its opinion, metres to the nearest road (None: no roads on record).

    ``score`` is 100 less 20 for each step of the verdict, less 4 for each step of its worst hazard, less at most 4 for distance and
    road: worse ground never scores higher.
    """

    geometry: Any
    moved_m: float
    bearing_deg: float
    opinion: Opinion
    road_m: float | None
    score: float


@dataclass(frozen=True, slots=True)
class PlaceComparison:
    """Places to compare with, best first; the smallest move and cut that make the verdict milder, ``no_cut`` why there is no cut.

    ``tried`` counts the places judged, of which ``unsurveyed`` stood on ground nobody surveyed and ``set_aside`` on land set aside.
    """

    original: Opinion
    places: tuple[Place, ...]
    smallest_move: Place | None
    smallest_cut: OutlineCut | None
    no_cut: NoCut | None
    tried: int
    unsurveyed: int
    set_aside: int


def compare_places(site: Site, grounds: JudgedBy, wanted: Wanted) -> PlaceComparison:
    """Places within ``wanted.within_m`` of the site, judged and ranked: by verdict, hazard, then distance and road."""
    (original,) = grounds.judge([site])
    budget = max(FEWEST_PLACES, MOST_VERTICES // max(1, _vertices(site)))
    offsets = _lattice(wanted.within_m, budget)
    tried = _judged(site, grounds, offsets)
    fit = [one for one in tried if _fits(one[2], original, grounds)]
    ranked = sorted((_place(one, grounds, wanted) for one in fit), key=lambda place: (-place.score, place.moved_m))
    cut = smallest_cut(site, original, grounds.zones, grounds.judge)
    return PlaceComparison(
        original,
        tuple(_apart(ranked, wanted.count)),
        _smallest_move(site, grounds, original, (wanted, budget)),
        cut if isinstance(cut, OutlineCut) else None,
        cut if isinstance(cut, NoCut) else None,
        len(tried),
        sum(one[2].verdict is UNSURVEYED for one in tried),
        sum(_is_set_aside(one[2], grounds) for one in tried),
    )


Tried = tuple[Any, tuple[float, float], Opinion]


def _lattice(within_m: float, budget: int) -> list[tuple[float, float]]:
    """Offsets of a hexagonal lattice within a distance, nearest first, as many as the budget allows; never the site itself."""
    rings = min(RINGS, int((-1 + math.sqrt(1 + 4 * budget / 3)) / 2))
    step = within_m / max(rings, 1)
    places = [
        (step * (column + row / 2), step * row * math.sqrt(3) / 2)
        for row in range(-rings, rings + 1)
        for column in range(-2 * rings, 2 * rings + 1)
    ]
    near = [(dx, dy) for dx, dy in places if 0 < math.hypot(dx, dy) <= within_m * (1 + 1e-12)]
    return sorted(near, key=lambda offset: (math.hypot(*offset), offset))


def _judged(site: Site, grounds: JudgedBy, offsets: Sequence[tuple[float, float]]) -> list[Tried]:
    moved = [_moved(site, *offset) for offset in offsets]
    shapes = [one.geometry for one in moved]
    return list(zip(shapes, offsets, grounds.judge(moved), strict=True)) if moved else []


def _moved(site: Site, dx: float, dy: float) -> Site:
    """The site so far east and north, its parts with it."""
    parts = tuple(_moved(part, dx, dy) for part in site.parts)
    return replace(site, geometry=translate(site.geometry, dx, dy), drawn=None, parts=parts)


def _vertices(site: Site) -> int:
    """Vertices that are judged: of the parts, where a site has any."""
    return int(shapely.get_num_coordinates([one.geometry for one in site.parts or (site,)]).sum())


def _fits(opinion: Opinion, original: Opinion, grounds: JudgedBy) -> bool:
    mild = is_milder(opinion, original) or opinion.verdict is Verdict.PERMITTED
    return mild and not _is_set_aside(opinion, grounds) and _hazard_steps(opinion, grounds.rulebook) < HIGH_STEPS


HIGH_STEPS: Final = 3
"""From here on of four steps (0 none or low, 4 the worst grade of a scheme) a hazard is high."""


def _hazard_steps(opinion: Opinion, rulebook: RuleBook) -> int:
    """Worst hazard grade the ground lies in, on a scale of 0 to 4 whatever its scheme; zoning of hazard alone, no risk."""
    return max((_steps(finding, rulebook) for finding in _hazard_findings(opinion)), default=0)


def _steps(finding: Finding, rulebook: RuleBook) -> int:
    if finding.grade_rank is None or finding.grade_scheme is None:
        return 0
    ranks = len(rulebook.scheme(finding.grade_scheme).grades)
    return round(4 * (ranks - finding.grade_rank) / max(1, ranks - 1))


def _hazard_findings(opinion: Opinion) -> Iterable[Finding]:
    for theme in opinion.themes:
        for finding in theme.findings:
            if finding.product == Product.HAZARD and finding.overlap_m2 > 0:
                yield finding


def _is_set_aside(opinion: Opinion, grounds: JudgedBy) -> bool:
    """Whether the ground lies on land set aside, farmland or redline, that was surveyed."""
    return any(
        theme.theme in grounds.rulebook.constraints and any(one.overlap_m2 > 0 and one.rule for one in theme.findings)
        for theme in opinion.themes
        if theme.status is ThemeStatus.CONCERNED
    )


def _place(tried: Tried, grounds: JudgedBy, wanted: Wanted) -> Place:
    shape, (dx, dy), opinion = tried
    moved = math.hypot(dx, dy)
    road_m = float(shapely.distance(wanted.roads, shape).min()) if len(wanted.roads) else None
    far = 0.6 * min(moved / wanted.within_m, 1.0) + 0.4 * min((2000.0 if road_m is None else road_m) / 2000.0, 1.0)
    score = 100.0 - 20.0 * opinion.verdict.severity - 4.0 * _hazard_steps(opinion, grounds.rulebook) - 3.999 * far
    return Place(shape, moved, _bearing(dx, dy), opinion, road_m, score)


def _bearing(dx: float, dy: float) -> float:
    return math.degrees(math.atan2(dx, dy)) % 360.0


def _apart(ranked: Sequence[Place], count: int) -> list[Place]:
    """The best places that do not overlap one another."""
    chosen: list[Place] = []
    for place in ranked:
        if len(chosen) == count:
            break
        if not any(shapely.intersects(place.geometry, one.geometry) for one in chosen):
            chosen.append(place)
    return chosen


def _smallest_move(site: Site, grounds: JudgedBy, original: Opinion, asked: tuple[Wanted, int]) -> Place | None:
    """The nearest place found with a milder verdict: along every bearing, then closer and closer around the best."""
    wanted, budget = asked
    if original.verdict is Verdict.PERMITTED:
        return None
    many = max(4, min(DISTANCES, budget // BEARINGS))
    bearings = np.arange(BEARINGS) * 360.0 / BEARINGS
    distances = wanted.within_m * 1.5 ** -np.arange(many, dtype=float)[::-1]
    best: Place | None = None
    while True:
        found = _nearest(site, grounds, original, (bearings, distances), wanted)
        if found is None or (best is not None and found.moved_m >= best.moved_m):
            return best
        best = found
        shorter = distances[distances < found.moved_m * (1 - 1e-9)]
        low = float(shorter.max()) if len(shorter) else 0.0
        if found.moved_m - low <= PRECISION_M:
            return best
        spread = 360.0 / BEARINGS * (found.moved_m - low) / wanted.within_m + 2.0
        bearings = found.bearing_deg + np.array([-1.0, -0.5, 0.0, 0.5, 1.0]) * spread
        distances = np.linspace(low, found.moved_m, 12)[1:-1]


def _nearest(
    site: Site,
    grounds: JudgedBy,
    original: Opinion,
    fan: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    wanted: Wanted,
) -> Place | None:
    bearings, distances = (np.radians(fan[0]), fan[1])
    offsets = [(float(m * math.sin(b)), float(m * math.cos(b))) for m in distances for b in bearings]
    milder = [one for one in _judged(site, grounds, offsets) if is_milder(one[2], original)]
    nearest = min(milder, key=lambda one: math.hypot(*one[1]), default=None)
    return None if nearest is None else _place(nearest, grounds, wanted)
