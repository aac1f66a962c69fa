"""What a page costs whoever opens it: bytes on the wire, requests, the first paint, the moment its map can be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

PAGES = (
    "/",
    "/maps/hazards",
    "/maps/areas",
    "/enterprises",
    "/kpi",
    "/rulebook",
    "/siting",
    "/registers",
    "/deliveries",
    "/about",
)
"""Every page of the navigation, and those one step behind it."""
SLOW_BYTES_PER_S = 2_000_000 / 8
LATENCY_MS = 40
QUIET_MS = 800
LOOK_MS = 50
PATIENCE_MS = 120_000
WINDOW: Any = {"width": 1366, "height": 768}
# The note over a map goes when the map can be read; where there is none the page is of use once it is there.
WATCH = """
addEventListener("DOMContentLoaded", () => {
    const note = document.getElementById("map-note");
    const look = () => (note && !note.hidden ? requestAnimationFrame(look) : (window.usableAt = performance.now()));
    look();
});
"""
PAINTED = """() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    usable: window.usableAt ?? 0,
})"""


@dataclass(slots=True)
class Weight:
    """One view of one page; ``asked`` are the addresses that went over the wire, ``under_way`` those not answered yet."""

    bytes: int = 0
    asked: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    under_way: dict[str, str] = field(default_factory=dict, repr=False)
    paint_ms: float = 0.0
    usable_ms: float = 0.0

    @property
    def requests(self) -> int:
        """Number of requests that went over the wire."""
        return len(self.asked)

    def begun(self, request: str, address: str) -> None:
        """A request is under way."""
        self.under_way[request] = address

    def ended(self, request: str) -> None:
        """A request was answered, or came to nothing."""
        self.under_way.pop(request, None)


def first_and_second_view(browser: Browser, address: str) -> tuple[Weight, Weight]:
    """Weights of a page for a browser that was never here, and for the same browser coming back."""
    context = browser.new_context(viewport=WINDOW, locale="zh-CN")
    try:
        return view(context, address), view(context, address)
    finally:
        context.close()


def first_view(browser: Browser, address: str, *, slow: bool = False) -> Weight:
    """Weight of a page for a browser that was never here; ``slow``: on a line of 2 Mbit/s."""
    context = browser.new_context(viewport=WINDOW, locale="zh-CN")
    try:
        return view(context, address, slow=slow)
    finally:
        context.close()


def view(context: BrowserContext, address: str, *, slow: bool = False) -> Weight:
    """Weight of ``address`` opened in a new tab of ``context``, which keeps what it was allowed to keep."""
    return finish(*begin(context, address, slow=slow))


def begin(context: BrowserContext, address: str, *, slow: bool = False) -> tuple[Page, Weight]:
    """A tab on its way to ``address``, and what it has cost so far."""
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    weight = Weight()
    _count(wire, weight)
    if slow:
        speed = {"downloadThroughput": SLOW_BYTES_PER_S, "uploadThroughput": SLOW_BYTES_PER_S}
        wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **speed})
    page.goto(address, wait_until="commit", timeout=PATIENCE_MS)
    return page, weight


def finish(page: Page, weight: Weight) -> Weight:
    """The weight of a tab once nothing more comes; the tab is closed."""
    page.wait_for_load_state("load", timeout=PATIENCE_MS)
    told = page.evaluate(PAINTED)
    while not told["usable"]:
        page.wait_for_timeout(LOOK_MS)
        told = page.evaluate(PAINTED)
    _wait_for_quiet(page, weight)
    weight.paint_ms, weight.usable_ms = told["paint"], told["usable"]
    page.close()
    return weight


def _wait_for_quiet(page: Page, weight: Weight) -> None:
    """Wait until for a while nothing was under way; the browser's own "networkidle" now and then never comes."""
    quiet_ms, waited_ms = 0, 0
    while quiet_ms < QUIET_MS:
        assert waited_ms < PATIENCE_MS, f"still under way: {sorted(weight.under_way.values())}"
        page.wait_for_timeout(LOOK_MS)
        waited_ms += LOOK_MS
        quiet_ms = 0 if weight.under_way else quiet_ms + LOOK_MS


def _count(wire: CDPSession, weight: Weight) -> None:
    wire.on("Network.requestWillBeSent", lambda told: weight.begun(told["requestId"], told["request"]["url"]))
    for end in ("Network.loadingFinished", "Network.loadingFailed"):
        wire.on(end, lambda told: weight.ended(told["requestId"]))
    asked: dict[str, str] = {}
    wire.on("Network.requestWillBeSent", lambda told: asked.setdefault(told["requestId"], told["request"]["url"]))
    wire.on("Network.requestServedFromCache", lambda told: asked.pop(told["requestId"], None))
    wire.on("Network.responseReceived", lambda told: _leave_kept(told, asked))
    wire.on("Network.loadingFinished", lambda told: _add(weight, told, asked))
    wire.send("Network.enable")


def _leave_kept(told: dict[str, Any], asked: dict[str, str]) -> None:
    if told["response"].get("fromDiskCache") or told["response"].get("fromPrefetchCache"):
        asked.pop(told["requestId"], None)


def _add(weight: Weight, told: dict[str, Any], asked: dict[str, str]) -> None:
    url = asked.get(told["requestId"])
    if url is None or not url.startswith("http"):
        return
    size = int(told["encodedDataLength"])
    weight.bytes += size
    weight.asked.append(url)
    weight.sizes[url] = size
