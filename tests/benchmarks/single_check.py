"""One check over HTTP with many zones stored: what the way around its own SQL costs, and what a hit costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping

from app.deployment import Deployment
from gis_layers.crs import DEFAULT_METRIC_CRS, to_storage
from tests.benchmarks.ground import SEED, Ground, lay_ground, lay_sites
from tests.benchmarks.measured import Measured, Ratio, Size, at_most
from tests.benchmarks.published import issue_token, private_cluster, published
from tests.benchmarks.service import Client, replay, service, statements_of

NAME = "single-check"
QUESTION = "One check over HTTP, one client, one worker: against its own SQL run bare, by hits, and by zones stored."
ZONE_AREA_M2 = 0.133e6
SITE_RADIUS_M = 47.0
SITES = 1000
HITS = {1: 10.0, 5: 40.0, 20: 280.0, 50: 570.0}
"""Sites of so many hits are sought among sites of so many metres radius."""
SQL_GOAL = 8.0


@dataclass(frozen=True, slots=True)
class Timed:
    """Answers of one kind: milliseconds of each, how many findings and SQL statements they had."""

    what: str
    ms: np.ndarray[Any, np.dtype[np.float64]]
    findings: float

    def row(self) -> tuple[str, ...]:
        middle, late = np.percentile(self.ms, [50, 95])
        return (self.what, str(len(self.ms)), f"{self.findings:.1f}", f"{middle:.2f}", f"{late:.2f}")

    @property
    def p50(self) -> float:
        return float(np.median(self.ms))


def measure(size: Size) -> Measured:
    """Towns of two sizes with equal ground under each point, checks of one, five, twenty and fifty hits."""
    with private_cluster() as cluster:
        big = lay_ground(size.stored_zones, SITES, zone_area_m2=ZONE_AREA_M2, site_radius_m=SITE_RADIUS_M)
        small = lay_ground(size.few_zones, SITES, zone_area_m2=ZONE_AREA_M2, site_radius_m=SITE_RADIUS_M)
        with published(cluster, "big", big) as town, published(cluster, "small", small) as hamlet:
            return _measured(size, (town, big), (hamlet, small))


def _measured(size: Size, big: tuple[Deployment, Ground], small: tuple[Deployment, Ground]) -> Measured:
    (town, ground), (hamlet, hamlet_ground) = big, small
    token, other = issue_token(town), issue_token(hamlet)
    anywhere = features(ground.sites)
    by_hits = {hits: features(_with_hits(ground, hits, radius)) for hits, radius in HITS.items()}
    five = features(_with_hits(hamlet_ground, 5, HITS[5]))
    statements = statements_of(town, token, anywhere)
    bare = Timed("its own SQL, bare", 1000 * np.array(replay(town, _repeated(statements, size.requests))), np.nan)
    with service(town, token) as here, service(hamlet, other) as there:
        whole = ask(here, anywhere, size.requests, f"check, {size.stored_zones:,} zones stored")
        timed = {hits: ask(here, sites, size.requests, f"check with {hits} hits") for hits, sites in by_hits.items()}
        few = ask(there, five, size.requests, f"check with 5 hits, {size.few_zones:,} zones stored")
        again = ask(here, by_hits[5], size.requests, f"check with 5 hits, {size.stored_zones:,} zones, once more")
    rows = [one.row() for one in (whole, bare, *timed.values(), few, again)]
    return Measured(
        ("what", "n", "findings", "p50 ms", "p95 ms"),
        rows,
        _ratios(whole, bare, timed, (few, again)),
        _notes(statements),
    )


def ask(client: Client, bodies: list[bytes], requests: int, what: str) -> Timed:
    """Ask ``requests`` times after a tenth as many that are not counted."""
    for body in _repeated(bodies, requests // 10 + 1):
        client.check(body)
    answers = [client.check(body) for body in _repeated(bodies, requests)]
    found = [sum(len(theme["findings"]) for theme in answer["themes"]) for _, answer in answers]
    return Timed(what, 1000 * np.array([seconds for seconds, _ in answers]), float(np.mean(found)))


def features(sites: gpd.GeoDataFrame) -> list[bytes]:
    """The sites as request bodies, in degrees."""
    shapes = to_storage(sites.geometry.to_numpy(), DEFAULT_METRIC_CRS)
    rows = zip(shapes, sites["name"], sites["project_class"], strict=True)
    return [
        json.dumps(
            {"type": "Feature", "geometry": mapping(shape), "properties": {"name": name, "project_class": kind}}
        ).encode()
        for shape, name, kind in rows
    ]


def _with_hits(ground: Ground, hits: int, radius_m: float) -> gpd.GeoDataFrame:
    """Sites that meet just so many zones, or as near to that as there are."""
    inner_m = max(ground.side_m - 4 * radius_m, ground.side_m / 2)
    sites = lay_sites(4 * SITES, inner_m, radius_m, np.random.default_rng(SEED + hits))
    tree = shapely.STRtree(ground.zones.geometry.to_numpy())
    met, _ = tree.query(sites.geometry.to_numpy(), predicate="intersects")
    away = np.abs(np.bincount(met, minlength=len(sites)) - hits)
    return sites.iloc[np.argsort(away, kind="stable")[: SITES // 5]]


def _repeated(things: list[Any], times: int) -> list[Any]:
    return [things[number % len(things)] for number in range(times)]


def _ratios(whole: Timed, bare: Timed, timed: dict[int, Timed], few_and_many: tuple[Timed, Timed]) -> list[Ratio]:
    few, many = few_and_many
    return [
        at_most("check ÷ its own SQL, p50", whole.p50 / bare.p50, SQL_GOAL),
        at_most("20 hits ÷ 1 hit, p50", timed[20].p50 / timed[1].p50, 20),
        at_most("50 hits ÷ 5 hits, p50", timed[50].p50 / timed[5].p50, 10),
        at_most("50 hits ÷ 20 hits, p50", timed[50].p50 / timed[20].p50, 2.5),
        at_most("many zones stored ÷ few, 5 hits, p50", many.p50 / few.p50, 1.25),
    ]


def _notes(statements: list[list[Any]]) -> list[str]:
    counts = [len(asked) for asked in statements]
    return [
        (
            f"The endpoint asks {int(np.median(counts))} statements a check; they are taken from real requests and replayed"
            " by psycopg2 on one connection with the same parameters, without transaction, mapping or judgement."
        ),
        "Sites of more hits are larger, so a hit's cost is not only its own: more of the outlines is read and cut.",
        "Client, service and PostgreSQL share the cores.",
    ]
