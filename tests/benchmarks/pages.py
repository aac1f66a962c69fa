"""Every page of the navigation in a browser: what it costs on the wire, and how soon it can be read, near and on a slow line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.measured import Measured, Ratio, Size, at_most, median
from tests.browsing import CHROMIUM
from tests.running import start
from tests.sharing import reachable_folder
from tests.weighing import PAGES, Weight, first_and_second_view, first_view

NAME = "pages"
QUESTION = "Every page opened by a browser that was never here, and again: bytes, requests, first paint, a map that can be read."
Row: TypeAlias = tuple[int, int, int, int, int, int]
KB: Final = 1024
FIRST_BYTES, FIRST_REQUESTS, SECOND_BYTES = 600 * KB, 40, 30 * KB
PAINT_MS, USABLE_MS, SLOW_MS = 600, 1500, 4000
BEFORE: Final[Mapping[str, Row]] = {
    "/": (2876, 94, 804, 1028, 6672, 12800),
    "/maps/hazards": (2818, 90, 754, 524, 6093, 11026),
    "/maps/areas": (3033, 76, 696, 728, 6047, 16369),
    "/enterprises": (2738, 72, 663, 1408, 5105, 10106),
    "/kpi": (1514, 48, 11, 2368, 3358, 10505),
    "/registers": (1175, 48, 6, 3656, 4266, 7622),
    "/siting": (2788, 94, 629, 608, 2541, 8836),
    "/about": (1182, 45, 5, 416, 761, 5347),
    "/deliveries": (1128, 46, 6, 636, 1251, 5019),
}
"""KB and requests of a first view, KB of a second, paint, usable and usable on a slow line in ms, by the commit before the pages were made light."""
COLUMNS = (
    "page", "KB", "requests", "KB again", "paint ms", "usable ms", "usable ms at 2 Mbit/s", "before: KB", "requests",
    "KB again", "paint ms", "usable ms", "usable ms at 2 Mbit/s",
)  # fmt: skip


def measure(size: Size) -> Measured:
    """Each page in turn on the synthetic township as a first start serves it, the middle of several rounds."""
    with reachable_folder() as folder:
        running = start(folder / "data")
        try:
            return told_of(measure_at(running.base, min(size.rounds, 3)), min(size.rounds, 3))
        finally:
            running.stop()


def measure_at(base: str, rounds: int) -> dict[str, Row]:
    """The row of every page of the service at ``base``, whichever commit it runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        rows = {page: _row(browser, base + page, rounds) for page in PAGES}
        browser.close()
    return rows


def _row(browser: Browser, address: str, rounds: int) -> Row:
    first_view(browser, address)  # what the service works out once is not what is measured
    near = [first_and_second_view(browser, address) for _ in range(rounds)]
    slow = [first_view(browser, address, slow=True) for _ in range(rounds)]
    first, second = [one for one, _ in near], [other for _, other in near]
    return (
        round(max(one.bytes for one in first) / KB),
        max(one.requests for one in first),
        round(max(one.bytes for one in second) / KB),
        _middle(first, "paint_ms"),
        _middle(first, "usable_ms"),
        _middle(slow, "usable_ms"),
    )


def _middle(weights: list[Weight], what: str) -> int:
    return round(median([getattr(one, what) for one in weights]))


def told_of(rows: Mapping[str, Row], rounds: int) -> Measured:
    """The rows beside those of before, with what they are held to."""
    told = [(page, *map(str, row), *map(str, BEFORE.get(page, ("–",) * 6))) for page, row in rows.items()]
    return Measured(COLUMNS, told, _goals([*rows.values()]), _notes(rounds))


def _goals(rows: list[Row]) -> list[Ratio]:
    goals = {
        "heaviest first view ÷ 600 KB": (0, FIRST_BYTES / KB),
        "most requests ÷ 40": (1, FIRST_REQUESTS),
        "heaviest second view ÷ 30 KB": (2, SECOND_BYTES / KB),
        "slowest first paint ÷ 0.6 s": (3, PAINT_MS),
        "slowest usable page ÷ 1.5 s": (4, USABLE_MS),
        "slowest usable page at 2 Mbit/s ÷ 4 s": (5, SLOW_MS),
    }
    return [at_most(what, max(row[place] for row in rows) / goal, 1) for what, (place, goal) in goals.items()]


def _notes(rounds: int) -> list[str]:
    return [
        (
            "Headless Chromium at 1366×768 as a guest, with the font it finds on the machine; bytes and requests as the browser's own"
            " instruments count them on the wire, headers included. A first view is that of a browser with an empty cache, a second one"
            " that of the same browser in a new tab."
        ),
        "Usable: the note over the map is gone, so ground, grades and hazards are drawn; without a map the page is read in.",
        f"Largest of {rounds} rounds for bytes and requests, their middle for times; each page was opened once before. 2 Mbit/s with 40 ms.",
    ]
