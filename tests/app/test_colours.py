"""Ground nobody surveyed looks unlike every grade and unlike plain land, by light and by dark (CIEDE2000 and CIE76)."""

import itertools
import re
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from pathlib import Path

import pytest

from app.http.templates import templates
from app.maps.legend import Legend, legend_of
from risk_model.rulebook import load_rulebook

CSS = Path(__file__).parents[2] / "static" / "css"
NOTICEABLE = 8.0
Colour = tuple[float, float, float]
DARK_INKS = {"grade-ink": ("stroke", 0.42), "grade-dot": ("fill", 0.6)}


@pytest.fixture(scope="module")
def legend() -> Legend:
    return legend_of(load_rulebook())


def tokens(theme: str) -> dict[str, str]:
    """The custom properties of one theme; dark ones override light ones."""
    text = (CSS / "tokens.css").read_text("utf-8")
    light, dark = text.split('[data-theme="dark"]')
    told = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,8});", light))
    return told | dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,8});", dark)) if theme == "dark" else told


def rgb(text: str) -> Colour:
    digits = text[1:] if len(text) == 7 else "".join(2 * sign for sign in text[1:])
    return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))


def over(top: Colour, ground: Colour, share: float) -> Colour:
    return tuple(share * high + (1 - share) * low for high, low in zip(top, ground, strict=True))


def lab(colour: Colour) -> Colour:
    """CIELAB (D65) of an sRGB colour."""
    linear = [(c / 255 / 12.92) if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.95047, 1.0, 1.08883)
    ratios = [sum(a * b for a, b in zip(row, linear, strict=True)) / of for row, of in zip(rows, white, strict=True)]
    x, y, z = (ratio ** (1 / 3) if ratio > 0.008856 else 7.787 * ratio + 16 / 116 for ratio in ratios)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one: Colour, other: Colour) -> float:
    """The difference as CIE 142-2001 has it."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    stretch = 1 + 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    c1, c2 = hypot(stretch * a1, b1), hypot(stretch * a2, b2)
    h1, h2 = (degrees(atan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    weight = 1 - 0.17 * cos(radians(hue - 30)) + 0.24 * cos(radians(2 * hue))
    weight += 0.32 * cos(radians(3 * hue + 6)) - 0.20 * cos(radians(4 * hue - 63))
    s_l = 1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    r_t = -2 * sqrt(chroma**7 / (chroma**7 + 25**7)) * sin(radians(60 * exp(-(((hue - 275) / 25) ** 2))))
    d_l, d_c, d_h = (l2 - l1) / s_l, (c2 - c1) / s_c, 2 * sqrt(c1 * c2) * sin(radians(turn / 2)) / s_h
    return sqrt(d_l**2 + d_c**2 + d_h**2 + r_t * d_c * d_h)


def apart(one: Colour, other: Colour) -> float:
    """The smaller of both measures."""
    return min(
        ciede2000(lab(one), lab(other)), sqrt(sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)))
    )


def test_the_measure_agrees_with_published_pairs():
    """Pairs 1, 7 and 19 of Sharma, Wu, Dalal (2005)."""
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert ciede2000((50, 2.5, 0), (61, -5, 29)) == pytest.approx(22.8977, abs=1e-4)


def pattern(drawn: str, name: str) -> str:
    return re.search(rf'<pattern id="{name}".*?</pattern>', drawn, re.DOTALL)[0]


def hatch(drawn: str, theme: str) -> tuple[Colour, Colour, float]:
    """Ground and line of the hatch in ``theme``, and the share of ground under lines; the rest is opaque."""
    piece = pattern(drawn, "unsurveyed")
    assert "opacity" not in piece
    assert {"hatch-ground", "hatch-line"} == set(re.findall(r'class="([\w-]+)"', piece))
    rules = (CSS / "signs.css").read_text("utf-8")
    assert re.search(r"\.hatch-ground \{\s*fill: var\(--hatch\);", rules)
    assert re.search(r"\.hatch-line \{\s*stroke: var\(--hatch-line\);", rules)
    side, width = (float(re.search(rf' {name}="([\d.]+)"', piece)[1]) for name in ("height", "stroke-width"))
    return rgb(tokens(theme)["hatch"]), rgb(tokens(theme)["hatch-line"]), width / side


def grades(legend: Legend, drawn: str, theme: str) -> dict[str, Colour]:
    """What the eye sees of each grade from afar: its colour on the land, under the ink of its pattern."""
    land = rgb(tokens(theme)["land"])
    seen = {}
    for entry in legend.grades:
        ground = over(rgb(entry.colour), land, entry.fill_opacity)
        ink, cover = rgb(entry.ink), _inked(pattern(drawn, f"grade-{entry.scheme}-{entry.rank}"), theme)
        seen[f"{entry.scheme} {entry.rank}"] = over((255, 255, 255) if theme == "dark" else ink, ground, cover)
    return seen


def _inked(piece: str, theme: str) -> float:
    """How much of a pattern of 8 by 8 its ink covers, times how opaque that ink is."""
    lines = {"cross-hatch": 2 * sqrt(2) / 8, "diagonal": sqrt(2) / 8, "light-lines": 2 / 8}
    by_path = {
        "M-1 1 1-1M0 8 8 0M7 9 9 7M-1 7": "cross-hatch",
        "M-1 1 1-1M0 8 8 0M7 9 9 7": "diagonal",
        "M0 2h8": "light-lines",
    }
    dots = re.findall(r'r="([\d.]+)" fill="#\w+" fill-opacity="([\d.]+)"', piece)
    if dots:
        opaque = DARK_INKS["grade-dot"][1] if theme == "dark" else float(dots[0][1])
        return sum(3.1416 * float(r) ** 2 for r, _ in dots) / 64 * opaque
    line = re.search(r'stroke-width="([\d.]+)" stroke-opacity="([\d.]+)"', piece)
    if not line:
        return 0.0
    name = next(name for start, name in by_path.items() if f'd="{start}' in piece)
    return lines[name] * float(line[1]) * (DARK_INKS["grade-ink"][1] if theme == "dark" else float(line[2]))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_unsurveyed_ground_looks_unlike_every_grade(legend, theme):
    drawn = templates.get_template("_patterns.svg").render(legend=legend)
    ground, line, share = hatch(drawn, theme)
    afar = over(line, ground, share)
    told = {name: round(apart(afar, seen), 1) for name, seen in grades(legend, drawn, theme).items()}
    assert {name: far for name, far in told.items() if far < NOTICEABLE} == {}
    assert apart(afar, rgb(tokens(theme)["land"])) >= NOTICEABLE
    assert apart(line, ground) >= NOTICEABLE


def test_dark_inks_are_as_the_style_sheet_has_them():
    rules = (CSS / "signs.css").read_text("utf-8")
    for name, (kind, opacity) in DARK_INKS.items():
        assert re.search(rf'\[data-theme="dark"\] \.{name} \{{\s*{kind}: #fff;\s*{kind}-opacity: {opacity};', rules)


def test_no_data_in_a_chart_looks_unlike_every_grade(legend):
    script = (CSS.parent / "js" / "charts.js").read_text("utf-8")
    grey = rgb(re.search(r'UNKNOWN = \{ colour: "(#[0-9a-f]{6})"', script)[1])
    far = [apart(grey, rgb(entry.colour)) for entry in itertools.chain(legend.grades)]
    assert min(far) >= NOTICEABLE
