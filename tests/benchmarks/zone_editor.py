"""Zones edited by an officer: what the service answers among 100,000 zones, and a shared corner dragged among 10,000 in a browser."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import httpx
import numpy as np
import shapely
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.exchange.township import load_township
from app.platform.deployment import Deployment, connect
from app.platform.principals import Role, new_token, token_digest
from app.platform.settings import Settings
from app.platform.work import Work
from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS, to_metric, to_storage
from gis_layers.database import migrate
from gis_layers.stores import access, editions, places, staged_zones, surveys
from risk_model.shapes import as_array
from tests.benchmarks.ground import SEED
from tests.benchmarks.map_smoothness import DRAWN_MS, WINDOW
from tests.benchmarks.measured import Measured, Ratio, Size, at_most
from tests.benchmarks.published import OpenCluster, private_cluster
from tests.benchmarks.service import service
from tests.benchmarks.zone_edits import LONG, lay_coverage, long_zone
from tests.browsing import CHROMIUM

NAME = "zone-editor"
QUESTION = "An officer edits: an edit over HTTP among 100,000 stored zones, a split, 1,000 zones published; a corner dragged among 10,000."
DRAWN, STORED, ALONE = "flood/hazard", "geological/hazard", "wildfire/hazard"
SCHEMES: Final = {DRAWN: "flood4", STORED: "geo4"}
SIDE_M = 40.0
ASIDE_M: Final = 3.0
"""How far a delivery lies beside what is in force: every zone of it is changed."""
CHANGED = {"full": 1_000, "quick": 400, "tiny": 50}
HERE = Path(__file__).parent
DRAG, GEOMAN = ((HERE / name).read_text(encoding="utf-8") for name in ("drag.js", "geoman.js"))
GEOMAN_AT: Final = "/static/vendor/geoman/leaflet-geoman.js"
HEAP: Final = "() => { window.gc?.(); return performance.memory.usedJSHeapSize / 1048576; }"
LOOK: Final = "([lon, lat]) => { map.setView([lat, lon], 18, { animate: false }); }"
TORN: Final = "(at) => GEOMAN.filter((one) => JSON.stringify(one.toGeoJSON(false)).includes(JSON.stringify(at))).length"
EDITS: Final = re.compile(r"/edits$")


def measure(size: Size, open_cluster: OpenCluster = private_cluster) -> Measured:
    """Edits and a publication over HTTP, then the page in a browser, all on one service."""
    with open_cluster() as cluster:
        url = cluster.create_database("bench_editor")
        migrate(url)
        deployment = connect(Settings(), url)
        try:
            with deployment.sessions.begin() as session:
                load_township(Work(session, deployment))
                drawn = cells_around(session, size.zones)
                publish(session, DRAWN, drawn)
                publish(session, STORED, squares_around(session, size.stored_zones - size.zones))
                long = to_storage(_around(session, np.array(long_zone(LONG[size.name]))), DEFAULT_METRIC_CRS)
                delivered = deliver(session, DRAWN, shapely.transform(drawn, lambda at: at + ASIDE_M)).id
            with deployment.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
            keys = [_token(deployment, role) for role in (Role.OFFICER, Role.APPROVER)]
            with service(deployment, keys[0]) as client:
                return _measured(f"http://127.0.0.1:{client.connection.port}", keys, (long, delivered), size)
        finally:
            deployment.engine.dispose()
            cluster.drop_database("bench_editor")


def cells_around(session: Session, count: int) -> Any:
    """About ``count`` uneven cells around the middle of the town (metric CRS): 24 vertices each, every border shared."""
    return _around(session, as_array([zone.geometry for zone in lay_coverage(int(np.sqrt(count))).values()]))


def squares_around(session: Session, count: int) -> Any:
    """About ``count`` squares around the middle of the town (metric CRS), in rows and columns that share their borders."""
    side = int(np.sqrt(count))
    west, south = np.floor(_middle(session) - side * SIDE_M / 2)
    column, row = (one.ravel() for one in np.meshgrid(np.arange(side), np.arange(side), indexing="ij"))
    xs, ys = west + column * SIDE_M, south + row * SIDE_M
    return shapely.box(xs, ys, xs + SIDE_M, ys + SIDE_M)


def _around(session: Session, shapes: Any) -> Any:
    away = _middle(session) - np.mean(shapely.total_bounds(shapes).reshape(2, 2), axis=0)
    return shapely.transform(shapes, lambda at: at + away)


def _middle(session: Session) -> Any:
    boundary = places.find_boundary(session)
    centre = boundary.centroid if boundary else shapely.Point(0, 0)
    return shapely.get_coordinates(to_metric(as_array([centre]), DEFAULT_METRIC_CRS))[0]


def publish(session: Session, theme: str, shapes: Any) -> None:
    """Replace a theme by ``shapes`` (metric CRS) in an edition of their own; raises KeyError of another theme."""
    draft = deliver(session, theme, shapes)
    editions.publish_draft(session, draft, author="benchmark", reason="benchmark", by_console=True)


def deliver(session: Session, theme: str, shapes: Any) -> editions.Draft:
    """A draft that replaces a theme by ``shapes`` (metric CRS); raises KeyError of another theme."""
    hazard, product = theme.split("/")
    stored = to_storage(shapely.multipolygons(shapes[:, None]), DEFAULT_METRIC_CRS)
    about = {"hazard": hazard, "product": product, "grade": "低", "grade_rank": 4, "grade_scheme": SCHEMES[theme]}
    frame = gpd.GeoDataFrame({**about, "name": None}, index=range(len(stored)), geometry=stored, crs=STORAGE_CRS)
    draft = editions.open_draft(session, name="benchmark", author="benchmark")
    layer = surveys.NewLayer(hazard, product, hazard, "synthetic", None, None, "zones", None, replaces=True)
    layer_id = surveys.save_layer(session, draft.id, layer, DEFAULT_METRIC_CRS)
    staged_zones.stage_new_zones(session, draft.id, layer_id, frame)
    return draft


def _token(deployment: Deployment, role: Role) -> str:
    token = new_token()
    with deployment.sessions.begin() as session:
        access.save_token(session, name=role.value, role=role.value, digest=token_digest(token))
    return token


def _measured(base: str, keys: Sequence[str], laid: tuple[Any, int], size: Size) -> Measured:
    (officer, approver), (long, delivered) = keys, laid
    with asking(base, officer) as client, asking(base, approver) as other:
        told: dict[str, Any] = {
            "edits": edited(client, size),
            "cuts": split_long(client, *long, max(size.rounds, 3)),
        }
        told["impact"], told["published"] = publish_changes(client, other, size)
        draft = client.post("/api/zones/drafts", json={"name": "measured"}).json()["id"]
        hazard, product = DRAWN.split("/")
        asked = {"hazard": hazard, "product": product}
        told["compared"] = [compared(client, delivered, asked) for _ in range(size.rounds)]
        told["searched"] = [searched(client, asked) for _ in range(size.rounds)]
        items = client.get(f"/api/zones/drafts/{draft}/zones", params=asked).json()["items"]
        node, users = corner_of(items)
        with browser(officer) as page:
            address = f"{base}/zones/edit?draft={draft}&theme={DRAWN}"
            told |= dragged(page, address, node, users[0], size.rounds)
            told["other"] = beside_geoman(page, base, items, node)
    notes = _notes(size, len(items), len(users), told)
    return Measured(("what", "n", "p50 ms", "p95 ms", "longest ms"), _rows(told), _goals(told), notes)


def _rows(told: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        _row("edit of a shared corner, over HTTP", [one * 1000 for one in told["edits"]]),
        _row("split of a long zone, over HTTP", [one * 1000 for one in told["cuts"]]),
        _row("problems of all zones of the page's theme, over HTTP", [one * 1000 for one in told["searched"]]),
        _row("whole theme delivered anew, compared over HTTP", [one * 1000 for one in told["compared"]]),
        ("impact of the changed zones, over HTTP", "1", f"{told['impact'] * 1000:.0f}", "–", "–"),
        ("publication of the changed zones", "1", f"{told['published'] * 1000:.0f}", "–", "–"),
        _row("page opened until it can be edited", [one * 1000 for one in told["opened"]]),
        _frames("corner dragged, ours", told["drags"]),
        _frames("corner dragged, Geoman", [told["other"]]),
        ("heap of the page, MB", "1", f"{told['heap']:.0f}", "–", "–"),
    ]


def _goals(told: dict[str, Any]) -> list[Ratio]:
    frames = round(float(np.median([one["p95"] for one in told["drags"]])), 1)  # the browser's own clock tells tenths
    return [
        Ratio("corner dragged, frame p95: Geoman ÷ ours", told["other"]["p95"] / frames),
        at_most("edit over HTTP p95, s", float(np.percentile(told["edits"], 95)), 0.15),
        at_most("split of a long zone, s", float(np.median(told["cuts"])), 0.2),
        at_most("problems of all zones, s", float(np.median(told["searched"])), 3.0),
        at_most("impact, s", told["impact"], 5.0),
        at_most("publication, s", told["published"], 5.0),
        at_most("page opened, s", float(np.median(told["opened"])), 1.5),
        at_most("corner dragged, frame p95, ms", frames, 33.4),
        at_most("heap, MB", told["heap"], 120.0),
    ]


@contextmanager
def asking(base: str, token: str) -> Iterator[httpx.Client]:
    """A client of the service with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=base, headers=headers, timeout=DRAWN_MS / 1000) as client:
        yield client


def _done(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:300]}")
    return answer


def edited(client: httpx.Client, size: Size) -> list[float]:
    """Seconds of edits that each move a corner four squares share, in turn on other squares."""
    began = _done(client.post("/api/zones/drafts", json={"name": "corners"}))
    address, tag = began.headers["Location"], began.headers["ETag"]
    corners = list(_corners(client, address))
    chance = np.random.default_rng(SEED)
    chance.shuffle(corners)
    seconds = []
    for node, zones in corners[: max(size.requests // 5, 10)]:
        changes = [{"zone": zone["id"], "geometry": _moved(zone["geometry"], node)} for zone in zones]
        body = json.dumps({"op": "update", "changes": changes})
        began_at = time.perf_counter()
        answer = client.post(
            f"{address}/edits", content=body, headers={"If-Match": tag, "Content-Type": "application/json"}
        )
        seconds.append(time.perf_counter() - began_at)
        tag = _done(answer).headers["ETag"]
    return seconds


def _corners(client: httpx.Client, address: str) -> Iterator[tuple[tuple[float, float], list[dict[str, Any]]]]:
    """Corners that four squares share, none of which shares another of these corners."""
    hazard, product = STORED.split("/")
    items = _done(client.get(f"{address}/zones", params={"hazard": hazard, "product": product})).json()["items"]
    users: dict[tuple[float, float], list[dict[str, Any]]] = {}
    for item in items:
        for x, y in item["geometry"]["coordinates"][0][0][:-1]:
            users.setdefault((x, y), []).append(item)
    taken: set[str] = set()
    for node, zones in users.items():
        if len(zones) == 4 and taken.isdisjoint(zone["id"] for zone in zones):
            taken |= {zone["id"] for zone in zones}
            yield node, zones


def _moved(geometry: dict[str, Any], node: tuple[float, float]) -> dict[str, Any]:
    put = [node[0] + 5e-5, node[1] + 3e-5]
    rings = [[[put if tuple(at) == node else at for at in ring] for ring in part] for part in geometry["coordinates"]]
    return {"type": "MultiPolygon", "coordinates": rings}


def publish_changes(client: httpx.Client, approver: httpx.Client, size: Size) -> tuple[float, float]:
    """Seconds until the impact of so many changed zones is told, and those it takes to publish them, approved by another person."""
    began = _done(client.post("/api/zones/drafts", json={"name": "changed"}))
    address, tag = began.headers["Location"], began.headers["ETag"]
    zones = [zone for _, four in _corners(client, address) for zone in four][: CHANGED[size.name]]
    changes = [{"zone": zone["id"], "attributes": {"grade_rank": 3}} for zone in zones]
    tag = _done(
        client.post(f"{address}/edits", json={"op": "update", "changes": changes}, headers={"If-Match": tag})
    ).headers["ETag"]
    began_at = time.perf_counter()
    _done(client.get(f"{address}/impact"))
    told = time.perf_counter() - began_at
    for step, who in (("submit", client), ("approve", approver)):
        tag = _done(who.post(f"{address}/{step}", json={}, headers={"If-Match": tag})).headers["ETag"]
    began_at = time.perf_counter()
    _done(client.post(f"{address}/publish", json={"reason": "measured"}, headers={"If-Match": tag}))
    return told, time.perf_counter() - began_at


def split_long(client: httpx.Client, zone: Any, line: Any, rounds: int) -> list[float]:
    """Seconds until a zone of very many vertices (storage CRS) is split along a line and answered, each time drawn anew."""
    hazard, product = ALONE.split("/")
    about = {"hazard": hazard, "product": product, "grade_rank": 4}
    seconds = []
    for _ in range(rounds):
        began = _done(client.post("/api/zones/drafts", json={"name": "long"}))
        address, tag = began.headers["Location"], began.headers["ETag"]
        create = {"op": "create", "geometry": zone.__geo_interface__, "attributes": about}
        drawn = _done(client.post(f"{address}/edits", json=create, headers={"If-Match": tag}))
        split = {"op": "split", "zone": drawn.json()["zones"][0]["id"], "line": line.__geo_interface__}
        began_at = time.perf_counter()
        answer = client.post(f"{address}/edits", json=split, headers={"If-Match": drawn.headers["ETag"]})
        seconds.append(time.perf_counter() - began_at)
        if len(_done(answer).json()["lineage"]) < 2:
            raise RuntimeError("the line did not split the zone")
    return seconds


def searched(client: httpx.Client, theme: dict[str, str]) -> float:
    """Seconds until the problems of every zone of a theme are told."""
    began_at = time.perf_counter()
    _done(client.get("/api/zones/problems", params=theme))
    return time.perf_counter() - began_at


def compared(client: httpx.Client, draft: int, theme: dict[str, str]) -> float:
    """Seconds until a delivery of a whole theme is told zone by zone against what is in force."""
    began_at = time.perf_counter()
    _done(client.get(f"/api/zones/drafts/{draft}/delivery", params=theme))
    return time.perf_counter() - began_at


def corner_of(items: Sequence[dict[str, Any]]) -> tuple[tuple[float, float], list[str]]:
    """The corner nearest the middle of all that most zones share, and those zones."""
    nodes = {item["id"]: {tuple(at) for part in item["geometry"]["coordinates"] for at in part[0]} for item in items}
    counted = Counter(node for own in nodes.values() for node in own)
    most = max(counted.values())
    shared = np.array([node for node, count in counted.items() if count == most])
    nearest = shared[np.argmin(np.abs(shared - np.median(shared, axis=0)).sum(axis=1))]
    node = (float(nearest[0]), float(nearest[1]))
    return node, [zone for zone, own in nodes.items() if node in own]


@contextmanager
def browser(token: str) -> Iterator[Page]:
    """A page of a browser without a graphics card that asks with a token."""
    with sync_playwright() as playwright:
        args = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--enable-precise-memory-info",
            "--js-flags=--expose-gc",
        ]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        headers = {"Authorization": f"Bearer {token}"}
        page = opened.new_context(viewport=WINDOW, bypass_csp=True, extra_http_headers=headers).new_page()
        page.set_default_timeout(DRAWN_MS)
        yield page
        opened.close()


def dragged(page: Page, address: str, node: tuple[float, float], zone: str, rounds: int) -> dict[str, Any]:
    """The page opened and the corner dragged, several times; each time the zone is chosen and its border in hand."""
    opened, drags, heap = [], [], 0.0
    for _ in range(rounds):
        began = time.perf_counter()
        page.goto(address)
        page.wait_for_function("() => window.READY === 1")
        opened.append(time.perf_counter() - began)
        heap = max(heap, page.evaluate(HEAP))
        page.locator("#zone-words").fill(zone)
        page.locator(f"[data-zone='{zone}']").check()
        page.evaluate(LOOK, list(node))
        page.locator("[data-tool=reshape]").click()
        page.wait_for_timeout(800)
        with page.expect_response(EDITS) as answered:
            drags.append(page.evaluate(DRAG, list(node)))
        moved = answered.value.json()["zones"]
        drags[-1]["torn"] = sum(list(node) in ring for one in moved for ring in one["geometry"]["coordinates"][0])
        with page.expect_response(EDITS):
            page.locator("[data-act=undo]").click()
    return {"opened": opened, "drags": drags, "heap": heap}


def beside_geoman(page: Page, base: str, items: Sequence[dict[str, Any]], node: tuple[float, float]) -> dict[str, Any]:
    """The same drag with Geoman on the same page, our own tool and zones put away."""
    page.keyboard.press("Escape")
    page.evaluate("() => map.eachLayer((one) => (one.paint || !(one instanceof L.Renderer)) && one.remove())")
    plain = [{"id": item["id"], "geometry": item["geometry"]} for item in items]
    page.evaluate(GEOMAN, {"items": plain, "place": list(node), "program": f"{base}{GEOMAN_AT}"})
    page.evaluate(LOOK, list(node))
    page.wait_for_timeout(1500)
    return dict(page.evaluate(DRAG, list(node))) | {"torn": page.evaluate(TORN, list(node))}


def _row(what: str, ms: Sequence[float]) -> tuple[str, ...]:
    return (what, str(len(ms)), *(f"{np.percentile(ms, share):.0f}" for share in (50, 95, 100)))


def _frames(what: str, drags: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    return (
        what,
        str(len(drags)),
        *(f"{np.median([one[which] for one in drags]):.1f}" for which in ("p50", "p95", "longest")),
    )


def _notes(size: Size, drawn: int, users: int, told: dict[str, Any]) -> list[str]:
    torn = sum(one["torn"] for one in told["drags"])
    return [
        (
            f"{size.stored_zones:,} zones are stored; an edit moves a corner four of them share. {CHANGED[size.name]:,} zones are regraded and"
            f" published. The long zone has {LONG[size.name]:,} vertices; clocked is its split until it is answered."
        ),
        (
            f"The page shows {drawn:,} zones with 24 vertices each, every border shared; the corner is dragged by forty moves, snapping on. Frames as"
            " `requestAnimationFrame` counts them in headless Chromium without a graphics card, 33.4 ms are two of the screen's own; service, database"
            " and browser share the two cores."
        ),
        (
            f"Geoman draws the same zones on a canvas of its own on the same page, and edits only those that share the corner, snapping on. Of"
            f" {users} zones at the corner ours leaves {torn} behind, Geoman {told['other']['torn']}."
        ),
    ]
