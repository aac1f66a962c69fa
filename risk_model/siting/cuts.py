"""The smallest cut (最小裁减): a site without the zones that decide its verdict, each of its parts without those that decide its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import shapely

from risk_model.shapes import AREAL, as_array
from risk_model.siting.parts import grounds_in, without_strips
from risk_model.vocabulary import Opinion, Site, Verdict, ZoneSet

LEAST_KEPT: Final = 0.3
"""Share a cut leaves at least of the outline, and of each part of it."""
CUT_MARGIN_M: Final = 0.05
SPIKE_M: Final = 0.002
"""What is narrower is left over where edges of parts ran along one another, and no outline anybody drew."""


@dataclass(frozen=True, slots=True)
class OutlineCut:
    """The outline without the ground that decides its verdict: what is left, how much was cut, the verdict then.

    Of a site with parts the ``opinion`` holds what is left of each.
    """

    geometry: Any
    cut_m2: float
    kept_share: float
    opinion: Opinion


class NoCut(StrEnum):
    """Reason why no cut is told of a site: each but the first tells what cutting could not do."""

    NOT_NEEDED = "not needed"
    NO_OUTLINE = "no outline"
    NO_ZONE = "no zone"
    TOO_LITTLE = "too little"
    NOT_MILDER = "not milder"


def is_milder(opinion: Opinion, original: Opinion) -> bool:
    """Whether a verdict is milder, and not because nobody looked."""
    return opinion.verdict is not Verdict.INSUFFICIENT_DATA and opinion.verdict.severity < original.verdict.severity


def smallest_cut(
    site: Site, original: Opinion, zones: ZoneSet, judge: Callable[[Sequence[Site]], list[Opinion]]
) -> OutlineCut | NoCut:
    """The outline without the zones whose findings decide its verdict; or why there is no such cut.

    Of a site with parts each loses the zones that decide its own, and each is left enough of.
    """
    outline = original.footprint
    if original.verdict is Verdict.PERMITTED:
        return NoCut.NOT_NEEDED
    if shapely.get_dimensions(site.geometry) < AREAL:
        return NoCut.NO_OUTLINE
    pieces = original.parts or ((replace(site, geometry=outline), original),)
    offending = [_offending(of, original.verdict, zones) for _, of in pieces]
    if all(ground is None for ground in offending):
        return NoCut.NO_ZONE
    stays = shapely.difference(outline, _within(pieces, offending) if original.parts else offending[0])
    if original.parts:
        stays = without_strips(stays, SPIKE_M)
    left = max(shapely.get_parts(stays), key=shapely.area, default=None)
    if left is None or not _keeps(left, outline):
        return NoCut.TOO_LITTLE
    rest = _left_of(replace(site, geometry=left, drawn=None), pieces, offending) if original.parts else ()
    if rest is None:
        return NoCut.TOO_LITTLE
    (opinion,) = judge([replace(site, geometry=left, drawn=None, parts=rest)])
    kept, whole = float(shapely.area(left)), float(shapely.area(outline))
    return OutlineCut(left, whole - kept, kept / whole, opinion) if is_milder(opinion, original) else NoCut.NOT_MILDER


Pieces = Sequence[tuple[Site, Opinion]]


def _offending(opinion: Opinion, verdict: Verdict, zones: ZoneSet) -> Any:
    """The zones whose findings make an opinion that ``verdict``, and a margin around them; None where there are none."""
    decisive = {
        (finding.zone, finding.product)
        for theme in opinion.themes
        for finding in theme.findings
        if finding.verdict is verdict and finding.rule is not None and finding.zone is not None
    }
    chosen = [number for number, key in enumerate(zip(zones.zone, zones.product, strict=True)) if key in decisive]
    return shapely.buffer(shapely.union_all(zones.geometry[chosen]), CUT_MARGIN_M) if chosen else None


def _within(pieces: Pieces, offending: Sequence[Any]) -> Any:
    """The ground to be cut: of each part what offends it, for another may well lie there."""
    decided = [(part, ground) for (part, _), ground in zip(pieces, offending, strict=True) if ground is not None]
    return shapely.union_all(as_array([shapely.intersection(part.geometry, ground) for part, ground in decided]))


def _left_of(site: Site, pieces: Pieces, offending: Sequence[Any]) -> tuple[Site, ...] | None:
    """The parts as far as they lie in the cut outline of ``site``, the rest last; None where one of them keeps too little."""
    named = [*_named_left(site, pieces, offending)]
    rest_of_it = shapely.difference(site.geometry, shapely.union_all(as_array([one.geometry for one in named])))
    ground = grounds_in(without_strips(rest_of_it))
    rest = [replace(site, geometry=shapely.multipolygons(ground), name="")] if len(ground) else []
    left = {one.name: one.geometry for one in (*named, *rest)}
    if all(_keeps(left.get(part.name), part.geometry) for part, _ in pieces):
        return (*named, *rest)
    return None


def _named_left(site: Site, pieces: Pieces, offending: Sequence[Any]) -> Iterator[Site]:
    for (part, _), ground in zip(pieces, offending, strict=True):
        if part.name:
            kept = shapely.get_parts(part.geometry if ground is None else shapely.difference(part.geometry, ground))
            within = shapely.area(shapely.intersection(kept, site.geometry)) > shapely.area(kept) / 2
            yield replace(part, geometry=shapely.multipolygons(kept[within]), drawn=None)


def _keeps(left: Any, whole: Any) -> bool:
    return left is not None and bool(shapely.area(left) >= LEAST_KEPT * shapely.area(whole))
