"""The sheet a map picture is laid out on, and the key on it: nothing of the key is cut off, the sheet grows with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from unicodedata import category, east_asian_width

if TYPE_CHECKING:  # whoever draws loads it: it takes a second
    from matplotlib.artist import Artist
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

LETTERS_PT: Final = 8.4
"""Size of every letter on a map, which is printed as large as it is drawn."""
MARGIN_IN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Sheet:
    """Layout of a picture: its size (in), dots an inch, where the map and the key stand (shares of the sheet).

    ``columns`` are those of the key, ``fold`` how many Latin letters its lines hold.
    """

    inches: tuple[float, float]
    dots: int
    map_at: tuple[float, float, float, float]
    key_at: tuple[float, float]
    columns: int
    fold: int


WHOLE: Final = Sheet((7.08, 3.0), 160, (0.003, 0.085, 0.602, 0.91), (0.615, 1.0), 1, 38)
SMALL: Final = Sheet((3.4, 2.55), 130, (0.01, 0.155, 0.98, 0.84), (0.01, 0.135), 2, 22)


def draw_key(figure: Figure, swatches: Mapping[str, Artist], sheet: Sheet) -> Legend:
    """The key of a picture: a swatch for each name, long names in lines."""
    return figure.legend(
        swatches.values(), ["\n".join(lines_of(name, sheet.fold)) for name in swatches], loc="upper left",
        bbox_to_anchor=sheet.key_at, bbox_transform=figure.transFigure, ncols=sheet.columns, fontsize=LETTERS_PT, frameon=False,
        handlelength=1.9, handleheight=1.1, handletextpad=0.5, labelspacing=0.45, columnspacing=1.0, borderaxespad=0.2,
    )  # fmt: skip


def make_room(canvas: FigureCanvasAgg, key: Legend) -> None:
    """Make the sheet longer where its key is, so that the map stays as large as it was and nothing is cut off."""
    figure = canvas.figure
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    lacking = MARGIN_IN - key.get_window_extent(renderer).y0 / figure.dpi
    if lacking <= 0:
        return
    wide, high = figure.get_size_inches()
    higher = high + lacking
    for axes in figure.axes:
        box = axes.get_position()
        axes.set_position((box.x0, (box.y0 * high + lacking) / higher, box.width, box.height * high / higher))
    for words in figure.texts:
        words.set_y((words.get_position()[1] * high + lacking) / higher)
    x, y = figure.transFigure.inverted().transform(key.get_bbox_to_anchor().p0)
    figure.set_size_inches(wide, higher)
    key.set_bbox_to_anchor((x, (y * high + lacking) / higher), transform=figure.transFigure)


def lines_of(name: str, width: int) -> Iterator[str]:
    """``name`` in lines no wider than so many Latin letters, between words where there are any."""
    line = ""
    for word in _words(name):
        if line and sum(_widths(line + word.rstrip())) > width:
            yield line.rstrip()
            line = ""
        line += word
    yield line.rstrip()


def _words(name: str) -> Iterator[str]:
    """Pieces a line may end after: words with their blank, and every letter of a script without blanks."""
    begin = 0
    for end, (letter, after) in enumerate(pairwise(name), 1):
        if letter == " " or (_wide(letter) and not _closes(after)):
            yield name[begin:end]
            begin = end
    yield name[begin:]


def _closes(sign: str) -> bool:
    """Whether no line begins with a sign: blanks, closing brackets and quotes, the stops and commas of a wide script."""
    kind = category(sign)
    return kind in {"Zs", "Pe", "Pf"} or (kind == "Po" and _wide(sign))


def _widths(text: str) -> Iterator[int]:
    return (2 if _wide(letter) else 1 for letter in text)


def _wide(letter: str) -> bool:
    return east_asian_width(letter) in "WF"
