"""Boundary-point lists (界址点): plots of numbered points as land offices exchange them, with or without their heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd
import shapely
from pyproj import CRS

from gis_layers.crs import STORAGE_CRS, GaussKrueger, parse_crs
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Problem
from gis_layers.exchange.systems.pasted_systems import heed_headings
from gis_layers.exchange.text.coordinate_text import Row, read_points
from risk_model.message import msg
from risk_model.shapes import as_array

_SECTION = re.compile(r"\s*[\[【][^\]】]*[\]】]\s*$")
_SETTING = re.compile(r"\s*(?P<name>[^=,;\d][^=,;]*?)\s*=\s*(?P<value>.*?)\s*$")
NAME: Final = "boundary_points"
_PLOT_END: Final = "@"
_2000 = re.compile("2000|cgcs", re.IGNORECASE)
_PREFIX: Final = 1_000_000
_LARGEST_DEGREE: Final = 180.0
_HECTARE: Final = 10_000.0
_SAME_AREA: Final = 0.01
_OF_RING: Final = 3
_FIRST_LINES: Final = 40


@dataclass(slots=True)
class ListedPlot:
    """One plot: what its line says of it, and the lines of its points."""

    told: list[str]
    lines: dict[int, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its points on the lines they have in the file."""
        return "\n".join(self.lines.get(number, "") for number in range(max(self.lines, default=-1) + 1))

    def tells(self, column: int) -> str | None:
        """A cell of its line; None where it is empty."""
        return (self.told[column].strip() or None) if column < len(self.told) else None


def is_boundary_list(text: str) -> bool:
    """Whether a text is such a list: a section in brackets, a plot that ends in @, or points from the first line on."""
    lines = [line for line in text.splitlines()[:_FIRST_LINES] if line.strip()]
    if any(_SECTION.match(line) or _is_plot(line) for line in lines):
        return True
    found = read_points(lines[0]) if lines else None
    return found is not None and not found.problems and bool(found.plots)


def read_boundary_list(text: str, path: Path) -> RawLayer:
    """Read the plots of a list, one feature each; later rings of a plot are holes. Raises UnreadableFile.

    The list says its system; X is north and comes first, Y east. Without that the numbers are read as they stand.
    """
    settings, plots = _parted(text)
    read = [_read(plot) for plot in plots]
    points = [row for rows, _ in read for row in rows]
    if not points:
        raise UnreadableFile(msg("{name} 里没有界址点", name=path.name))
    declared = _system(settings, points, path)
    told = heed_headings(text, {row.line for row in points}, None)
    shapes = [_shape(rows, trouble, plot) for (rows, trouble), plot in zip(read, plots, strict=True)]
    broken = {number: why for number, (_, why) in enumerate(shapes) if why}
    degrees = all(abs(value) <= _LARGEST_DEGREE for row in points for value in (row.first.number, row.second.number))
    return RawLayer(
        format=NAME,
        layer=path.stem,
        geometries=as_array([shape for shape, _ in shapes]),
        attributes=_table(plots),
        declared=declared or (parse_crs(STORAGE_CRS) if degrees else None),
        implied=declared is None,
        stated=() if told.meridian is None else (msg("CGCS2000 中央经线{meridian}°", meridian=told.meridian),),
        untrusted=(told.problem.said, msg("{advice}后重新导出", advice=msg("向资料提供单位核实坐标系")))
        if told.problem
        else None,
        broken=broken,
        problems=tuple(_other_areas(plots, [shape for shape, _ in shapes])) if not degrees else (),
        met=len(plots),
    )


def count_plots(text: str) -> int:
    """The plots of a list: the lines that end in @, or where it has none the groups of points between empty lines."""
    lines = text.splitlines()
    marked = sum(_is_plot(line) for line in lines)
    groups = "\n".join("" if _SECTION.match(line) or _SETTING.match(line) else line for line in lines)
    return marked or sum(any(map(str.isdigit, group)) for group in re.split(r"\n\s*\n", groups))


def _is_plot(line: str) -> bool:
    return line.rstrip(", \t").endswith(_PLOT_END)


def _parted(text: str) -> tuple[dict[str, str], list[ListedPlot]]:
    """The settings of a list, and its plots: a line that ends in @ begins one, without such lines an empty one does."""
    settings: dict[str, str] = {}
    plots: list[ListedPlot] = []
    lines = text.splitlines()
    marked = any(map(_is_plot, lines))
    fresh = True
    for number, line in enumerate(lines):
        setting = _SETTING.match(line)
        if _is_plot(line):
            plots.append(ListedPlot(re.split("[,，]", line)))
        elif _SECTION.match(line) or setting or not line.strip():
            settings |= {setting["name"]: setting["value"]} if setting else {}
            fresh = True
        elif any(map(str.isdigit, line)) and (plots or not marked):
            if fresh and not marked:
                plots.append(ListedPlot([]))
            fresh = False
            plots[-1].lines[number] = line
    return settings, plots


def _read(plot: ListedPlot) -> tuple[list[Row], str | None]:
    written = read_points(plot.text)
    rows = [row for rows in written.plots for row in rows]
    if written.problems:
        return rows, written.problems[0].said
    return rows, None if rows else msg("地块没有界址点")


def _system(settings: dict[str, str], points: list[Row], path: Path) -> CRS | None:
    """The system a list declares. Raises UnreadableFile for one that is not CGCS2000."""
    name = settings.get("坐标系")
    if name and not _2000.search(name):
        raise UnreadableFile(
            msg(
                "{name} 的坐标系是「{system}」，没有当地参数无法可靠转换到 CGCS2000；请向资料提供单位索取 2000 国家大地坐标系的成果",
                name=path.name,
                system=name,
            )
        )
    zone, width = _whole(settings.get("带号")), _whole(settings.get("几度分带"))
    if not zone or width not in (3, 6):
        return None
    prefixed = all(max(abs(row.first.number), abs(row.second.number)) > _PREFIX * 10 for row in points)
    code = GaussKrueger(zone, width, prefixed=prefixed).code
    return parse_crs(code) if code else None


def _whole(text: str | None) -> int | None:
    found = re.search(r"\d+", text or "")
    return int(found[0]) if found else None


def _shape(rows: list[Row], trouble: str | None, plot: ListedPlot) -> tuple[Any, str | None]:
    if trouble:
        return None, trouble
    wanted, rings = _whole(plot.tells(0)), list(dict.fromkeys(row.ring for row in rows))
    corners = [_corners([row for row in rows if row.ring == ring]) for ring in rings]
    distinct = sum(len({*ring}) for ring in corners)
    if wanted is not None and wanted not in range(distinct, len(rows) + 1):
        return None, msg("地块写有 {written} 个界址点，实际有 {found} 个", written=wanted, found=distinct)
    kind = plot.tells(4) or ""
    if "点" in kind:
        return shapely.MultiPoint(corners[0]) if distinct > 1 else shapely.Point(corners[0][0]), None
    if "线" in kind:
        return (shapely.LineString(corners[0]), None) if distinct > 1 else (None, msg("环或线的顶点太少"))
    if any(len({*ring}) < _OF_RING for ring in corners):
        return None, msg("环或线的顶点太少")
    return shapely.Polygon(corners[0], corners[1:]), None


def _corners(rows: list[Row]) -> list[tuple[float, float]]:
    """East before north: a list writes X, which is north, first, and degrees as they are marked."""
    angles = all(max(abs(row.first.number), abs(row.second.number)) <= _LARGEST_DEGREE for row in rows)
    marked = any(row.first.axis == "lat" or row.second.axis == "lon" for row in rows)
    swapped = marked if angles else True
    return [(row.second.number, row.first.number) if swapped else (row.first.number, row.second.number) for row in rows]


def _other_areas(plots: list[ListedPlot], shapes: list[Any]) -> Iterator[Problem]:
    """Plots whose written area, in hectares, is another than their points enclose."""
    for number, (plot, shape) in enumerate(zip(plots, shapes, strict=True)):
        try:
            written = float(plot.tells(1) or 0)
        except ValueError:
            continue
        found = 0.0 if shape is None else shapely.area(shape) / _HECTARE
        if written and found and abs(written - found) > _SAME_AREA * max(written, found):
            yield Problem(
                number,
                msg(
                    "地块写明面积 {written} 公顷，界址点围成 {found} 公顷", written=f"{written:g}", found=f"{found:.4f}"
                ),
                None,
                msg("核对界址点是否齐全"),
            )


def _table(plots: list[ListedPlot]) -> pd.DataFrame:
    columns = {
        "name": [plot.tells(3) for plot in plots],
        "source_id": [plot.tells(2) for plot in plots],
        "land_use": [plot.tells(6) for plot in plots],
    }
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    return pd.DataFrame(kept, index=range(len(plots)), dtype=object)
