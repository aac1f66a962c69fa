"""Both languages are whole: nothing shown lacks its English, and no English stands for a sentence nobody shows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from app.rendering import catalogue
from risk_model.rulebook import load_rulebook

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALL = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')""")
SEISMIC_CLASSES = re.compile("[甲乙丙丁]")
SCRIPT_TEXT = re.compile(r'"([^"\n]*)"')
SHOWN_BY_PAGES = (
    "app/maps/*.py",
    "app/overview/*.py",
    "app/*/pages.py",
    "app/registers/sheets.py",
    "app/trouble_pages.py",
    "app/enterprises/wor*.py",
    "app/rulebook/words.py",
)
NOT_SHOWN_BY_PAGES = {"app/overview/routes.py"}
"""Its Chinese is the detail of a problem document, which speaks Chinese in both languages."""


def of_templates() -> set[str]:
    """Everything templates pass to ``_()``."""
    pages = [path for path in (ROOT / "app/templates").rglob("*") if path.suffix in {".html", ".svg"}]
    return {one or other for path in pages for one, other in CALL.findall(path.read_text("utf-8"))}


def of_scripts() -> set[str]:
    """Every Chinese text a script holds."""
    found = (
        text for path in (ROOT / "static/js").rglob("*.js") for text in SCRIPT_TEXT.findall(path.read_text("utf-8"))
    )
    return {text for text in found if CHINESE.search(text)}


def of_pages() -> set[str]:
    """Every Chinese text that Python hands to a page: literals that are not docstrings."""
    paths = {path for pattern in SHOWN_BY_PAGES for path in ROOT.glob(pattern)}
    kept = [path for path in paths if str(path.relative_to(ROOT)) not in NOT_SHOWN_BY_PAGES]
    return {text for path in kept for text in _literals(ast.parse(path.read_text("utf-8"))) if CHINESE.search(text)}


def _literals(tree: ast.AST) -> Iterator[str]:
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


def of_rulebook() -> set[str]:
    """Names that come from the rulebook: hazards, grades, project classes."""
    book = load_rulebook()
    return (
        {hazard.name_zh for hazard in book.hazards.values()}
        | {look.name for scheme in book.schemes.values() for look in scheme.grades}
        | {names[0] for names in book.terms.class_names.values()}
    )


def test_everything_shown_has_its_english():
    english = catalogue("en")
    for shown in (of_templates(), of_scripts(), of_pages(), of_rulebook()):
        assert shown
        assert {text for text in shown if CHINESE.search(text) and not english.get(text)} == set()


def test_no_english_stands_for_a_sentence_nobody_shows():
    written = [path for kind in ("html", "svg") for path in (ROOT / "app/templates").rglob(f"*.{kind}")]
    written += [*(ROOT / "static/js").rglob("*.js"), *(ROOT / "risk_model/rules").rglob("*.toml")]
    spoken = [
        _literals(ast.parse(path.read_text("utf-8")))
        for room in ("app", "gis_layers")
        for path in (ROOT / room).rglob("*.py")
    ]
    everything = "\n".join([*(path.read_text("utf-8") for path in written), *(text for one in spoken for text in one)])
    assert {text for text in catalogue("en") if text not in everything} == set()


def test_no_sentence_is_translated_twice():
    said = re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text("utf-8"), re.MULTILINE)
    assert sorted(said) == sorted(set(said))


def test_english_is_english_and_is_not_left_for_later():
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    assert [message.id for message in messages if message.fuzzy or not message.string] == []
    assert [message.id for message in messages if CHINESE.search(SEISMIC_CLASSES.sub("", str(message.string)))] == []
