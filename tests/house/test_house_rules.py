"""What import contracts cannot see, checked on the source itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STOREYS = ("app", "gis_layers", "risk_model")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def sources(*storeys: str) -> Iterator[Path]:
    for storey in storeys or STOREYS:
        yield from sorted((ROOT / storey).rglob("*.py"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_import_contracts_hold():
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]


def test_nothing_commits_but_the_edge():
    committing = [named(path) for path in sources() if ".commit(" in path.read_text(encoding="utf-8")]
    assert committing == []


def test_only_crs_names_epsg_codes():
    code = re.compile(r"\b(?:EPSG:\d{4,5}|4490|4542|4521|4326|3857|4527|4610|4214)\b")
    naming = {
        named(path)
        for path in sources()
        if "migrations/versions" not in str(path) and path.name != "crs.py" and code.search(_without_strings(path))
    }
    assert naming == set()


def _without_strings(path: Path) -> str:
    """The code of a file: docstrings, comments and messages may speak of codes, code may not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.fullmatch(r"EPSG:\d+", node.value):
            node.value = ""
        if isinstance(node, ast.keyword) and node.arg == "examples":
            node.value = ast.Constant("")
    return ast.unparse(tree)


def test_only_settings_read_the_environment():
    reading = [
        named(path)
        for path in sources()
        if re.search(r"os\.environ|os\.getenv|\bgetenv\(", path.read_text(encoding="utf-8"))
        and named(path) != "app/platform/settings.py"
    ]
    assert reading == []


def test_the_model_has_no_clock_and_no_chance():
    forbidden = re.compile(r"\b(?:datetime\.now|date\.today|time\.|random\.|np\.random|default_rng)")
    assert [named(path) for path in sources("risk_model") if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_shared_geometry_is_never_prepared_but_a_copy_of_it():
    """GEOS answers out of a prepared geometry's own memory: two threads asking one end the process."""
    preparing = {named(path) for path in sources() if "shapely.prepare(" in path.read_text(encoding="utf-8")}
    alone_at_first_start = {name for name in preparing if name.startswith("gis_layers/demo/")}
    assert preparing - alone_at_first_start == {"risk_model/overlay.py"}


@pytest.mark.parametrize("path", list(sources()), ids=named)
def test_files_and_functions_keep_a_readable_size(path: Path):
    text = path.read_text(encoding="utf-8")
    limit = LONGEST_FILE if "versions" not in path.parts else 700
    assert len(text.splitlines()) <= limit
    if "versions" in path.parts:
        return
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: _length(node) for node in functions if _length(node) > LONGEST_FUNCTION}
    assert long == {}


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or node.lineno) - first.lineno + 1


def test_nothing_is_left_for_later():
    promises = re.compile(r"\bTODO\b|\bFIXME\b|NotImplementedError|pytest\.skip\(|mark\.xfail")
    kept = [*sources(), *sorted((ROOT / "static" / "js").rglob("*.js")), *sorted((ROOT / "tests").rglob("*.py"))]
    assert [named(path) for path in kept if path != Path(__file__) and promises.search(path.read_text("utf-8"))] == []


def test_locks_name_no_registry_and_no_machine():
    for lock in [*ROOT.glob("requirements*.lock"), ROOT / "static" / "package-lock.json"]:
        text = re.sub(r'"funding": ({[^}]*}|\[[^]]*\])', "", lock.read_text(encoding="utf-8"))
        assert "://" not in text, lock.name
        assert "--index-url" not in text
        assert '"resolved"' not in text


def test_no_test_waits_for_a_promise():
    """A promise is true whatever it comes to: a page asked to wait for one waits for nothing."""
    waits = [
        path
        for path in sorted(Path("tests").rglob("*.py"))
        if re.search(r"wait_for_function\(\s*f?\"+\s*async", path.read_text("utf-8"))
    ]
    assert waits == []


def test_no_script_makes_a_sentence_of_an_opinion():
    """The server tells an opinion; a script that knows one of its sentences tells it a second time."""
    said = {
        node.value
        for path in (ROOT / "app/reports/opinion.py", ROOT / "app/reports/findings.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search("[\u4e00-\u9fff].*[{。，]", node.value)
    }
    assert len(said) > 20
    scripts = [path for path in (ROOT / "static/js").rglob("*.js") if not path.name.endswith(".test.js")]
    telling = {
        (named(path), sentence) for path in scripts for sentence in said if f'"{sentence}"' in path.read_text("utf-8")
    }
    assert telling == set()
    reading = re.compile(r"\b(?:message_en|basis_en|procedure_en)\b")
    assert [named(path) for path in scripts if reading.search(path.read_text("utf-8"))] == []
