"""A service started where there is no network but its own machine, and what it answers there: run by `unshare --net`."""

import fcntl
import json
import re
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from tests.running import PATIENCE_S, start

SIOCGIFFLAGS, SIOCSIFFLAGS, UP = 0x8913, 0x8914, 1
ELSEWHERE = ("192.0.2.1", 443)
SEAT = {"lon": 99.822, "lat": 39.337}
SPOT = {"type": "Point", "coordinates": [99.822, 39.337]}
PLOT = {
    "type": "Polygon",
    "coordinates": [[[99.82, 39.33], [99.822, 39.33], [99.822, 39.332], [99.82, 39.332], [99.82, 39.33]]],
}
ROAD = {"type": "Point", "coordinates": [99.822, 39.337]}


def raise_loopback() -> None:
    """Bring up the one interface a new namespace has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = struct.pack("16sh", b"lo", 0).ljust(40, b"\0")
        (flags,) = struct.unpack_from("h", fcntl.ioctl(asked, SIOCGIFFLAGS, request), 16)
        fcntl.ioctl(asked, SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | UP).ljust(40, b"\0"))


def is_reachable(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=2).close()
    except OSError:
        return False
    return True


def names_of(page: str) -> list[str]:
    """Addresses a page asks for by itself."""
    asked = re.findall(r'<(?:script|img)[^>]+src="([^"]+)"', page)
    return asked + re.findall(r'<link[^>]+rel="(?:stylesheet|preload|icon)"[^>]+href="([^"]+)"', page)


def with_all_it_names(client: httpx.Client) -> bool:
    page = client.get("/")
    found = [urljoin(str(page.url), name) for name in names_of(page.text)]
    assert len(found) > 3, found
    assert {urlsplit(one).hostname for one in found} == {client.base_url.host}
    return page.is_success and all(client.get(one).is_success for one in found if not one.startswith("data:"))


def one_file(client: httpx.Client) -> bool:
    page = client.get("/maps/hazards", params={"standalone": "1"})
    named = [name for name in names_of(page.text) if not name.startswith("data:")]
    return page.is_success and named == []


def is_pdf(answer: httpx.Response) -> bool:
    return answer.is_success and answer.content.startswith(b"%PDF")


CHECKED = {"type": "Feature", "properties": {"project_class": "K2"}, "geometry": PLOT}
CLOSED = {"kind": "closed", "reason": "积水", "reporter": "巡查员", "geometry": ROAD, "around_m": 30}
REPORTED = {"kind": "fire", "said": "草垛起火", "reported_by": "村民", "geometry": SPOT}
FUNCTIONS: dict[str, Callable[[httpx.Client], bool]] = {
    "siting check": lambda to: to.post("/api/siting/check", json=CHECKED).is_success,
    "opinion as PDF": lambda to: is_pdf(to.post("/api/siting/report", json=CHECKED)),
    "overview with every script, style and font it names": with_all_it_names,
    "map of hazards as one file": one_file,
    "tiles of zones": lambda to: to.get("/tiles/zones/10/795/390.mvt").is_success,
    "search of places": lambda to: to.get("/api/places", params={"q": "村"}).json()["items"] != [],
    "nearest forces by road": lambda to: to.get("/api/dispatch/nearest", params=SEAT).json()["forces"] != [],
    "closing a road": lambda to: to.post("/api/closures", json=CLOSED).is_success,
    "coverage": lambda to: to.get("/api/coverage", params={"minutes": "10"}).is_success,
    "opening an incident": lambda to: to.post("/api/incidents", json=REPORTED).is_success,
    "handbook of villages cut off": lambda to: is_pdf(to.get("/dispatch/handbook.pdf")),
    "registers as a page and as Excel": lambda to: all(
        to.get(f"/registers/forces{kind}").is_success for kind in ("", "/register.xlsx")
    ),
}
"""What is asked for, by the name it has in docs/offline.md."""
DESKS = {"siting check": "planner", "opinion as PDF": "planner"}


def answers(base: str) -> Iterator[tuple[str, str]]:
    """Each function with nothing where it worked, else with what was answered last."""
    for name, function in FUNCTIONS.items():
        heard: list[httpx.Response] = []
        hooks = {"response": [heard.append]}
        with httpx.Client(base_url=base, timeout=PATIENCE_S, follow_redirects=True, event_hooks=hooks) as client:
            entered = client.post("/api/session/demo", json={"role": DESKS.get(name, "dispatcher")})
            client.headers["X-CSRF-Token"] = entered.json()["csrf"]
            yield name, "" if function(client) else f"{heard[-1].status_code} {heard[-1].text[:400]}"


if __name__ == "__main__":
    raise_loopback()
    service = start(Path(sys.argv[1]))
    try:
        told = dict(answers(service.base))
    finally:
        ended = service.stop()
    json.dump({"reachable": is_reachable(ELSEWHERE), "answers": told, "ended": ended}, sys.stdout)
