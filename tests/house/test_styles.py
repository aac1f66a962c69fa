"""The styles of the pages: every rule stands in a layer, so that neither the order of links nor a library decides."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
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
    for page in ("base.html", "accounts/frame.html"):
        text = (STATIC.parent / "app" / "templates" / page).read_text("utf-8")
        assert re.findall(r"/static/css/(\w+)\.css", text)[0] == "tokens"


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
