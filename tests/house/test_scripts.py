"""The scripts of the pages: what the core is for stands there once, its types are checked, every import leads to a file."""

import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
JS = STATIC / "js"
SCRIPTS = sorted(path for path in JS.rglob("*.js") if not path.name.endswith(".test.js"))
CHECKED = [path for path in SCRIPTS if path.parent.name == "core"]
ADDRESS = re.compile(r'(?:^import .*?|\bimport\()"(\.[^"]+)"', re.MULTILINE)


def named(path: Path) -> str:
    return str(path.relative_to(JS))


@pytest.mark.parametrize("path", CHECKED, ids=named)
def test_the_types_of_the_core_are_checked(path: Path) -> None:
    assert path.read_text("utf-8").startswith("// @ts-check\n// ")


def test_the_types_of_every_other_script_are_checked_too() -> None:
    pages = json.loads((STATIC / "tsconfig.pages.json").read_text("utf-8"))
    everything = json.loads((STATIC / pages["extends"]).read_text("utf-8"))
    assert pages["compilerOptions"]["checkJs"] is True
    assert not {"include", "exclude"} & set(pages)
    assert everything["include"] == ["js/**/*.js", "types/*.ts"]
    assert everything["exclude"] == ["js/**/*.test.js"]


def test_what_the_types_of_the_api_refuse_is_tried_for_every_way_of_asking() -> None:
    client = (JS / "core" / "api.js").read_text("utf-8")
    ways = set(re.findall(r"^export (?:async )?function (\w+)\(template", client, re.MULTILINE))
    assert ways == {"change", "collection", "features", "read", "readMarked", "remove", "send", "sendMarked", "upload"}
    tried = (STATIC / "types" / "faults.ts").read_text("utf-8")
    through_the_layers = {"collection", "readMarked", "sendMarked"}
    assert [way for way in sorted(ways - through_the_layers) if f"{way}(" not in tried] == []
    assert tried.count("// @ts-expect-error") >= len(ways)


def test_no_script_is_taken_out_of_what_is_checked() -> None:
    silenced = re.compile(r"@ts-(?:ignore|nocheck|expect-error)|eslint-disable")
    assert [named(path) for path in SCRIPTS if silenced.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_every_import_leads_to_a_script(path: Path) -> None:
    addresses = ADDRESS.findall(path.read_text("utf-8"))
    assert [one for one in addresses if not any((path.parent / f"{one}{end}").is_file() for end in ("", ".d.ts"))] == []


ONE_PLACE = {
    "one listener of Escape": (r'"Escape"', {"core/keyboard.js"}),
    "one listener for the keys of the whole page": (r'(?:document|window)\.addEventListener\("key', set()),
    "one way to wait until calls have settled": (r"\bclearTimeout\(", {"core/debounce.js"}),
    "one way to prepare a map": (r"(?<!function )\bprepareMap\(", {"core/page.js"}),
    "one way to draw the ground": (r"(?<!function )\bdrawBasemap\(", {"core/page.js"}),
    "one place that says a map is ready": (
        r"\bREADY = ",
        {"core/page.js", "pages/kpi.js", "pages/rulebook.js", "pages/trial.js"},
    ),
    "one client of the API, asked by the template of an address": (r"`/api/", {"opinion.js"}),
    "one way over the wire": (r"(?<![.\w])fetch\(", {"core/api.js", "opinion.js", "session.js"}),
    "one dialog": (r'"dialog"|\bshowModal\(', {"core/dialog.js"}),
    "one walk with the arrows": (r"ArrowDown: 1", {"core/list.js"}),
    "one file that knows Geoman": (r'\.pm\b|\bL\.PM\b|"pm:|pmIgnore', {"geoman.js"}),
    "one tool in hand": (r"\.(?:measuring|drawing)\b(?! =)", set()),
    "one place that keeps work through a reload": (
        r"\bsetItem\(",
        {"appearance.js", "core/history.js", "core/keymap.js", "core/shelf.js"},
    ),
}


@pytest.mark.parametrize(("pattern", "places"), ONE_PLACE.values(), ids=list(ONE_PLACE))
def test_what_the_core_is_for_stands_there_once(pattern: str, places: set[str]) -> None:
    found = {named(path) for path in SCRIPTS if re.search(pattern, path.read_text("utf-8"))}
    assert found == places


def test_a_second_one_would_be_found() -> None:
    wanted = {
        "one listener of Escape": 'event.key === "Escape" && close()',
        "one way to wait until calls have settled": "clearTimeout(this.waiting)",
        "one way to prepare a map": "const labels = new Labels(prepareMap(map));",
        "one client of the API, asked by the template of an address": "ask(`/api/zones/${zone}`)",
        "one dialog": 'element("dialog", {})',
        "one file that knows Geoman": "map.pm.enableDraw()",
        "one tool in hand": "if (this.map.measuring) return",
    }
    assert [name for name, line in wanted.items() if not re.search(ONE_PLACE[name][0], line)] == []
