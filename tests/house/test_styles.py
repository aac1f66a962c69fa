"""The styles of the pages: every rule stands in a layer, and every sheet is of one component, which pages name.

So neither the order of links nor a library decides, and a page loads what it shows.
"""

import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
TEMPLATES = STATIC.parent / "app" / "templates"
BUNDLES = json.loads((STATIC / "bundles.json").read_text("utf-8"))
LINKED = re.compile(r"\{\{ styles\(([^)]*)\) \}\}")
SHEETS = sorted((STATIC / "css").glob("*.css"))
ORDER = ["vendor", "tokens", "base", "layout", "components", "print"]
OF_THEIR_OWN = {"tokens": "tokens", "base": "base", "layout": "layout", "print": "print", "paper": "print"}
WHOLE = re.compile(
    r"/\*(?:(?!\*/).)*\*/\n(?P<order>@layer [^{;]+;\n)?@layer (?P<name>\w+) \{\n(?P<rules>.*)\n\}\n", re.DOTALL
)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_is_one_layer(path: Path) -> None:
    whole = WHOLE.fullmatch(path.read_text("utf-8"))
    assert whole
    assert whole["name"] == OF_THEIR_OWN.get(path.stem, "components")
    assert "@layer" not in whole["rules"]
    depth = 0
    for sign in re.findall(r"[{}]", whole["rules"]):
        depth += 1 if sign == "{" else -1
        assert depth >= 0, "the layer ends before its file"
    assert depth == 0


def test_the_first_sheet_of_a_page_says_the_order() -> None:
    whole = WHOLE.fullmatch((STATIC / "css" / "tokens.css").read_text("utf-8"))
    assert whole
    assert whole["order"] == f"@layer {', '.join(ORDER)};\n"
    assert BUNDLES["frame"][0] == "tokens"
    for page in ("base.html", "accounts/frame.html"):
        assert LINKED.findall((TEMPLATES / page).read_text("utf-8"))[0].split(",")[0] == '"frame"'


def pages() -> set[str]:
    """Names of pages: their templates, with the folders those stand in, their scripts, the features that answer them."""
    extending = [path for path in TEMPLATES.rglob("*.html") if "{% extends" in path.read_text("utf-8")]
    scripts = (STATIC / "js" / "pages").glob("*.js")
    features = TEMPLATES.parent.glob("*/pages.py")
    folders = {path.parent.name for path in [*extending, *features]} - {TEMPLATES.name}
    return {singular(name) for name in folders | {path.stem for path in [*extending, *scripts]}}


def singular(name: str) -> str:
    return name.removesuffix("s")


def test_no_sheet_is_named_after_a_page() -> None:
    known = pages()
    assert {"siting", "register", "kpi", "deliverie", "account", "archive", "enterprise", "rulebook"} <= known
    assert [path.stem for path in SHEETS if singular(path.stem) in known] == []


def test_pages_name_the_sheets_they_load_and_each_is_loaded_somewhere() -> None:
    texts = [path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")]
    named = {name for text in texts for call in LINKED.findall(text) for name in re.findall(r'"([\w-]+)"', call)}
    media = {name for text in texts for name in re.findall(r'asset\("css/([\w-]+)\.css"\)', text)}
    joined = [sheet for sheets in BUNDLES.values() for sheet in sheets]
    assert len(joined) == len(set(joined))
    assert not named & set(joined)
    assert (named - set(BUNDLES)) | media | set(joined) == {path.stem for path in SHEETS}
    assert set(BUNDLES) <= named
    assert [text for text in texts if re.search(r'rel="stylesheet" href="/static/', text)] == []


def test_no_rule_stands_in_a_page_or_a_script() -> None:
    """A rule outside of the sheets would lie over all layers; single files and papers carry the sheets themselves."""
    inline = re.compile(
        r"<style(?! *>\{\{ styles?\|safe \}\}</style>)|createElement\(.style|element\(.style|insertRule\("
    )
    kept = [*TEMPLATES.rglob("*.html"), *(STATIC / "js").rglob("*.js")]
    assert [path.name for path in kept if inline.search(path.read_text("utf-8"))] == []


def test_no_key_lies_on_its_map() -> None:
    """A key stands under its map or beside it: what it covered nobody could read."""
    classes = re.compile(r'class="([^"]*)"')
    for path in TEMPLATES.rglob("*.html"):
        for words in classes.findall(path.read_text("utf-8")):
            assert not {"over", "key"} <= set(words.split()), path.name


def test_styles_of_libraries_lie_under_ours() -> None:
    sheets = re.findall(
        r'"([\w-]+/[\w-]+\.css)"',
        (STATIC / "vendor.mjs").read_text("utf-8").split("@layer vendor")[0].rsplit("for (", 1)[1],
    )
    linked = set()
    for path in (STATIC.parent / "app").rglob("*.*"):
        if path.suffix in {".html", ".py"}:
            linked |= set(re.findall(r"vendor/([\w-]+/[\w-]+\.css)", path.read_text("utf-8")))
    assert linked - {"noto-sans-sc/wght.css"} == set(sheets)  # the font's sheet says faces alone
