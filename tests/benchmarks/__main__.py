"""``python -m tests.benchmarks [--quick] [--record] [name …]``: measure, and print the measurements."""

from __future__ import annotations

import argparse
import sys

from tests.benchmarks import (
    bulk_check,
    bulk_overlay,
    dispatch_desk,
    grid_cells,
    grid_cluster,
    load,
    map_smoothness,
    pages,
    papers,
    road_search,
    single_check,
    zone_editor,
    zone_edits,
)
from tests.benchmarks.document import record_section, write_section
from tests.benchmarks.measured import FULL, QUICK
from tests.benchmarks.measured import load as busy

_ALL = (
    bulk_overlay,
    bulk_check,
    single_check,
    map_smoothness,
    pages,
    papers,
    grid_cells,
    grid_cluster,
    road_search,
    dispatch_desk,
    zone_edits,
    zone_editor,
    load,
)
BENCHMARKS = {module.NAME: module for module in _ALL}


def main(words: list[str] | None = None) -> None:
    """Run the named benchmarks, all where none is named."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measure, and print the measurements."
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(BENCHMARKS)}; none means all")
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the size: does everything run, and about how fast"
    )
    parser.add_argument("--record", action="store_true", help="write what was measured into docs/benchmarks.md")
    asked = parser.parse_args(words)
    unknown = set(asked.names) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; known: {', '.join(BENCHMARKS)}")
    if asked.record and asked.quick:
        parser.error("a quick run is not recorded; leave out one of --quick and --record")
    size = QUICK if asked.quick else FULL
    for name in asked.names or BENCHMARKS:
        before = busy()
        measured = BENCHMARKS[name].measure(size)
        section = write_section(name, BENCHMARKS[name].QUESTION, size, measured, (before, busy()))
        sys.stdout.write(section + "\n\n")
        sys.stdout.flush()
        if asked.record:
            record_section(name, section)


if __name__ == "__main__":
    main()
