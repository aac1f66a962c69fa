"""Footprints: the ground a project is judged on, made from the polygon, line or point that was handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.errors import UnreadableSite
from risk_model.message import Message, msg
from risk_model.rulebook.terms import SitingTerms
from risk_model.shapes import as_array
from risk_model.tangles import widened
from risk_model.vocabulary import SMALLEST_SITE_M2, Geometries, Site

_POINT, _LINE, _AREA, _UNUSABLE = 0, 1, 2, -1
_KINDS: Final = np.full(int(shapely.GeometryType.GEOMETRYCOLLECTION) + 2, _UNUSABLE)
"""What each geometry type is built as, by its number; the last place is for a missing geometry, whose number is -1."""
_KINDS[[shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT]] = _POINT
_KINDS[[shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING, shapely.GeometryType.MULTILINESTRING]] = _LINE
_KINDS[[shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]] = _AREA


@dataclass(frozen=True, slots=True)
class Footprints:
    """Judged polygons in the metric CRS, parallel to the sites; areas in m², perimeters and widths in metres."""

    geometry: Geometries
    area_m2: npt.NDArray[np.float64]
    perimeter_m: npt.NDArray[np.float64]
    buffered_m: npt.NDArray[np.float64]

    def some(self, numbers: npt.NDArray[np.int64]) -> Footprints:
        """The footprints of ``numbers`` alone."""
        return Footprints(
            self.geometry[numbers], self.area_m2[numbers], self.perimeter_m[numbers], self.buffered_m[numbers]
        )


def lay_footprints(sites: Sequence[Site], terms: SitingTerms) -> Footprints:
    """The footprint of each site: a polygon as it is, a point or line widened by its class's width.

    UnreadableSite for a site that is missing, empty, invalid, of another geometry type, without area or a polygon below
    a square metre; a caller that wants repairs makes them before and has them accepted by a person.
    """
    geometry = as_array([site.geometry for site in sites])
    kinds = _KINDS[shapely.get_type_id(geometry)]
    _refuse(sites, kinds == _UNUSABLE, msg("几何类型不能用；请提交点、线或面"))
    _refuse(sites, shapely.is_empty(geometry), msg("几何是空的"))
    _refuse(sites, ~shapely.is_valid(geometry), msg("几何无效；请修复并确认修复结果"))
    width = np.zeros(len(sites))
    points, lines = np.flatnonzero(kinds == _POINT), np.flatnonzero(kinds == _LINE)
    if points.size:
        width[points] = [terms.point_m[sites[number].project_class] for number in points.tolist()]
        geometry[points] = widened(geometry[points], width[points])
    if lines.size:
        width[lines] = [terms.line_m[sites[number].project_class] for number in lines.tolist()]
        geometry[lines] = widened(geometry[lines], width[lines], cap_style="flat")
    area = shapely.area(geometry)
    _refuse(sites, ~(np.isfinite(area) & (area > 0)), msg("没有占地面积"))
    slips = (kinds == _AREA) & (area < SMALLEST_SITE_M2)
    _refuse(sites, slips, msg("占地不到 {least} 平方米；请绘制项目实际占用的范围", least=f"{SMALLEST_SITE_M2:g}"))
    return Footprints(geometry, area, shapely.length(geometry), width)


def _refuse(sites: Sequence[Site], wrong: npt.NDArray[np.bool_], trouble: Message) -> None:
    if wrong.any():
        number = int(np.argmax(wrong))
        name = sites[number].name or msg("第 {number} 个", number=number)
        raise UnreadableSite(msg("地块 {name}：{trouble}", name=name, trouble=trouble))
