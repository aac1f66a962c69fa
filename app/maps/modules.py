"""Our ES modules as one plain script, for a page that must open from a disk where modules cannot be loaded."""

from __future__ import annotations

import re
from pathlib import Path

IMPORT = re.compile(r'^import (?:\{[^}]*\} from )?"(?P<address>[^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function|const|class)", re.MULTILINE)


def flatten_modules(entry: Path) -> str:
    """The module ``entry`` and all it imports, dependencies first, without import and export words.

    Works for modules whose top-level names differ and whose imports are single-line and not renamed, as ours are.
    """
    return "".join(EXPORT.sub("", IMPORT.sub("", path.read_text("utf-8"))) for path in modules_of(entry))


def modules_of(entry: Path) -> list[Path]:
    """Every module ``entry`` needs, itself last, each after those it imports."""
    ordered: list[Path] = []
    _visit(entry.resolve(), ordered)
    return ordered


def _visit(path: Path, ordered: list[Path]) -> None:
    for found in IMPORT.finditer(path.read_text("utf-8")):
        needed = (path.parent / found["address"]).resolve()
        if needed not in ordered:
            _visit(needed, ordered)
    ordered.append(path)
