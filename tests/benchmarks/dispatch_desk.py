"""The desk as dispatchers meet it over HTTP: first answers, a road that closes, what another desk did, many desks at once."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS
from tests.benchmarks.alone import ROOT
from tests.benchmarks.crowd import Asked, Crowd, answers_of, start_crowd
from tests.benchmarks.ground import SEED
from tests.benchmarks.load import Started, started, township
from tests.benchmarks.measured import FULL, Measured, Ratio, Size, at_most
from tests.benchmarks.road_search import APART_M, SIDES, lattice_lines

NAME = "desk"
QUESTION = "The dispatcher's desk over HTTP: first answers, a closure and the ranking after it, another desk's act, many desks that look."
LOOKS_S = 1.5
"""So often an open page looks at the desk."""
ACTS = {"full": 20, "quick": 5, "tiny": 1}
DESKS = {"full": 150, "quick": 20, "tiny": 2}
CENTRE = (500_000.0, 4_350_000.0)
PATIENCE_S = 60.0


class Desk:
    """One desk on one connection, signed in as a dispatcher."""

    def __init__(self, service: Started, token: str) -> None:
        self.token = token
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_S)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[float, Any, Mapping[str, str]]:
        """Seconds until the last byte, the answer (None for 304) and its head."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | headers
        began = time.perf_counter()
        self.connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = self.connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        told = json.loads(content) if content else None
        return seconds, told, {name.lower(): value for name, value in answer.getheaders()}

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def measure(size: Size) -> Measured:
    """The township's desk, then a desk over the lattice of the road search."""
    rows: list[tuple[str, ...]] = []
    with township(ROOT) as start, start() as service, signed_in(service) as desk:
        places = [(99.75 + 0.002 * i, 39.25 + 0.002 * i) for i in range(50)]
        answers_of_desk(rows, "township", desk, places, size)
        seen = seen_by_another(service, desk, size)
        rows.append(_row("township", "another desk sees an act", seen))
        crowd, during = crowd_of_desks(service, desk, size)
        rows.append(_row("township", f"{DESKS[size.name]} desks that look every {LOOKS_S} s", crowd))
        rows.append(_row("township", "another desk sees an act meanwhile", during))
    with lattice_service(size) as service, signed_in(service) as desk:
        first, again = answers_of_desk(rows, "lattice", desk, lattice_places(size), size)
    return Measured(
        ("roads", "what", "n", "p50 ms", "p95 ms", "longest ms"), rows, _goals(first, again, seen, during), _notes(size)
    )


def _goals(
    first: Sequence[float], again: Sequence[float], seen: Sequence[float], during: Sequence[float]
) -> list[Ratio]:
    return [
        at_most("lattice: first answer p50, s", float(np.percentile(first, 50)), 0.1),
        at_most("lattice: first answer p95, s", float(np.percentile(first, 95)), 0.3),
        at_most("lattice: a closure until the new ranking p95, s", float(np.percentile(again, 95)), 1.0),
        at_most("township: another desk sees an act, longest, s", max(seen), 2.0),
        at_most("township: the same among many desks, longest, s", max(during), 2.0),
    ]


def answers_of_desk(
    rows: list[tuple[str, ...]], roads: str, desk: Desk, places: Sequence[tuple[float, float]], size: Size
) -> tuple[list[float], list[float]]:
    """Seconds of first answers at places in turn, and from a closure sent until the ranking after it."""
    address = "/api/dispatch/nearest?lon={}&lat={}&incident=fire&k={}"
    desk.ask("GET", address.format(*places[0], 1))
    count = max(len(places), min(size.requests // 5, 200))
    first = [desk.ask("GET", address.format(*places[i % len(places)], 1))[0] for i in range(count)]
    ten = [desk.ask("GET", address.format(*places[i % len(places)], 10))[0] for i in range(count)]
    again = [closed_and_ranked(desk, address, places[i % len(places)]) for i in range(ACTS[size.name])]
    rows += [
        _row(roads, "first answer, one way", first),
        _row(roads, "first answer, ten ways", ten),
        _row(roads, "a closure until the new ranking", again),
    ]
    return first, again


def closed_and_ranked(desk: Desk, address: str, place: tuple[float, float]) -> float:
    """Close 300 m of the longest way and ask again; then the road is open as before."""
    _, before, _ = desk.ask("GET", address.format(*place, 10))
    reached = [one for one in before["forces"] if one["reachable"] and one["route"]]
    corners = max((one["route"]["coordinates"] for one in reached), key=len)
    geometry = {"type": "Point", "coordinates": corners[len(corners) // 2]}
    body = {"kind": "closed", "reason": "measured", "reporter": "measured", "around_m": 150, "geometry": geometry}
    began = time.perf_counter()
    _, closure, _ = desk.ask("POST", "/api/closures", body)
    _, after, _ = desk.ask("GET", address.format(*place, 10))
    seconds = time.perf_counter() - began
    if f"closure/{closure['id']}" not in {one["id"] for one in after["avoid"]["by"]}:
        raise RuntimeError("the ranking does not know of the closure")
    lifted = {"If-Match": f'"{closure["version"]}"'}
    desk.ask("POST", f"/api/closures/{closure['id']}/lift", {"reason": "measured"}, **lifted)
    return seconds


def seen_by_another(service: Started, desk: Desk, size: Size) -> list[float]:
    """Seconds from an act of one desk until the next look of another that sees it; the other looks in its own time."""
    said = {
        "kind": "fire",
        "said": "measured",
        "reported_by": "measured",
        "geometry": {"type": "Point", "coordinates": [99.83, 39.32]},
    }
    _, incident, _ = desk.ask("POST", "/api/incidents", said)
    changed: list[float] = []
    over = threading.Event()
    looking = threading.Thread(target=_look, args=(service, desk.token, changed, over))
    looking.start()
    chance, told = np.random.default_rng(SEED), []
    time.sleep(2 * LOOKS_S)
    for _ in range(ACTS[size.name]):
        time.sleep(float(chance.uniform(0, LOOKS_S)))
        seen, acted = len(changed), time.perf_counter()
        desk.ask("POST", f"/api/incidents/{incident['id']}/log", {"said": "measured"})
        while len(changed) == seen:
            time.sleep(0.005)
            if time.perf_counter() - acted > PATIENCE_S:
                raise RuntimeError("the other desk never saw it")
        told.append(changed[-1] - acted)
    over.set()
    looking.join()
    desk.ask("POST", f"/api/incidents/{incident['id']}/close", {"outcome": "measured"}, **{"If-Match": "*"})
    return told


def _look(service: Started, token: str, changed: list[float], over: threading.Event) -> None:
    with closing(Desk(service, token)) as other:
        tag = ""
        while not over.wait(LOOKS_S):
            _, told, head = other.ask("GET", "/api/dispatch/desk", **({"If-None-Match": tag} if tag else {}))
            if told is not None:
                tag = head["etag"]
                changed.append(time.perf_counter())


def crowd_of_desks(service: Started, desk: Desk, size: Size) -> tuple[list[float], list[float]]:
    """How many desks that look are answered, and when one of two sees the other's act meanwhile. Raises RuntimeError for a failure."""
    asked = [Asked("GET", "/api/dispatch/desk", headers=(f"Authorization: Bearer {desk.token}",), keeps=True)]
    crowd = Crowd(DESKS[size.name], 1, 10_000, thinking_s=LOOKS_S, within_s=LOOKS_S)
    with start_crowd(service.port, crowd, asked) as process:
        time.sleep(2 * LOOKS_S)
        during = seen_by_another(service, desk, size)
        process.send_signal(2)
        answers = answers_of(process)
    failed = [one for one in answers if one.status not in (200, 304)]
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(answers)} looks were answered {failed[0].status}")
    return [one.seconds for one in answers], during


@contextmanager
def signed_in(service: Started) -> Iterator[Desk]:
    """A desk with a token of its own."""
    assert service.data_dir is not None, "it has a folder"
    token = _anzhi("token", "create", "--role", "dispatcher", "--name", "measured", "--data-dir", str(service.data_dir))
    with closing(Desk(service, token.split()[-1])) as desk:
        yield desk


@contextmanager
def lattice_service(size: Size) -> Iterator[Started]:
    """A deployment whose roads are the lattice of the road search, with forces strewn over it."""
    with TemporaryDirectory(prefix="anzhi-lattice-") as folder:
        Path(folder).chmod(0o711)
        data_dir, roads, forces = Path(folder) / "data", Path(folder) / "roads.gpkg", Path(folder) / "forces.csv"
        lay_roads(size).to_file(roads, driver="GPKG")
        place = lattice_places(size)[::-1]
        words = {
            "name": [f"force {i}" for i in range(len(place))],
            "kind": "fire",
            "capabilities": "fire_engine;rescue",
        }
        lon, lat = zip(*place, strict=True)
        pd.DataFrame({**words, "lon": lon, "lat": lat}).to_csv(forces, index=False)
        with started(ROOT, data_dir, "--empty") as service:
            for layer, path in (("roads", roads), ("forces", forces)):
                _anzhi("import", layer, str(path), "--data-dir", str(data_dir), "--json")
            yield service


def lay_roads(size: Size) -> gpd.GeoDataFrame:
    """The lattice as a layer of roads around the middle of the metric CRS."""
    lines, kind, oneway = lattice_lines(SIDES[size.name])
    middle = SIDES[size.name] * APART_M / 2
    moved = shapely.transform(lines, lambda at: at - middle + np.array(CENTRE))
    frame = gpd.GeoDataFrame({"road_class": kind, "oneway": oneway}, geometry=list(moved), crs=DEFAULT_METRIC_CRS)
    return frame.to_crs(STORAGE_CRS)


def lattice_places(size: Size) -> list[tuple[float, float]]:
    """Forty places on the lattice, in degrees."""
    reach = SIDES[size.name] * APART_M * 0.45
    metres = np.random.default_rng(SEED).uniform(-reach, reach, (40, 2)) + np.array(CENTRE)
    degrees = gpd.GeoSeries(shapely.points(metres), crs=DEFAULT_METRIC_CRS).to_crs(STORAGE_CRS)
    return list(zip(degrees.x.tolist(), degrees.y.tolist(), strict=True))


def _anzhi(*words: str) -> str:
    command = [sys.executable, "-c", "from app.cli import main; main()", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _row(roads: str, what: str, seconds: Sequence[float]) -> tuple[str, ...]:
    told = (float(np.percentile(seconds, share)) * 1000 for share in (50, 95, 100))
    return (roads, what, str(len(seconds)), *(f"{one:.0f}" for one in told))


def _notes(size: Size) -> list[str]:
    side = SIDES[size.name]
    return [
        f"The lattice has {side * side:,} junctions and 40 forces, imported as any roads and forces are; the township is the synthetic one.",
        f"An open desk looks every {LOOKS_S} s; an act is seen at its next look, so what is told is mostly waiting for it.",
        "Clients and service share the two cores. A closure is 300 m of the longest of ten ways; it is lifted again each time.",
        "The values are absolute." if size is FULL else "The values are absolute and of a smaller lattice.",
    ]
