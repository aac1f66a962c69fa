"""One check over HTTP with many zones stored: what the way around its own SQL costs, and what a hit costs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import mapping

from app.platform.deployment import Deployment
from gis_layers.crs import DEFAULT_METRIC_CRS, to_storage
from tests.benchmarks.ground import SEED, Ground, lay_ground, lay_sites
from tests.benchmarks.measured import Measured, Ratio, Size, at_most
from tests.benchmarks.published import OpenCluster, issue_token, private_cluster, published
from tests.benchmarks.service import Client, bare_connection, replay, service, statements_of, wait_until_quiet

NAME = "single-check"
QUESTION = "One check over HTTP, one client, one worker, the edition in memory: against the SQL that reads it, run bare, by hits, and by zones stored."
ZONE_AREA_M2 = 0.133e6
SITE_RADIUS_M = 47.0
SITES = 1000
CANDIDATES = 4000
HITS = {1: 10.0, 5: 40.0, 20: 280.0, 50: 570.0}
"""Sites of so many hits are sought among candidates of so many metres radius."""
SQL_GOAL = 2.5
LATE_GOAL_MS = 20.0


@dataclass(frozen=True, slots=True)
class Timed:
    """Answers of one kind: milliseconds of each, how many findings and SQL statements they had."""

    what: str
    ms: np.ndarray[Any, np.dtype[np.float64]]
    findings: float

    def row(self) -> tuple[str, ...]:
        middle, late = np.percentile(self.ms, [50, 95])
        findings = "–" if np.isnan(self.findings) else f"{self.findings:.1f}"
        return (self.what, str(len(self.ms)), findings, f"{middle:.2f}", f"{late:.2f}")

    @property
    def p50(self) -> float:
        return float(np.median(self.ms))


def measure(size: Size, open_cluster: OpenCluster = private_cluster) -> Measured:
    """Towns of two sizes with equal ground under each point, checks of one, five, twenty and fifty hits."""
    with open_cluster() as cluster:
        big = lay_ground(size.stored_zones, SITES, zone_area_m2=ZONE_AREA_M2, site_radius_m=SITE_RADIUS_M)
        small = lay_ground(size.few_zones, SITES, zone_area_m2=ZONE_AREA_M2, site_radius_m=SITE_RADIUS_M)
        with published(cluster, "bench_big", big) as town, published(cluster, "bench_small", small) as hamlet:
            return _measured(size, (town, big), (hamlet, small))


def _measured(size: Size, big: tuple[Deployment, Ground], small: tuple[Deployment, Ground]) -> Measured:
    (town, ground), (hamlet, hamlet_ground) = big, small
    token, other = issue_token(town), issue_token(hamlet)
    anywhere = features(ground.sites)
    by_hits = {hits: features(_with_hits(ground, hits, radius)) for hits, radius in HITS.items()}
    five = features(_with_hits(hamlet_ground, 5, HITS[5]))
    statements = statements_of(town, token, anywhere[: size.requests])
    with service(town, token) as here, service(hamlet, other) as there, bare_connection(town) as cursor:
        _have_in_memory(anywhere[0], [(here, town), (there, hamlet)])
        asked = _over_http(here, anywhere[: size.requests])
        own_sql = _bare(cursor, statements)
        (hot,) = ask_in_turn({"its SQL without the memory, bare, nothing between": own_sql}, size.requests)
        whole, bare = ask_in_turn(
            {f"check, {size.stored_zones:,} zones stored": asked, "its SQL without the memory, bare, in turn": own_sql},
            size.requests,
        )
        hits = {f"check with {number} hits": _over_http(here, sites) for number, sites in by_hits.items()}
        timed = dict(zip(by_hits, ask_in_turn(hits, size.requests), strict=True))
        few, again = ask_in_turn(
            {
                f"check with 5 hits, {size.few_zones:,} zones stored": _over_http(there, five),
                f"the same, {size.stored_zones:,} zones stored": _over_http(here, by_hits[5]),
            },
            size.requests,
        )
    rows = [one.row() for one in (whole, bare, hot, *timed.values(), few, again)]
    return Measured(
        ("what", "n", "findings", "p50 ms", "p95 ms"),
        rows,
        _ratios(whole, (bare, hot), timed, (few, again)),
        _notes(statements),
    )


def _have_in_memory(body: bytes, services: Sequence[tuple[Client, Deployment]]) -> None:
    """See that each service has its edition in memory, which it begins to read when it is first asked."""
    for client, deployment in services:
        client.check(body)
        with bare_connection(deployment) as cursor:
            wait_until_quiet(cursor)


def ask_in_turn(asked: Mapping[str, Callable[[int], tuple[float, float]]], requests: int) -> list[Timed]:
    """Ask each ``requests`` times, after a tenth as many that are not counted.

    They take turns, so that what else the machine does falls on all alike.
    """
    ms, found = np.zeros((len(asked), requests)), np.zeros((len(asked), requests))
    for turn in range(-(requests // 10 + 1), requests):
        for number, ask in enumerate(asked.values()):
            seconds, findings = ask(turn)
            if turn >= 0:
                ms[number, turn], found[number, turn] = 1000 * seconds, findings
    return [Timed(what, ms[number], float(found[number].mean())) for number, what in enumerate(asked)]


def _over_http(client: Client, bodies: list[bytes]) -> Callable[[int], tuple[float, float]]:
    client.close()  # the service may have hung up on a client that was idle

    def ask(turn: int) -> tuple[float, float]:
        seconds, answer = client.check(bodies[turn % len(bodies)])
        return seconds, sum(len(theme["findings"]) for theme in answer["themes"])

    return ask


def _bare(cursor: Any, statements: list[list[tuple[str, Any]]]) -> Callable[[int], tuple[float, float]]:
    return lambda turn: (replay(cursor, statements[turn % len(statements)]), np.nan)


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
    sites = lay_sites(CANDIDATES, inner_m, radius_m, np.random.default_rng(SEED + hits))
    tree = shapely.STRtree(ground.zones.geometry.to_numpy())
    met, _ = tree.query(sites.geometry.to_numpy(), predicate="intersects")
    away = np.abs(np.bincount(met, minlength=len(sites)) - hits)
    return sites.iloc[np.argsort(away, kind="stable")[: CANDIDATES // 20]]


def _ratios(
    whole: Timed, own_sql: tuple[Timed, Timed], timed: dict[int, Timed], few_and_many: tuple[Timed, Timed]
) -> list[Ratio]:
    (bare, hot), (few, many) = own_sql, few_and_many
    return [
        at_most(
            "check ÷ the SQL of a check that reads the database, nothing between, p50", whole.p50 / hot.p50, SQL_GOAL
        ),
        at_most("check, p95 ms", float(np.percentile(whole.ms, 95)), LATE_GOAL_MS),
        Ratio("check ÷ that SQL in turn, p50", whole.p50 / bare.p50),
        at_most("20 hits ÷ 1 hit, p50", timed[20].p50 / timed[1].p50, 20),
        at_most("50 hits ÷ 5 hits, p50", timed[50].p50 / timed[5].p50, 10),
        at_most("50 hits ÷ 20 hits, p50", timed[50].p50 / timed[20].p50, 2.5),
        at_most("many zones stored ÷ few, 5 hits, p50", many.p50 / few.p50, 1.25),
    ]


def _notes(statements: list[list[Any]]) -> list[str]:
    counts = [len(asked) for asked in statements]
    return [
        (
            f"The endpoint asks {int(np.median(counts))} statements a check while the edition is not in its memory; they are taken from"
            " real requests and replayed by psycopg2 on one connection with the same parameters, without transaction, mapping or"
            " judgement. Measured is the check after the edition is in memory, held against the SQL it asked before, as in earlier records."
        ),
        "Sites of more hits are larger, so a hit's cost is not only its own: more of the outlines is read and cut.",
        (
            "Rows between which a ratio is taken were asked in turn, but for the SQL with nothing between: asked again and again on an"
            " otherwise idle connection it finds the processor's caches warm, which no request does. Client, service and PostgreSQL share the cores."
        ),
    ]
