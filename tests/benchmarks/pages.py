"""Every page of the navigation in a browser: what it costs on the wire, and how soon it can be read, near and on a slow line."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Browser, sync_playwright

from app.exchange.township import load_township
from app.platform.deployment import connect
from app.platform.settings import Settings
from app.platform.work import Work
from gis_layers.database import migrate
from tests.benchmarks.measured import Measured, Ratio, Size, at_most, median
from tests.benchmarks.published import OpenCluster, private_cluster
from tests.benchmarks.service import service
from tests.browsing import CHROMIUM
from tests.weighing import PAGES, Weight, first_and_second_view

NAME = "pages"
QUESTION = "Every page opened by a browser that was never here, and again: bytes, requests, first paint, a map that can be read."
KB: Final = 1024
FIRST_BYTES, FIRST_REQUESTS, SECOND_BYTES = 600 * KB, 40, 30 * KB
PAINT_MS, USABLE_MS, SLOW_MS = 600, 1500, 4000
BEFORE: Final[dict[str, tuple[int, int, int, int, int, int]]] = {}
"""KB and requests of a first view, KB of a second, paint, usable and usable on a slow line in ms, by the commit before the pages were made light."""
COLUMNS = (
    "page", "KB", "requests", "KB again", "paint ms", "usable ms", "usable ms at 2 Mbit/s", "before: KB", "requests",
    "KB again", "paint ms", "usable ms", "usable ms at 2 Mbit/s",
)  # fmt: skip


def measure(size: Size, open_cluster: OpenCluster = private_cluster) -> Measured:
    """Each page in turn on one service with the synthetic township, the middle of several rounds."""
    with open_cluster() as cluster:
        url = cluster.create_database("bench_pages")
        migrate(url)
        deployment = connect(Settings(), url)
        try:
            with deployment.sessions.begin() as session:
                load_township(Work(session, deployment))
            with service(deployment, "nobody") as client:
                return _measured(f"http://127.0.0.1:{client.connection.port}", min(size.rounds, 3))
        finally:
            deployment.engine.dispose()
            cluster.drop_database("bench_pages")


def measure_at(base: str, rounds: int) -> dict[str, tuple[int, int, int, int, int, int]]:
    """The row of every page of the service at ``base``, whichever commit it runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        rows = {page: _row(browser, base + page, rounds) for page in PAGES}
        browser.close()
    return rows


def _row(browser: Browser, address: str, rounds: int) -> tuple[int, int, int, int, int, int]:
    first_and_second_view(browser, address)  # what the service works out once is not what is measured
    near = [first_and_second_view(browser, address) for _ in range(rounds)]
    slow = [first_and_second_view(browser, address, slow=True)[0] for _ in range(rounds)]
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


def _measured(base: str, rounds: int) -> Measured:
    rows = measure_at(base, rounds)
    told = [(page, *map(str, row), *map(str, BEFORE.get(page, ("–",) * 6))) for page, row in rows.items()]
    return Measured(COLUMNS, told, _goals([*rows.values()]), _notes(rounds))


def _goals(rows: list[tuple[int, int, int, int, int, int]]) -> list[Ratio]:
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
