"""Shoots every page for looking at: ``.venv/bin/python -m docs.shoot_pages FOLDER [--base URL] [--only WORDS]``.

Each page in Chinese and English: light and dark, on a desk, a small laptop and a phone, one picture each, and as it is printed, a
PDF; all named by what they show. Add a page to ``PAGES``. Nothing here is committed; it is what the eye checks before a release.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from docs.take_pictures import DRAWN_MS, SETTLED_MS, check_a_school, select_a_zone, service
from tests.browsing import CHROMIUM

SIZES: dict[str, Any] = {
    "1440": {"width": 1440, "height": 900},
    "1366": {"width": 1366, "height": 768},
    "phone": {"width": 390, "height": 844},
}
PRINT = "print"


@dataclass(frozen=True, slots=True)
class Shown:
    """One page: its name, its address, and what is done there before it is shot."""

    name: str
    address: str
    prepare: Callable[[Page], None] | None = None
    signed_in_as: str = ""


PAGES = (
    Shown("overview", "/"),
    Shown("overview-zone", "/", select_a_zone),
    Shown("overview-near", "/?lon=99.8019&lat=39.3300&zoom=16"),
    Shown("hazards", "/maps/hazards?theme=flood/hazard"),
    Shown("areas", "/maps/areas"),
    Shown("areas-risk", "/maps/areas?product=risk"),
    Shown("areas-compare", "/maps/areas/compare?from=1&to=1"),
    Shown("areas-trial", "/areas/trial?unit=village"),
    Shown("enterprises", "/enterprises"),
    Shown("enterprise", "/enterprises/1"),
    Shown("kpi", "/kpi"),
    Shown("rulebook", "/rulebook"),
    Shown("rulebook-rule", "/rulebook/rules/FLD-HIGH"),
    Shown("rulebook-versions", "/rulebook/versions"),
    Shown("siting", "/siting"),
    Shown("siting-batch", "/siting#batch"),
    Shown("siting-house", "/siting#homestead"),
    Shown("opinion", "/siting", check_a_school),
    Shown("registers-projects", "/registers/projects"),
    Shown("registers-enterprises", "/registers/enterprises"),
    Shown("deliveries", "/deliveries"),
    Shown("registers-forces", "/registers/forces"),
    Shown("registers-empty", "/registers/zones?q=nothing+is+called+so"),
    Shown("imports", "/imports", signed_in_as="officer"),
    Shown("dispatch", "/dispatch?lon=99.82&lat=39.345", signed_in_as="dispatcher"),
    Shown("form-enterprise", "/enterprises/new", signed_in_as="officer"),
    Shown("form-inspection", "/enterprises/1/inspect", signed_in_as="officer"),
    Shown("form-danger", "/hidden-dangers/new", signed_in_as="officer"),
    Shown("form-project", "/projects/new", signed_in_as="planner"),
    Shown("form-facility", "/facilities/new", signed_in_as="officer"),
    Shown("rule-proposed", "/rulebook/rules/FLD-HIGH/propose", signed_in_as="officer"),
    Shown("about", "/about"),
    Shown("sign-in", "/sign-in"),
    Shown("account", "/account", signed_in_as="planner"),
    Shown("not-found", "/nowhere"),
)


def main() -> None:
    """Shoot what is asked for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--base", help="address of a running Anzhi with the synthetic township")
    options.add_argument("--only", default="", help="pages whose picture's name contains this")
    asked = options.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with service(asked.base) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        ways = [*itertools.product(("light", "dark"), SIZES), ("light", PRINT)]
        for shown, language, (look, size) in itertools.product(PAGES, ("zh", "en"), ways):
            name = f"{shown.name}-{language}-{look}-{size}"
            if asked.only in name:
                shoot(browser, base, shown, {"language": language, "look": look, "size": size}, folder=asked.folder)
                sys.stdout.write(f"{name}\n")
        browser.close()


def shoot(browser: Browser, base: str, shown: Shown, way: dict[str, str], *, folder: Path) -> None:
    """Open one page one way and write its picture, or its sheets."""
    # Waiting for a value of the page needs eval, which the page's own policy forbids.
    context = browser.new_context(
        viewport=SIZES.get(way["size"], SIZES["1366"]), color_scheme=way["look"], bypass_csp=True
    )  # type: ignore[arg-type]
    page = context.new_page()
    if shown.signed_in_as:
        page.goto(f"{base}/sign-in")
        page.locator(f".demo-roles [value={shown.signed_in_as}]").click()
        page.wait_for_load_state()
    address, sign, tab = shown.address.partition("#")
    page.goto(f"{base}{address}{'&' if '?' in address else '?'}lang={way['language']}{sign}{tab}")
    page.wait_for_function("() => window.READY === 1 || !document.querySelector('.folium-map')", timeout=DRAWN_MS)
    if shown.prepare:
        shown.prepare(page)
    page.wait_for_timeout(SETTLED_MS)
    name = f"{shown.name}-{way['language']}-{way['look']}-{way['size']}"
    if way["size"] == PRINT:
        page.pdf(path=folder / f"{name}.pdf", prefer_css_page_size=True, print_background=True)
    else:
        page.screenshot(path=folder / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
