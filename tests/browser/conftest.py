"""A real browser on a real service with the synthetic township: one of each for the whole run."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Route, expect

from tests.browsing import CHROMIUM
from tests.running import Running, start_township
from tests.sharing import reachable_folder

HERE = ("127.0.0.1", "localhost")
NETWORK = ("http", "https")
# The browser itself finds no other host; asking for every request here instead would take its cache away.
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, " + ", ".join(f"EXCLUDE {host}" for host in HERE)
PATIENCE_MS = 45_000
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def town(shared: Path) -> Iterator[Running]:
    """The township as `anzhi up` serves it."""
    with reachable_folder() as folder:
        running = start_township(shared, folder / "data")
        yield running
        running.stop()


@pytest.fixture(scope="session")
def base_url(town: Running) -> str:
    return town.base


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", ONLY_HERE],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "zh-CN"}


@pytest.fixture(autouse=True)
def nothing_from_outside(page: Page) -> Iterator[None]:
    """Fail on every request to another host (none is answered) and on every error the browser reports."""
    asked: list[str] = []
    said: list[str] = []

    def watch(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in NETWORK and address.hostname not in HERE:
            asked.append(request.url)

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"{message.text} ({message.location.get('url', '')})")

    page.set_default_timeout(PATIENCE_MS)
    page.context.on("request", watch)
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("console", listen)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield
    expected = getattr(page, "expected_errors", ())
    assert asked == []
    assert [words for words in said if not any(known in words for known in expected)] == []


@pytest.fixture
def visit(page: Page) -> Callable[[str], Page]:
    """Open a page of the service and wait until its map is drawn."""

    def go(address: str) -> Page:
        page.goto(address)
        page.wait_for_function("() => window.READY === 1", timeout=PATIENCE_MS * 2)
        return page

    return go


@pytest.fixture(scope="session")
def projects(town: Running) -> dict[str, dict]:
    """A stored project of each verdict, by verdict; under ``gaps`` one nobody surveyed fully, under ``clear`` a spare."""
    items = httpx.get(f"{town.base}/api/projects", timeout=120).json()["items"]
    by_verdict = {project["verdict"]: project for project in reversed(items)}
    gaps = next(project for project in items if "flood" in project["data_gaps"])
    clear = next(project for project in reversed(items) if project["verdict"] == "permitted")
    assert clear != by_verdict["permitted"]
    return {**by_verdict, "gaps": gaps, "clear": clear}


def refused_with(page: Page, status: int) -> None:
    """Chromium logs every answer of this status as an error; here it is the answer that is wanted."""
    page.expected_errors = (f"status of {status}",)  # type: ignore[attr-defined]


def tiles_from(page: Page, least: int) -> None:
    """Make the page take every theme of at least so many zones for one of very many, which come as tiles."""
    told = re.compile(r'(?<="count": )\d+')

    def many(route: Route) -> None:
        answer = route.fetch()
        changed = told.sub(lambda count: "100000" if int(count[0]) >= least else count[0], answer.text())
        assert changed != answer.text()
        route.fulfill(response=answer, body=changed)

    page.route(lambda url: urlsplit(url).path in {"/", "/maps/hazards"}, many)


def lines_of(geometry: dict) -> str:
    """The outer ring as an officer pastes it: one ``longitude,latitude`` a line."""
    ring = geometry["coordinates"][0]
    return "\n".join(f"{lon:.8f},{lat:.8f}" for lon, lat in ring)


def choose(page: Page, project_class: str) -> None:
    page.locator("#project-class").select_option(project_class)


OPINION = "**/siting/opinion?*"
"""Where the page asks for an opinion."""
FACTS = re.compile(r'<script type="application/json" class="opinion-facts">(.*?)</script>', re.DOTALL)


def facts_in(piece: str) -> dict:
    """The answer of the check that is embedded in a told opinion."""
    return json.loads(FACTS.search(piece)[1])


def judge(page: Page) -> dict:
    """Press the button and answer what the service answered once the opinion stands on the page."""
    with page.expect_response(OPINION) as answered:
        page.get_by_role("button", name="开始筛查").click()
    page.locator("#opinion .verdict").wait_for()
    return facts_in(answered.value.text())
