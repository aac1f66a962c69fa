"""The map picture of a report, drawn in the metric CRS: the site, what was met, and a key of exactly what is drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from typing_extensions import TypedDict

from app.reports.picture_sheet import LETTERS_PT, WHOLE, Sheet, draw_key, make_room
from gis_layers.crs import Bounds

if TYPE_CHECKING:  # whoever draws loads it: it takes a second
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle
    from matplotlib.typing import ColorType, LineStyleType

CHINESE: Final = "Noto Sans CJK SC"
FONTS: Final = [CHINESE, "DejaVu Sans"]
INK: Final = "#17212b"
WIDE_BY_HIGH: Final = 1.557
"""The shape of the map itself, within the picture."""
LEAST_M: Final = 300.0
"""A map is at least so wide (m), or a small site would stand on nothing."""
AROUND: Final = 0.6
OF_THE_WIDTH: Final = 0.25
"""The scale bar is no longer than this share of the map."""


MAP: Final = "map.png"


@dataclass(frozen=True, slots=True)
class Look:
    """Look of a shape: fill (None: none) and its opacity, hatch, colours of hatch and edge, width (pt), dashes."""

    fill: str | None
    opacity: float = 1.0
    hatch: str = ""
    ink: str = INK
    edge: str = INK
    width: float = 0.8
    dashed: bool = False


class Filling(TypedDict):
    """Look of a filled shape in the words of the drawing library."""

    facecolor: ColorType
    edgecolor: ColorType
    hatch: str | None
    hatchcolor: ColorType
    linewidth: float


@dataclass(frozen=True, slots=True)
class MapLayer:
    """Something that is drawn under one name of the key: ``geometry`` in the metric CRS."""

    name: str
    geometry: BaseGeometry
    look: Look


@dataclass(frozen=True, slots=True)
class Distance:
    """The shortest way between the site and something met, in words."""

    line: BaseGeometry
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words that stand at a place (x, y in the metric CRS)."""

    at: tuple[float, float]
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All of a map picture: layers from the ground up, ``frame`` in the metric CRS, words in the reader's language."""

    frame: Bounds
    layers: tuple[MapLayer, ...]
    distances: tuple[Distance, ...]
    north: str
    notes: tuple[str, ...]
    corners: tuple[str, str]
    """Coordinates of the south-west and north-east corner."""
    details: tuple[Detail, ...] = ()
    """Small maps of what was met, one each."""
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """A small map beside the whole one: what it shows in words, and the picture."""

    words: str
    picture: Picture


def frame_around(site: BaseGeometry, lines: Sequence[BaseGeometry]) -> Bounds:
    """The part of the ground that is shown: the site in its middle, with room around it and every distance within."""
    west, south, east, north = shapely.bounds(site)
    centre = (west + east) / 2, (south + north) / 2
    reached = shapely.bounds([site, *lines])
    across = max(np.abs(reached[:, [0, 2]] - centre[0]).max(), np.abs(reached[:, [1, 3]] - centre[1]).max())
    half_high = max(LEAST_M / 2, float(across) * (1 + AROUND))
    half_wide = half_high * WIDE_BY_HIGH
    return centre[0] - half_wide, centre[1] - half_high, centre[0] + half_wide, centre[1] + half_high


def detail_name(number: int) -> str:
    """Name of the file of the small map of this number, from 0."""
    return f"finding-{number + 1}.png"


def drawn_layers(picture: Picture) -> list[MapLayer]:
    """The layers of which anything lies in the frame, cut to it; they are drawn, and they alone stand in the key."""
    cut = [MapLayer(one.name, _within(one.geometry, picture.frame), one.look) for one in picture.layers]
    return [one for one in cut if not shapely.is_empty(one.geometry)]


def find_chinese_font() -> str:
    """Name of the font in which pictures write Chinese; empty where none is installed."""
    from matplotlib.font_manager import FontProperties, findfont  # noqa: PLC0415

    try:
        findfont(FontProperties(family=CHINESE), fallback_to_default=False)
    except ValueError:
        return ""
    return CHINESE


def draw_picture(picture: Picture, sheet: Sheet = WHOLE) -> bytes:
    """``picture`` as a PNG laid out as ``sheet`` says; the same picture gives the same bytes."""
    # Matplotlib is loaded by whoever draws: it takes a second.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context({"font.family": FONTS, "hatch.linewidth": 0.6, "font.size": LETTERS_PT, "axes.linewidth": 0.8}):
        figure = Figure(figsize=sheet.inches, dpi=sheet.dots)
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes(sheet.map_at)
        _draw_map(axes, picture)
        figure.text(0.006, 0.025, " · ".join(picture.notes), fontsize=LETTERS_PT, color=INK)
        make_room(canvas, draw_key(figure, _swatches(drawn_layers(picture)), sheet))
        content = io.BytesIO()
        canvas.print_png(content, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return content.getvalue()


def _within(geometry: BaseGeometry, frame: Bounds) -> BaseGeometry:
    return shapely.intersection(geometry, shapely.box(*frame))


def _draw_map(axes: Axes, picture: Picture) -> None:
    west, south, east, north = picture.frame
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal", xticks=[], yticks=[], facecolor="#f4f3ec")
    for order, layer in enumerate(drawn_layers(picture)):
        for part in _parts(layer.geometry):
            axes.add_artist(_artist(part, layer.look, zorder=2 + order))
    for distance in picture.distances:
        _draw_distance(axes, distance)
    for label in picture.labels:
        _draw_words(axes, label)
    _draw_scale(axes, picture.frame)
    _draw_north(axes, picture.north)
    halo = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.2}
    axes.text(0.008, 0.012, picture.corners[0], transform=axes.transAxes, fontsize=LETTERS_PT, bbox=halo, zorder=90)
    axes.text(
        0.992,
        0.985,
        picture.corners[1],
        transform=axes.transAxes,
        fontsize=LETTERS_PT,
        ha="right",
        va="top",
        bbox=halo,
        zorder=90,
    )


def _parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(geometry):
        if shapely.get_type_id(part) == shapely.GeometryType.GEOMETRYCOLLECTION:
            yield from _parts(part)
        elif not shapely.is_empty(part):
            yield part


def _artist(part: BaseGeometry, look: Look, *, zorder: int) -> Artist:
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.patches import PathPatch  # noqa: PLC0415
    from matplotlib.path import Path  # noqa: PLC0415

    style = _stroke(look)
    if shapely.get_dimensions(part) == 0:
        x, y = shapely.get_coordinates(part)[0]
        return Line2D([x], [y], marker="o", color=look.edge, markersize=4, zorder=zorder)
    if shapely.get_dimensions(part) == 1:
        xy = shapely.get_coordinates(part)
        return Line2D(xy[:, 0], xy[:, 1], color=look.edge, linewidth=look.width, linestyle=style, zorder=zorder)
    rings = [Path(shapely.get_coordinates(ring), closed=True) for ring in shapely.get_rings(part)]
    return PathPatch(Path.make_compound_path(*rings), zorder=zorder, **_filled(look), linestyle=style)


def _stroke(look: Look) -> LineStyleType:
    return (0, (4, 2)) if look.dashed else "solid"


def _filled(look: Look) -> Filling:
    from matplotlib.colors import to_rgba  # noqa: PLC0415

    fill = "none" if look.fill is None else to_rgba(look.fill, look.opacity)
    return {
        "facecolor": fill,
        "edgecolor": look.edge,
        "hatch": look.hatch or None,
        "hatchcolor": look.ink,
        "linewidth": look.width,
    }


def _draw_distance(axes: Axes, distance: Distance) -> None:
    xy = shapely.get_coordinates(distance.line)
    x, y = (float(value) for value in xy.mean(axis=0))
    axes.plot(xy[:, 0], xy[:, 1], color=INK, linewidth=0.9, linestyle=(0, (2, 1.5)), zorder=80)
    _draw_words(axes, Label((x, y), distance.words))


def _draw_words(axes: Axes, label: Label) -> None:
    halo = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 0.8}
    axes.text(
        *label.at,
        label.words,
        fontsize=LETTERS_PT,
        ha="center",
        va="center",
        bbox=halo,
        zorder=81,
        clip_on=True,
    )


def scale_length_m(width_m: float) -> float:
    """Length of the scale bar (m): the longest of 1, 2 or 5 times a power of ten that has room."""
    most = width_m * OF_THE_WIDTH
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in (1, 2, 5) if step * power <= most))


def _draw_scale(axes: Axes, frame: Bounds) -> None:
    west, south, east, north = frame
    length = scale_length_m(east - west)
    x, y, tall = west + (east - west) * 0.04, south + (north - south) * 0.075, (north - south) * 0.012
    for half, colour in ((0, INK), (1, "white")):
        axes.add_patch(_box(x + half * length / 2, y, length / 2, tall, colour))
    told = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(x, y + tall * 1.6, "0", fontsize=LETTERS_PT, ha="center", zorder=91)
    axes.text(x + length, y + tall * 1.6, told, fontsize=LETTERS_PT, ha="center", zorder=91)


def _box(x: float, y: float, wide: float, tall: float, colour: str) -> Rectangle:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    return Rectangle((x, y), wide, tall, facecolor=colour, edgecolor=INK, linewidth=0.6, zorder=91)


def _draw_north(axes: Axes, word: str) -> None:
    arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.2}
    axes.annotate(
        word, (0.03, 0.975), (0.03, 0.88), "axes fraction", "axes fraction", arrow, ha="center", va="top", zorder=92
    )


def _swatches(layers: list[MapLayer]) -> dict[str, Artist]:
    """What stands for each name in the key, the topmost first."""
    from matplotlib.lines import Line2D  # noqa: PLC0415
    from matplotlib.patches import Patch  # noqa: PLC0415

    swatches: dict[str, Artist] = {}
    for layer in reversed(layers):
        style = _stroke(layer.look)
        if shapely.get_dimensions(layer.geometry) == 2:
            swatches.setdefault(layer.name, Patch(**_filled(layer.look), linestyle=style))
        else:
            look = layer.look
            swatches.setdefault(layer.name, Line2D([], [], color=look.edge, linewidth=look.width, linestyle=style))
    return swatches
