"""Takes the README's pictures of the running product: ``.venv/bin/python -m docs.take_pictures [--base URL]``.

Without ``--base`` it starts Anzhi with the synthetic township on a free port and stops it at the end. Pictures go to
``docs/pictures/``; where Pillow is installed they are reduced to 256 colours.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsing import CHROMIUM

ROOT = Path(__file__).parents[1]
PICTURES = Path(__file__).parent / "pictures"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DRAWN_MS = 30_000
SETTLED_MS = 900
COLOURS = 256


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file name, the page it shows, and what is done there before it is taken."""

    name: str
    address: str
    prepare: Callable[[Page], None] | None = None
    size: dict[str, int] | None = None
    dark: bool = False


def select_a_zone(page: Page) -> None:
    """Choose the worst zone of the first theme from the list, as one would without a mouse."""
    page.locator(".map-tools [aria-expanded]").click()
    theme = page.locator("[name=theme]:checked").input_value()
    with page.expect_response(lambda answer: "/lists" in answer.url and theme.split("/")[0] in answer.url):
        page.locator("#drawer select").select_option(theme)
    page.locator(".drawer-list [data-kind=zone]").first.wait_for()
    page.locator(".drawer-list button").first.click()
    page.locator("#drawer .close").click()
    page.locator(".map-tools button").first.click()


def check_a_school(page: Page) -> None:
    """Screen a school (K2) drawn where the township's own badly placed school stands."""
    project = page.request.get(f"{origin(page)}/api/projects?limit=1").json()["items"][0]
    corners = project["geometry"]["coordinates"][0]
    page.locator("#site-name").fill(project["name"])
    page.locator("#project-class").select_option("K2")
    page.locator("#coordinates").fill("\n".join(f"{lon:.6f},{lat:.6f}" for lon, lat, *_ in corners[:-1]))
    page.locator("#submit").click()
    page.locator("#opinion .verdict").wait_for()


def origin(page: Page) -> str:
    """Scheme and host of the page shown."""
    return str(page.evaluate("location.origin"))


TAKEN = (
    Picture("overview", "/", select_a_zone),
    Picture("overview-dark", "/", select_a_zone, dark=True),
    Picture("overview-en", "/?lang=en", select_a_zone),
    Picture("siting", "/siting", check_a_school),
    Picture("hazards", "/maps/hazards?theme=flood/hazard&overlays=declared_geological/hazard,fault/hazard"),
    Picture("phone", "/", size=PHONE),
)


def main() -> None:
    """Take every picture."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--base", help="address of a running Anzhi with the synthetic township")
    PICTURES.mkdir(exist_ok=True)
    with service(options.parse_args().base) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for picture in TAKEN:
            path = take(browser, base, picture)
            sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB\n")
        browser.close()


@contextlib.contextmanager
def service(base: str | None) -> Iterator[str]:
    """The address of ``base``, or of a service started for the time being."""
    if base:
        yield base.rstrip("/")
        return
    sys.path.insert(0, str(ROOT))
    from tests.running import reachable_folder, start  # noqa: PLC0415 - not needed beside --base

    with reachable_folder() as folder:
        running = start(folder / "data")
        try:
            yield running.base
        finally:
            running.stop()


def take(browser: Browser, base: str, picture: Picture) -> Path:
    """Open the page, prepare it, and write its picture."""
    # Waiting for a value of the page needs eval, which the page's own policy forbids.
    context = browser.new_context(
        viewport=picture.size or DESKTOP,  # type: ignore[arg-type]
        color_scheme="dark" if picture.dark else "light",
        bypass_csp=True,
        locale="zh-CN",
    )
    page = context.new_page()
    page.goto(base + picture.address)
    page.wait_for_function("() => window.READY === 1", timeout=DRAWN_MS)
    if picture.prepare:
        picture.prepare(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLED_MS)
    path = PICTURES / f"{picture.name}.png"
    page.screenshot(path=path)
    context.close()
    reduce(path)
    return path


def reduce(path: Path) -> None:
    """Fewer colours, where Pillow is installed; the eye does not miss them."""
    try:
        from PIL import Image  # noqa: PLC0415 - the pictures are taken without it too
    except ImportError:
        return
    with Image.open(path) as picture:
        few: Any = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
