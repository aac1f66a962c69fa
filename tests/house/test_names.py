"""Names of the house: a class name has one meaning, a file name is a subject, and what the documents name exists."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STOREYS = ("app", "gis_layers", "risk_model")
SUBJECTS = {
    "screening",
    "siting",
    "grading",
    "masking",
    "forwarding",
    "embedding",
    "spelling",
    "text_encoding",
    "confined_reading",
    "column_reading",
    "text_decoding",
    "marking",
    "noding",
    "splitting",
    "merging",
    "comparing",
}
"""Words on -ing that are the field's own names of a thing."""
DOCUMENTS = ("docs/architecture.md", "docs/development.md", "docs/glossary.md")


def modules() -> Iterator[Path]:
    for storey in STOREYS:
        yield from sorted((ROOT / storey).rglob("*.py"))


def classes() -> dict[str, list[str]]:
    found = defaultdict(list)
    for path in modules():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found[node.name].append(str(path.relative_to(ROOT)))
    return found


def test_a_class_name_has_one_meaning():
    assert {name: paths for name, paths in classes().items() if len(paths) > 1} == {}


def test_a_file_name_is_a_subject():
    assert [
        str(path.relative_to(ROOT)) for path in modules() if path.stem.endswith("ing") and path.stem not in SUBJECTS
    ] == []


def test_no_module_stands_loose_at_the_top_of_the_doors():
    assert sorted(path.name for path in (ROOT / "app").glob("*.py")) == ["__init__.py", "main.py"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_a_document_names_exists(name):
    text = (ROOT / name).read_text("utf-8")
    paths = [
        path
        for path in re.findall(r"`((?:app|gis_layers|risk_model|tests|static|docs)/[\w/.-]+)`", text)
        if "<" not in path
    ]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_class_the_glossary_names_exists():
    rows = [
        line.split(" | ")
        for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    named = {name for row in rows[2:] for name in re.findall(r"`([A-Z]\w+)`", row[2])}
    assert len(named) > 40
    assert named - set(classes()) == set()
