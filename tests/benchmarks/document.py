"""The measured tables in ``docs/benchmarks.md``: each benchmark has a section between two marks, the prose stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.alone import ROOT
from tests.benchmarks.measured import Measured, Size

DOCUMENT = ROOT / "docs" / "benchmarks.md"
PACKAGES = (
    "geopandas",
    "shapely",
    "scipy",
    "sedonadb",
    "exactextract",
    "dask",
    "fastapi",
    "SQLAlchemy",
    "psycopg2-binary",
)


def write_section(name: str, question: str, size: Size, measured: Measured, loads: tuple[float, float]) -> str:
    """One benchmark in Markdown: when and beside what, table, ratios, notes."""
    before, after = loads
    told = "; ".join(f"{package} {found}" for package in PACKAGES if (found := _version(package)))
    lines = [
        f"### {name}",
        "",
        question,
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, size {size.name}; load before {before:.1f}, after {after:.1f}. {told}.",
        "",
        _row(measured.columns),
        _row(("---",) * len(measured.columns)),
        *(_row(row) for row in measured.rows),
        "",
        *_ratio_lines(measured),
        "",
        *(f"- {note}" for note in measured.notes),
    ]
    return "\n".join(lines)


def record_section(name: str, section: str, document: Path = DOCUMENT) -> None:
    """Put a section in the place of the one before; raises ValueError where the document has no place for it."""
    text = document.read_text(encoding="utf-8")
    opening, closing = marks(name)
    place = re.compile(f"{re.escape(opening)}.*?{re.escape(closing)}", re.DOTALL)
    if not place.search(text):
        raise ValueError(f"{document.name} has no marks for {name}; add the lines {opening} and {closing}")
    document.write_text(place.sub(lambda _: f"{opening}\n{section}\n{closing}", text), encoding="utf-8")


def marks(name: str) -> tuple[str, str]:
    """The lines between which a benchmark's section stands."""
    return f"<!-- measured: {name} -->", f"<!-- end: {name} -->"


def _ratio_lines(measured: Measured) -> list[str]:
    words = {True: "met", False: "missed", None: ""}
    rows = [(ratio.what, f"{ratio.value:.2f}", ratio.goal or "–", words[ratio.met] or "–") for ratio in measured.ratios]
    return [_row(line) for line in (("ratio of this run", "value", "goal", ""), ("---",) * 4, *rows)]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
