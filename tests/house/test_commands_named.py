"""Commands that a page, a message or a document names exist, with the options they are named with."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from app.cli import COMMANDS

ROOT = Path(__file__).parents[2]
STOREYS = ("app", "gis_layers", "risk_model")
NAMED = re.compile(r"(?<![\w./@:=-])anzhi (?P<rest>[a-z][^`\n\"“”。；，、）<|&]*)")
WORD = re.compile(r"[a-z][a-z-]*")
LOCKS = ("seals", "orders", "publish", "place names", "alias ", "backups of ", "migrate'", "rulebook'")
"""What else begins like a command: names of locks in the database."""


@cache
def tree() -> dict[str, Any]:
    """Every command and group by its name."""
    return {command.name: command.loaded() for command in COMMANDS}


def places() -> Iterator[tuple[str, str]]:
    """Every text a person reads, with where it stands: pages, scripts, the catalogue, documents, texts of programs."""
    kinds = {"app/templates": "*.html", "static/js": "*.js", "app/translations": "*.po", "docs": "*.md", "docker": "*"}
    files = [path for folder, kind in kinds.items() for path in (ROOT / folder).rglob(kind) if path.is_file()]
    for path in (*files, ROOT / "README.md", ROOT / "README.zh.md", ROOT / "Makefile"):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
    for path in (path for storey in STOREYS for path in sorted((ROOT / storey).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node.value


def trouble_with(rest: str) -> str | None:
    """What is wrong with what follows ``anzhi``: no such command, no such command of a group, no such option."""
    words = rest.split()
    command = tree().get(words[0])
    if command is None:
        return f"no command {words[0]}"
    children = getattr(command, "commands", None)
    if children is not None and len(words) > 1 and WORD.fullmatch(words[1]):
        command = children.get(words[1])
        if command is None:
            return f"{words[0]} has no command {words[1]}"
    options = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    if children is not None and command is tree()[words[0]]:
        options |= {name for child in children.values() for option in child.params for name in option.opts}
    strange = [found for found in re.findall(r"(?<!\S)--[a-z-]+", rest) if found not in options]
    return f"{' '.join(words[:2])} has no option {', '.join(strange)}" if strange else None


def named(text: str) -> Iterator[str]:
    for found in NAMED.finditer(text):
        if not found["rest"].startswith(LOCKS):
            yield found["rest"]


def test_every_command_that_is_named_exists():
    wrong = [
        f"{place}: anzhi {rest[:60]}: {trouble}"
        for place, text in places()
        for rest in named(text)
        if (trouble := trouble_with(rest))
    ]
    assert wrong == []


def test_a_command_that_does_not_exist_is_found():
    assert [trouble_with(rest) for rest in named("anzhi import rivers rivers.gpkg\n运行 `anzhi gradee`，然后")] == [
        "import has no command rivers",
        "no command gradee",
    ]
    assert trouble_with("grade --unit grid --cells 3") == "grade --unit has no option --cells"
    assert trouble_with("import zones FILE --hazard flood --publish") is None
    assert len([rest for _, text in places() for rest in named(text)]) > 200
