"""The scripts of the pages: what the core is for stands there once, its types are checked, every import leads to a file."""

import re
from pathlib import Path

import pytest

JS = Path(__file__).parents[2] / "static" / "js"
SCRIPTS = sorted(path for path in JS.rglob("*.js") if not path.name.endswith(".test.js"))
CHECKED = [path for path in SCRIPTS if path.parent.name == "core"]
ADDRESS = re.compile(r'(?:^import .*?|\bimport\()"(\.[^"]+)"', re.MULTILINE)


def named(path: Path) -> str:
    return str(path.relative_to(JS))


@pytest.mark.parametrize("path", CHECKED, ids=named)
def test_the_types_of_the_core_are_checked(path: Path) -> None:
    assert path.read_text("utf-8").startswith("// @ts-check\n// ")


def test_no_script_is_taken_out_of_what_is_checked() -> None:
    silenced = re.compile(r"@ts-(?:ignore|nocheck|expect-error)|eslint-disable")
    assert [named(path) for path in SCRIPTS if silenced.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_every_import_leads_to_a_script(path: Path) -> None:
    addresses = ADDRESS.findall(path.read_text("utf-8"))
    assert [one for one in addresses if not (path.parent / one).is_file()] == []
