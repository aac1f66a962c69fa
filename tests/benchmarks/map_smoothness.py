"""The overview in a browser: frames while the map is dragged and zoomed, with a few zones and with ten thousand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import httpx
import numpy as np
import shapely
from playwright.sync_api import Page, sync_playwright
from sqlalchemy.orm import Session

from app.exchange.township import load_township
from app.platform.deployment import connect
from app.platform.settings import Settings
from app.platform.work import Work
from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS, to_metric, to_storage
from gis_layers.database import migrate
from gis_layers.stores import editions, places, staged_zones, surveys
from risk_model.shapes import as_array
from tests.benchmarks.ground import SEED
from tests.benchmarks.measured import Measured, Size, at_most, median
from tests.benchmarks.published import OpenCluster, private_cluster
from tests.benchmarks.service import service
from tests.browsing import CHROMIUM

NAME = "map-smoothness"
QUESTION = (
    "The overview dragged and zoomed in a browser without a graphics card: 10,000 zones from tiles beside 55 zones."
)
FEW, MANY = "composite/risk_all", "flood/hazard"
TILES: Final = ((10, 3), (12, 6), (14, 12))
"""Zooms at which tiles are asked for, and how many at each."""
GRADES = ("极高", "高", "中", "低")
HANDS = (Path(__file__).parent / "hands.js").read_text(encoding="utf-8")
WINDOW: Any = {"width": 1440, "height": 900}
DRAWN_MS = 120_000


def measure(size: Size, open_cluster: OpenCluster = private_cluster) -> Measured:
    """Both views in turn in one browser on one service, and the tiles they are made of."""
    with open_cluster() as cluster:
        url = cluster.create_database("bench_map")
        migrate(url)
        deployment = connect(Settings(), url)
        try:
            with deployment.sessions.begin() as session:
                load_township(Work(session, deployment))
                publish_many(session, size.zones)
            with service(deployment, "nobody") as client:
                return _measured(f"http://127.0.0.1:{client.connection.port}", size)
        finally:
            deployment.engine.dispose()
            cluster.drop_database("bench_map")


def lay_cells(boundary: Any, count: int) -> gpd.GeoDataFrame:
    """A coverage of ``boundary`` (metric CRS) by about ``count`` cells with wavering edges that neighbours share."""
    chance = np.random.default_rng(SEED)
    west, south, east, north = boundary.bounds
    places_ = chance.uniform((west, south), (east, north), (count * 3, 2))
    inside = places_[shapely.contains_xy(boundary, places_[:, 0], places_[:, 1])][:count]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(inside), extend_to=boundary))
    cells = shapely.intersection(shapely.segmentize(cells, 12.0), boundary)
    cells = shapely.make_valid(shapely.transform(cells, _waver))
    parts, owner = shapely.get_parts(cells, return_index=True)
    kept = [
        shapely.multipolygons(parts[(owner == i) & (shapely.get_dimensions(parts) == 2)]) for i in range(len(cells))
    ]
    middles = shapely.get_coordinates(shapely.centroid(cells))
    height = np.sin(middles[:, 0] / 2300) + np.sin(middles[:, 1] / 1900) + chance.normal(0, 0.5, len(cells))
    ranks = np.digitize(-height, np.quantile(-height, (0.12, 0.34, 0.66))) + 1
    columns = {
        "hazard": "flood", "product": "hazard", "grade": [GRADES[rank - 1] for rank in ranks], "grade_rank": ranks,
        "grade_scheme": "flood4", "name": None,
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=kept, crs=DEFAULT_METRIC_CRS)


def _waver(corners: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    x, y = corners[:, 0], corners[:, 1]
    return np.column_stack((x + 7 * np.sin(y / 19) + 3 * np.sin(y / 7), y + 7 * np.sin(x / 23) + 3 * np.sin(x / 8)))


def publish_many(session: Session, count: int) -> None:
    """Replace the flood zones by ``count`` cells in a second edition."""
    boundary = places.find_boundary(session)
    cells = lay_cells(to_metric(as_array([boundary]), DEFAULT_METRIC_CRS)[0], count)
    stored = cells.set_geometry(to_storage(cells.geometry.to_numpy(), DEFAULT_METRIC_CRS))
    stored = stored.set_crs(STORAGE_CRS, allow_override=True)
    draft = editions.open_draft(session, name="benchmark", author="benchmark")
    layer = surveys.NewLayer("flood", "hazard", "flood", "synthetic", None, None, "file", boundary, replaces=True)
    layer_id = surveys.save_layer(session, draft.id, layer, DEFAULT_METRIC_CRS)
    staged_zones.stage_new_zones(session, draft.id, layer_id, stored)
    editions.publish_draft(session, draft, author="benchmark", reason="benchmark", by_console=True)


def _measured(base: str, size: Size) -> Measured:
    answer = httpx.get(f"{base}/api/overview", timeout=DRAWN_MS / 1000)
    layers = {f"{layer['hazard']}/{layer['product']}": layer["count"] for layer in answer.json()["layers"]}
    moved: dict[str, list[dict[str, Any]]] = {FEW: [], MANY: []}
    with _browser() as page:
        for _ in range(size.rounds):
            for theme, found in moved.items():
                page.goto(f"{base}/?theme={theme}")
                page.wait_for_function("() => window.READY === 1", timeout=DRAWN_MS)
                page.wait_for_timeout(1500)
                found.append(page.evaluate(HANDS))
    rows = [
        (f"{layers[theme]:,} zones, {kind}", str(len(found)), *_frames(found, kind))
        for theme, found in moved.items()
        for kind in ("drag", "zoom")
    ]
    few, many = ({kind: _p50(moved[theme], kind) for kind in ("drag", "zoom")} for theme in (FEW, MANY))
    goals = [
        at_most(f"{layers[MANY]:,} zones ÷ {layers[FEW]} zones, {kind}, p50 of frames", many[kind] / few[kind], 1.1)
        for kind in ("drag", "zoom")
    ]
    rows += [_tile_row(base, zoom, count, answer) for zoom, count in TILES]
    return Measured(("what", "n", "p50 ms", "p95 ms", "longest ms", "KB"), rows, goals, _notes())


def _p50(found: list[dict[str, Any]], kind: str) -> float:
    return median([one[kind]["p50"] for one in found])


def _frames(found: list[dict[str, Any]], kind: str) -> tuple[str, ...]:
    return (*(f"{median([one[kind][what] for one in found]):.1f}" for what in ("p50", "p95", "longest")), "–")


def _tile_row(base: str, zoom: int, count: int, overview: httpx.Response) -> tuple[str, ...]:
    """Tiles of the many zones around the town's middle, each asked for once: none is remembered by the service."""
    side = 2**zoom
    x, y = (99.80 + 180) / 360 * side, (1 - np.arcsinh(np.tan(np.radians(39.30))) / np.pi) / 2 * side
    span = int(np.ceil(np.sqrt(count)))
    ms, sizes = [], []
    wanted = dict(zip(("hazard", "product"), MANY.split("/"), strict=True))
    with httpx.Client(base_url=base, timeout=DRAWN_MS / 1000) as client:
        client.get("/health")
        for step in range(count):
            address = f"{zoom}/{int(x) + step % span - span // 2}/{int(y) + step // span - span // 2}"
            began = time.perf_counter()
            tile = client.get(f"/tiles/zones/{address}.mvt", params=wanted)
            ms.append(1000 * (time.perf_counter() - began))
            sizes.append(tile.num_bytes_downloaded / 1024)
    assert overview.is_success
    words = (f"{np.percentile(ms, share):.1f}" for share in (50, 95, 100))
    return (f"tile over HTTP, zoom {zoom}", str(count), *words, f"{max(sizes):.0f}")


def _notes() -> list[str]:
    return [
        (
            "Frames as `requestAnimationFrame` counts them in headless Chromium without a graphics card at 1440×900: four drags of 24 steps,"
            " four animated zooms. 16.7 ms is the screen's own pace; service, database and browser share the cores."
        ),
        "The two views take turns, a page each time loaded anew. Numbers are medians over the rounds.",
        "Tiles are asked for once each, so the service has none of them ready; KB is the largest as sent (gzip level 1).",
    ]


@contextmanager
def _browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        # Waiting for a value of the page needs eval, which the page's own policy forbids.
        yield browser.new_context(viewport=WINDOW, bypass_csp=True).new_page()
        browser.close()
