"""Words and numbers nothing can keep: at every door they are answered with the field, never with a fault."""

import copy
import json

import pytest

from app.http.legible import EXPLAINED, _of_json
from app.platform.errors import BadParameter
from app.platform.principals import Role
from tests.app.test_access import routes_of

HOSTILE = {
    "nul": "a\x00b",
    "half a character": "\ud800",
    "20 digits": 10**20,
    "huge": 1e308,
    "no number": float("nan"),
    "without end": float("inf"),
    "nested": None,
}
POLYGON = {"type": "Polygon", "coordinates": [[[99.7, 39.2], [99.8, 39.2], [99.8, 39.3], [99.7, 39.2]]]}
POINT = {"type": "Point", "coordinates": [99.8, 39.3]}
BACKING = {"basis": "x", "source": "y", "valid_from": "2026-01-01"}
BODIES = {
    "/api/siting/check": {"type": "Feature", "geometry": POLYGON, "properties": {"project_class": "K4", "note": "x"}},
    "/api/siting/outline": {"text": "99.8,39.3", "crs": "EPSG:4490"},
    "/api/enterprises": {"name": "祁连", "geometry": POINT, "staff": 3, "inventory": [{"substance": "氯", "tonnes": 1.0}],
                         "risk_points": [{"name": "罐", "method": "lec", "figures": {"likelihood": 1, "exposure": 1, "consequence": 1}}]},
    "/api/enterprises/1/inspections": {"day": "2026-01-01", "department": "应急"},
    "/api/hidden-dangers": {"channel": "self", "found_on": "2026-01-01", "geometry": POINT, "enterprise_id": 1},
    "/api/places/aliases": {"name": "village:1", "alias": "湾子"},
    "/api/runs": {"unit": "grid", "cell_m": 100.0},
    "/api/rulebook/proposals": {"reason": "r", "steps": [{"op": "change", "article": "a", "field": "f", "value": [1], **BACKING}]},
    "/api/rulebook/proposals/1/return": {"comment": "x"},
    "/api/trials": {"unit": "village", "weights": {"a": 1.0}},
    "/api/kpi/baselines": {"name": "n", "reason": "r"},
    "/api/session": {"username": "zhang", "password": "granary"},
    "/api/session/password": {"current": "granary", "password": "willow under"},
    "/api/session/demo": {"role": "planner"},
}  # fmt: skip


def leaves(body, at=()):
    """Where a value stands in a body."""
    items = body.items() if isinstance(body, dict) else enumerate(body)
    for name, value in items:
        if isinstance(value, dict | list) and value:
            yield from leaves(value, (*at, name))
        yield (*at, name)


def with_value(body, at, value):
    changed = copy.deepcopy(body)
    inner = changed
    for name in at[:-1]:
        inner = inner[name]
    inner[at[-1]] = value
    return changed


@pytest.fixture
def admin(client, token):
    client.headers["Authorization"] = f"Bearer {token(Role.ADMIN)}"
    return client


def send(client, path: str, body, hostile: str):
    text = json.dumps(body).replace('"deep"', "[" * 900 + "]" * 900) if hostile == "nested" else json.dumps(body)
    return client.post(path, content=text, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("path", BODIES)
def test_no_value_of_a_body_is_a_fault_of_the_service(admin, path, hostile):
    body, value = BODIES[path], "deep" if hostile == "nested" else HOSTILE[hostile]
    for at in leaves(body):
        answer = send(admin, path, with_value(body, at, value), hostile)
        assert answer.status_code < 500, (at, answer.text)
        if (path, "body." + ".".join(map(str, at))) not in EXPLAINED and hostile in (
            "nul",
            "half a character",
            "20 digits",
            "no number",
            "without end",
        ):
            assert answer.status_code == 422, (at, answer.status_code, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert [error["field"] for error in answer.json()["errors"]], at
            fields = [error["field"].removeprefix("body.") for error in answer.json()["errors"]]
            assert ".".join(map(str, at)) in fields


@pytest.mark.parametrize("hostile", ["nul", "half a character"])
@pytest.mark.parametrize("path", BODIES)
def test_no_name_of_a_field_is_a_fault_of_the_service(admin, path, hostile):
    body = {**BODIES[path], HOSTILE[hostile]: 1}
    answer = send(admin, path, body, hostile)
    assert (answer.status_code, "errors" in answer.json()) == (422, True), answer.text


NUMBERS, WORDS = ("9" * 20, "-1e308", "NaN"), ("a%00b", "*\U0001f600%FF", "%5C%25_")


def asked_of(route) -> list:
    """The parameters of a route, those of its dependencies too: name, whether it stands in the path, what to put there."""
    waiting, found = [route.dependant], []
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        for field in (*dependant.path_params, *dependant.query_params):
            number = any(kind in str(field.field_info.annotation) for kind in ("int", "float"))
            found.append((field.alias, field in dependant.path_params, NUMBERS if number else WORDS))
    return found


def addresses(app):
    """Every GET of the service, again and again with a hostile value in another of its places; the values take turns."""
    turn = 0
    for route in routes_of(app):
        asked = asked_of(route) if "GET" in route.methods else []
        sound = {name: "1" for name, in_path, _ in asked if in_path}
        for name, in_path, values in asked:
            turn += 1
            value = values[turn % len(values)]
            plain = route.path.format(**{**sound, **({name: value} if in_path else {})})
            yield plain if in_path else f"{plain}?{name}={value}"


def test_no_part_of_an_address_is_a_fault_of_the_service(admin):
    asked = set(addresses(admin.app))
    assert len(asked) > 150
    faults = {path: answer.status_code for path in asked if (answer := admin.get(path)).status_code >= 500}
    assert faults == {}


@pytest.mark.parametrize("header", ["Origin", "Sec-Fetch-Site", "Cookie", "If-Match", "If-None-Match", "Accept-Language",
                                    "HX-Current-URL", "Authorization", "Referer", "Accept", "X-CSRF-Token"])  # fmt: skip
@pytest.mark.parametrize(
    "value",
    [b"http://[::", b"\xff\xfe", b"anzhi_session=\xff", b"Bearer \xff", b"a\x01b", b"%00", b'"' + b"9" * 400 + b'"'],
)
def test_no_header_is_a_fault_of_the_service(admin, header, value):
    admin.cookies.set("anzhi_session", "x")
    for method, path in (
        ("GET", "/siting"),
        ("POST", "/api/runs"),
        ("POST", "/api/session"),
        ("POST", "/sign-in"),
        ("GET", "/tiles/zones/1/1/1.mvt"),
        ("POST", "/sign-out"),
    ):
        answer = admin.request(method, path, headers=[(header.encode(), value)], json={} if method == "POST" else None)
        assert answer.status_code < 500, (method, path, answer.text)


@pytest.mark.parametrize(
    "name", ["a\x00.geojson", "***.csv", "😀.geojson", "<!-- -->.csv", "a" * 4000 + ".csv", "\ud800.csv"]
)
@pytest.mark.parametrize("path", ["/api/siting/outline/file", "/api/siting/batch", "/api/unit-sets"])
def test_no_name_of_a_file_is_a_fault_of_the_service(admin, path, name):
    edge = "anzhi-edge"
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode("utf-8", "surrogatepass")
    parts = b"--anzhi-edge\r\n" + head + b"\r\n\r\nname,lon,lat\na,99.8,39.3\r\n--anzhi-edge\r\n"
    parts += b'Content-Disposition: form-data; name="name"\r\n\r\n\xc3\x97\xc3\x97\r\n--anzhi-edge--\r\n'
    answer = admin.post(path, content=parts, headers={"Content-Type": f"multipart/form-data; boundary={edge}"})
    assert answer.status_code < 500, answer.text


def test_what_is_sound_is_not_walked_into_trouble():
    sound = {"名": ["***", "😀", "\u0001", -1.5, 2**53 - 1, True, None, {"x": []}]}
    assert list(_of_json(sound)) == []
    assert BadParameter.status == 422
