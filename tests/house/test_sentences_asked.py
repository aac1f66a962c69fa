"""Sentences in tests: a test asks for what was meant, by template, code or field, and for no piece of its Chinese.

What a test itself put in, a name or a cell, it may find again in what is told; ``tests.saying`` has the rest.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.saying import tells

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"%\(\w+\)s|\{[^{}]*\}|\d+(?:\.\d+)?")
"""What a sentence is filled in with, as Python and pages write it, and the numbers that stand there once it is said."""

WORDING = {
    "tests/app/test_guidance.py": "a workbook whose sheets are Chinese in either language",
    "tests/app/test_languages_of_trouble.py": "which language a trouble is told in",
    "tests/app/test_rendering.py": "which language a page is told in",
    "tests/app/test_what_files_rest_on.py": "the disclaimer, which every file carries in both languages by contract",
}
"""Files whose subject is the wording itself, with what it is."""
NAMES = {
    "作业条件危险性分析": "the name of a method, in the language of its page",
    "小海子村": "a village that tests put in; examples of the API name it too",
    "应采用隔震减震等技术": "the note in a table of the console, which has one language and no codes of notes",
}
"""What else is asked for in Chinese though the program says it too, with why: this list grows no further."""


@cache
def shipped() -> str:
    """Everything the program can say: its catalogue, and what rules and workbooks say beside it."""
    said = [ROOT / "app/translations/en/LC_MESSAGES/messages.po", *(ROOT / "risk_model").rglob("*.toml")]
    said += [path for room in ("app", "risk_model/siting") for path in (ROOT / room).rglob("*.py")]
    return PLACE.sub("#", "\n".join(path.read_text("utf-8") for path in sorted(said)))


def words(node: ast.expr) -> str:
    """The text of a literal, with a place where an f-string has one."""
    if isinstance(node, ast.JoinedStr):
        return "".join(words(part) for part in node.values)
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "{}"


def pinned(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every piece of a sentence of ours that an assertion looks for, or looks for in vain, with its line."""
    for claim in ast.walk(tree):
        if not isinstance(claim, ast.Assert):
            continue
        for node in ast.walk(claim.test):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
                asked = words(node.left)
                if CHINESE.search(asked) and asked not in NAMES and PLACE.sub("#", asked) in shipped():
                    yield node.lineno, asked


def test_no_test_pins_a_piece_of_a_sentence():
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name not in WORDING and not name.startswith("tests/browser/"):
            found += [f"{name}:{line}: {asked}" for line, asked in pinned(ast.parse(path.read_text("utf-8")))]
    assert found == []


@pytest.mark.parametrize(
    "slip",
    [
        'assert "没有可用的名称" in told',
        'assert "不能是负数" not in report.problems[0].problem',
        'assert [one for one in told if "与第 3 号要素重叠" in one]',
        'assert f"与第 {n} 号要素重叠" in told',
        'assert "未设选址规则" in finding.message',
    ],
)
def test_a_piece_of_a_sentence_is_found_however_it_is_asked_for(slip):
    assert list(pinned(ast.parse(slip)))


def test_what_a_test_put_in_is_no_sentence():
    assert not list(pinned(ast.parse('assert "月球厂" in told')))


def test_what_is_left_is_counted():
    assert len(NAMES) <= 3
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__))
    assert [name for name in NAMES if name not in tests] == []


def test_every_file_of_wording_still_pins_some():
    assert [name for name in WORDING if not list(pinned(ast.parse((ROOT / name).read_text("utf-8"))))] == []


OVERLAP = "与第 {number} 号要素重叠 {area} m²"


@pytest.mark.parametrize("told", ["「甲」与第 3 号要素重叠 2.5 m²。", OVERLAP.format(number=3, area="2.5")])
def test_a_sentence_is_known_by_its_template_and_by_what_stands_in_it(told):
    assert tells(told, OVERLAP)
    assert tells(told, OVERLAP, number=3)
    assert not tells(told, OVERLAP, number=2)
    assert not tells(told.replace("3", "13"), OVERLAP, number=3)
    assert not tells(told, OVERLAP, area=2)
    assert not tells(told.replace("重叠", "相接"), OVERLAP)


def test_a_template_or_a_place_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        tells("与第 3 号要素重叠", "与第 {number} 号要素重叠")
    with pytest.raises(AssertionError, match="no such place"):
        tells("", OVERLAP, n=3)
