"""Papers and places to compare over HTTP: an opinion laid out as PDF, handed out again, three other places for the outline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from app.platform.deployment import Deployment
from app.platform.principals import Role
from tests.benchmarks.ground import Ground, lay_ground
from tests.benchmarks.measured import Measured, Ratio, Size, at_most, median, spread
from tests.benchmarks.published import OpenCluster, issue_token, private_cluster, published
from tests.benchmarks.service import Client, service
from tests.benchmarks.single_check import SITE_RADIUS_M, ZONE_AREA_M2, features

NAME = "papers"
QUESTION = "One opinion of a planner over HTTP: checked, printed as PDF, handed out once more, and three places for the same outline."
SITES = 400
WITHIN_M, PLACES = 800, 3
PDF_GOAL_S = PLACES_GOAL_S = 3.0

CHECKED, PRINTED, AGAIN, COMPARED = "check", "PDF, laid out", "the same PDF, as it was kept", "three places to compare"


def measure(size: Size, open_cluster: OpenCluster = private_cluster) -> Measured:
    """Sites against which something speaks, one after the other; the first of them warms everything and is not counted."""
    ground = lay_ground(size.few_zones, SITES, zone_area_m2=ZONE_AREA_M2, site_radius_m=SITE_RADIUS_M)
    with open_cluster() as cluster, published(cluster, "bench_papers", ground) as town:
        return _measured(town, ground, 2 * size.rounds + 1)


def _measured(town: Deployment, ground: Ground, count: int) -> Measured:
    token = issue_token(town, Role.PLANNER)
    with service(town, token) as client:
        rounds = [_ask(client, body) for body in _objected(client, features(ground.sites), count)][1:]
    seconds = {what: [one[what][0] for one in rounds] for what in (CHECKED, PRINTED, AGAIN, COMPARED)}
    kb = {what: median([len(one[what][1]) / 1024 for one in rounds]) for what in seconds}
    rows = [
        (what, str(len(took)), f"{median(took):.3f}", spread(took, digits=3), f"{kb[what]:.0f}")
        for what, took in seconds.items()
    ]
    found = [len(json.loads(one[COMPARED][1])["alternatives"]) for one in rounds]
    return Measured(("what", "n", "median s", "range s", "KB"), rows, _ratios(seconds), _notes(ground, found))


def _objected(client: Client, bodies: Sequence[bytes], count: int) -> list[bytes]:
    """So many of ``bodies`` as are not simply permitted."""
    found: list[bytes] = []
    for body in bodies:
        if client.check(body)[1]["verdict"] in ("prohibited", "restricted"):
            found.append(body)
        if len(found) == count:
            break
    assert found, "nothing speaks against any site"
    return found


def _ask(client: Client, body: bytes) -> dict[str, tuple[float, bytes]]:
    seconds, answer = client.check(body)
    paper = f"/api/siting/checks/{quote(answer['record']['number'])}/report.pdf"
    first, again = client.ask("GET", paper), client.ask("GET", paper)
    assert first[1] == again[1], "what was kept is handed out byte for byte"
    asked = json.dumps({**json.loads(body), "within_m": WITHIN_M, "count": PLACES}).encode()
    compared = client.ask("POST", "/api/siting/alternatives", asked)
    return {CHECKED: (seconds, json.dumps(answer).encode()), PRINTED: first, AGAIN: again, COMPARED: compared}


def _ratios(seconds: dict[str, list[float]]) -> list[Ratio]:
    return [
        at_most("PDF laid out, slowest s", max(seconds[PRINTED]), PDF_GOAL_S),
        at_most("three places to compare, slowest s", max(seconds[COMPARED]), PLACES_GOAL_S),
        Ratio("PDF laid out ÷ check", median(seconds[PRINTED]) / median(seconds[CHECKED])),
        Ratio("the same PDF ÷ laid out", median(seconds[AGAIN]) / median(seconds[PRINTED])),
    ]


def _notes(ground: Ground, found: list[Any]) -> list[str]:
    return [
        (
            f"{len(ground.zones):,} zones stored, sites of about {SITE_RADIUS_M:.0f} m radius of which at least one rule objects to each; every"
            f" place within {WITHIN_M} m is judged as a check is. Of {PLACES} places asked for {min(found)} to {max(found)} were found."
        ),
        "The PDF holds its maps, its evidence and the code on it; handed out once more it is the file that was kept, byte for byte.",
    ]
