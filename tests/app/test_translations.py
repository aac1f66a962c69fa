"""Both languages are whole: nothing pages and scripts show lacks its English, and no English stands for what nobody shows.

What Python says is walked in ``tests/house/test_messages.py``.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from app.http.i18n import catalogue
from risk_model.rulebook import load_rulebook

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SPOKEN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""Chinese letters or Chinese punctuation."""
CALL = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')""")
SEISMIC_CLASSES = re.compile("[甲乙丙丁]")
SCRIPT_TEXT = re.compile(r'"([^"\n]*)"')
NOT_MESSAGES = (
    "app/guidance/workbook.py",
    "app/places/coordinates.py",
    "gis_layers/demo/*.py",
    "risk_model/enterprises/chemicals.py",
    "risk_model/grading/cells.py",
    "risk_model/operators.py",
    "risk_model/siting/*.py",
)
"""Workbooks, patterns, invented names, and what is said in English beside the Chinese."""
NAMES = {"演示·", "；以下本地改动在新规则下不再成立，未沿用：", " 号单元", "字段", "列", "代码 ", " 人"}
"""Names and reasons that are kept as they are given, not said."""


def of_templates() -> set[str]:
    """Everything templates pass to ``_()``."""
    pages = [path for path in (ROOT / "app/templates").rglob("*") if path.suffix in {".html", ".svg"}]
    return {one or other for path in pages for one, other in CALL.findall(path.read_text("utf-8"))}


def of_scripts() -> set[str]:
    """Every Chinese text a script holds; nobody is shown what the scripts' own tests say."""
    scripts = (path for path in (ROOT / "static/js").rglob("*.js") if not path.name.endswith(".test.js"))
    found = (text for path in scripts for text in SCRIPT_TEXT.findall(path.read_text("utf-8")))
    return {text for text in found if CHINESE.search(text)}


def _literals(tree: ast.AST) -> Iterator[str]:
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield node.value


def message_trees() -> list[tuple[Path, ast.Module]]:
    """The modules whose sentences are messages."""
    others = {path for pattern in NOT_MESSAGES for path in ROOT.glob(pattern)}
    paths = [path for room in ("app", "gis_layers", "risk_model") for path in sorted((ROOT / room).rglob("*.py"))]
    return [(path, ast.parse(path.read_text("utf-8"))) for path in paths if path not in others]


def put_together(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and Chinese text of every sentence that is put together with a value and forgets what it was made of."""
    for node in ast.walk(tree):
        parts: list[ast.AST] = []
        if isinstance(node, ast.JoinedStr):
            parts = list(node.values)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            parts = [node.left, node.right]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            parts = [node.func.value]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and SPOKEN.search(part.value):
                yield node.lineno, part.value


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
    for shown in (of_templates(), of_scripts(), of_rulebook()):
        assert shown
        assert {text for text in shown if SPOKEN.search(text) and not english.get(text)} == set()


def test_no_message_forgets_what_it_was_made_of():
    forgetful = {
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path, tree in message_trees()
        for line, text in put_together(tree)
        if text not in NAMES
    }
    assert forgetful == set()


def test_a_message_put_together_without_its_template_is_found():
    tree = ast.parse('raise Refused(f"没有 {n} 号")\nraise Refused("没有 " + n)\nraise Refused(msg("没有 {n}", n=n))')
    assert [line for line, _ in put_together(tree)] == [1, 1, 2]


def test_no_english_stands_for_a_sentence_nobody_shows():
    written = [path for kind in ("html", "svg") for path in (ROOT / "app/templates").rglob(f"*.{kind}")]
    written += [*(ROOT / "static/js").rglob("*.js"), *(ROOT / "risk_model/rules").rglob("*.toml")]
    spoken = [
        _literals(ast.parse(path.read_text("utf-8")))
        for room in ("app", "gis_layers", "risk_model")
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
