"""Parts of a site with a class of their own: how they may lie in its outline, and one opinion joined from theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.conditions import Condition, NotAsked, Note
from risk_model.errors import UnreadableSite
from risk_model.firmness import Shift
from risk_model.message import msg
from risk_model.operators import Bilingual
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.siting.footprints import lay_footprints
from risk_model.siting.part_firmness import join_own_scale, join_shifts
from risk_model.vocabulary import (
    SMALLEST_SITE_M2,
    Finding,
    Opinion,
    Site,
    ThemeReport,
    ThemeStatus,
    Verdict,
)

DRAWN_TO_M: Final = 0.05
"""Strips narrower than this many metres, on the average of their length, are how outlines are drawn and no ground of their own."""
REST: Final = Bilingual("其余部分", "the rest of the site")
GRAVEST: Final = {ThemeStatus.NOT_CONCERNED: 0, ThemeStatus.NO_DATA: 1, ThemeStatus.CONCERNED: 2}


@dataclass(frozen=True, slots=True)
class PartTrouble:
    """What is wrong with the ``part``-th part: it lies ``outside`` the outline or on the ``other``-th; a place there (x, y)."""

    kind: Literal["outside", "overlap"]
    part: int
    other: int
    place: tuple[float, float]


def find_part_trouble(outline: Any, parts: Sequence[Any]) -> PartTrouble | None:
    """The first part that leaves ``outline`` or overlaps another by more than a strip ``DRAWN_TO_M`` wide (valid polygons, metric CRS)."""
    for number, part in enumerate(parts):
        beyond = grounds_in(shapely.difference(part, outline))
        if len(beyond):
            return PartTrouble("outside", number, number, _place_in(beyond))
    tree = shapely.STRtree(parts)
    pairs = np.sort(tree.query(as_array(list(parts)), predicate="intersects").T, axis=1)
    for first, second in sorted({(int(a), int(b)) for a, b in pairs if a != b}):
        shared = grounds_in(shapely.intersection(parts[first], parts[second]))
        if len(shared):
            return PartTrouble("overlap", first, second, _place_in(shared))
    return None


def examine_parts(
    outline: Any, parts: Sequence[Any], drawn: Any, drawn_parts: Sequence[Any]
) -> tuple[PartTrouble | None, Any]:
    """What is wrong with ``parts`` (metric CRS), and what they leave of the outline as both are ``drawn`` (any CRS)."""
    trouble = find_part_trouble(outline, parts)
    return trouble, None if trouble else shapely.difference(drawn, shapely.union_all(as_array(list(drawn_parts))))


def is_ground(polygons: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """True for polygons (metric CRS) that are ground of their own: a square metre at least, and wider than ``DRAWN_TO_M``."""
    area = shapely.area(polygons)
    return np.asarray((area >= SMALLEST_SITE_M2) & (area > DRAWN_TO_M * shapely.length(polygons) / 2))


def grounds_in(shape: Any) -> npt.NDArray[Any]:
    """The polygons of ``shape`` (metric CRS) that are ground of their own."""
    polygons = shapely.get_parts(shape)
    return np.asarray(polygons[is_ground(polygons)])


def without_strips(shape: Any, width_m: float = DRAWN_TO_M) -> Any:
    """A polygon (metric CRS) without what of it is narrower than ``width_m``: such runs where edges all but share a line."""
    corners: dict[str, Any] = {"join_style": "mitre", "mitre_limit": 100.0}
    return shapely.buffer(shapely.buffer(shape, -width_m / 2, **corners), width_m / 2, **corners)


def _place_in(grounds: npt.NDArray[Any]) -> tuple[float, float]:
    place = shapely.point_on_surface(grounds[0])
    return float(shapely.get_x(place)), float(shapely.get_y(place))


def refuse_parts(sites: Sequence[Site]) -> None:
    """Raises UnreadableSite for a site with parts."""
    for site in sites:
        if site.parts:
            raise UnreadableSite(
                msg("地块 {name}：批量筛查不判断分区；请在选址页或接口逐个筛查", name=site.name or "—")
            )


def join_opinions(site: Site, opinions: Sequence[Opinion], rulebook: RuleBook) -> Opinion:
    """One opinion on ``site`` of those on its parts, in their order: what is gravest of them, each thing told with its part."""
    ground = lay_footprints([site], rulebook.terms)
    parts = tuple(zip(site.parts, opinions, strict=True))
    verdict = Verdict.worst([one.verdict for one in opinions])
    sensitivity = tuple(join_shifts(opinions, verdict))
    themes = tuple(_joined_theme(key, parts) for key in _in_order([one.theme for of in opinions for one in of.themes]))
    return Opinion(
        verdict=verdict,
        borderline=_is_borderline(opinions, verdict, sensitivity),
        data_gaps=_in_order([gap for one in opinions for gap in one.data_gaps]),
        themes=themes,
        sensitivity=sensitivity,
        footprint=ground.geometry[0],
        area_m2=float(ground.area_m2[0]),
        buffered_m=float(ground.buffered_m[0]),
        seismic_class=rulebook.seismic_class(site),
        conditions=_with_parts(parts, lambda opinion: opinion.conditions),
        notes=_with_parts(parts, lambda opinion: opinion.notes),
        not_asked=tuple(_asked_of_none(opinions)),
        own_scale=join_own_scale(opinions, verdict),
        parts=parts,
    )


Parts = Sequence[tuple[Site, Opinion]]
Named = TypeVar("Named", Condition, Note, Finding)
Key = TypeVar("Key")


def _with_parts(parts: Parts, told: Callable[[Opinion], tuple[Named, ...]]) -> tuple[Named, ...]:
    return tuple(replace(one, part=site.name) for site, opinion in parts for one in told(opinion))


def _in_order(keys: Sequence[Key]) -> tuple[Key, ...]:
    return tuple(dict.fromkeys(keys))


def _is_borderline(opinions: Sequence[Opinion], verdict: Verdict, sensitivity: Sequence[Shift]) -> bool:
    """Whether every part of the gravest verdict is borderline, or the nearest shift of borders makes another verdict of them all."""
    nearest = min((abs(shift.shift_m) for shift in sensitivity), default=0.0)
    moved = any(abs(one.shift_m) == nearest and one.verdict is not verdict for one in sensitivity)
    return moved or all(one.borderline for one in opinions if one.verdict is verdict)


def _asked_of_none(opinions: Sequence[Opinion]) -> Iterator[NotAsked]:
    """The themes asked of no part; which rules there are is the same for all."""
    unasked = [{one.theme: one for one in opinion.not_asked} for opinion in opinions]
    return (one for key, one in unasked[0].items() if all(key in of for of in unasked))


def _joined_theme(key: str, parts: Parts) -> ThemeReport:
    """A theme of all parts: concerned where it is of one, without data where it is of one and none is concerned."""
    told = [(part.name, opinion.area_m2, one) for part, opinion in parts for one in opinion.themes if one.theme == key]
    reports = [one for _, _, one in told]
    areas = [area for _, area, _ in told]
    lacking = [(name, one) for name, _, one in told if one.status is ThemeStatus.NO_DATA]
    surveyed = sum(area * one.covered_share for area, one in zip(areas, reports, strict=True))
    why = _joined_reasons(lacking)
    return ThemeReport(
        theme=key,
        status=max((one.status for one in reports), key=GRAVEST.__getitem__),
        covered_share=surveyed / sum(areas),
        mandatory=any(one.mandatory for one in reports),
        findings=tuple(replace(found, part=name) for name, _, one in told for found in one.findings),
        reach_m=max(one.reach_m for one in reports),
        reach_share=min(one.reach_share for one in reports),
        reason=why.zh,
        reason_en=why.en,
    )


def name_part(words: Bilingual, part: str | None) -> Bilingual:
    """``words`` with the part they are said of, or with what the parts leave."""
    chinese, english = (f"分区“{part}”", f"part “{part}”") if part else (REST.zh, REST.en)
    return Bilingual(f"{words.zh}（{chinese}）", f"{words.en} ({english})")


def _joined_reasons(lacking: Sequence[tuple[str, ThemeReport]]) -> Bilingual:
    chinese = "；".join(f"{name or REST.zh}：{one.reason}" for name, one in lacking)
    english = "; ".join(f"{name or REST.en}: {one.reason_en}" for name, one in lacking)
    return Bilingual(chinese, english)
