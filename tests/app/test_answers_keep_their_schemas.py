"""Every answer of the API has a schema in OpenAPI, and it is true: of every GET on the synthetic township.

What other tests of the doors meet, written answers among it, is held against the same description (``untrue`` in conftest).
"""

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.main import create_app
from app.platform.clock import today
from app.platform.deployment import Deployment
from app.platform.principals import Role
from gis_layers.embedded import join_cluster
from gis_layers.stores.jobs import save_file
from gis_layers.stores.seals import seal_days
from tests.answers import Description, closed, description, undeclared_answers
from tests.app.seeds import tell_of_reviews
from tests.app.test_forms import SPOT
from tests.app.test_rulebook_versions import WIDER
from tests.running import copy_township
from tests.sharing import reachable_folder

QUERIES = {
    "/api/surveys/unsurveyed": ("hazard=flood", "hazard=composite"),
    "/api/zones": ("limit=1000", "as_of=1&hazard=flood&limit=2&offset=1"),
    "/api/zones/problems": ("hazard=composite&product=risk_all", "hazard=flood&product=hazard&bbox=99,39,100,40"),
    "/api/zones/ground": ("lon=99.83&lat=39.42",),
    "/api/zones/numerals": ("hazard=flood&product=hazard&bbox=99,39,100,40&least=0.0001",),
    "/api/places": ("q=村&limit=1000", "q=99.75,39.3", "q=G312 K2700"),
    "/api/places/called": ("name=明水村",),
    "/api/chains": ("zone=1", "zone=2"),
    "/api/dispatch/nearest": (
        "lon=99.83&lat=39.32&k=50",
        "lon=99.85&lat=39.25&incident=flood&condition=ice",
        "lon=99.4&lat=39",
        "lon=99.83&lat=39.32&avoid_zones=true",
    ),
    "/api/coverage": ("", "minutes=4,12&kinds=fire,medical&avoid_zones=flood"),
    "/api/coverage/gaps": ("", "within=12&condition=ice"),
    "/api/coverage/move-up": ("within=5&away=1,2,31",),
    "/api/coverage/losses": ("within=8",),
    "/api/shelters/allocation": ("", "term=emergency&avoid_zones=true&people=endangered"),
    "/api/dispatch/position": ("lon=99.8&lat=39.3&system=gcj02", "lon=99.8&lat=39.3&system=bd09"),
    "/api/siting/point": ("lon=99.8&lat=39.3", "lon=99.75&lat=39.25"),
}
"""What an operation is asked by its query: where it needs one, and where one query finds more than another."""
KEYS = {"/api/audit/days/{day}": "day", "/api/siting/checks/{number}": "number"}
"""Which field of the items of a list names them in an address, where it is not ``id``."""
THEME = "hazard=geological&product=hazard"
PATHS = {
    "/api/zones/drafts/{number}/delivery": [f"/api/zones/drafts/1/delivery?{THEME}"],
    "/api/zones/drafts/{number}/delivery/table.{kind}": [
        f"/api/zones/drafts/1/delivery/table.{kind}?{THEME}" for kind in ("xlsx", "zip")
    ],
    "/api/basemap/{kind}": [f"/api/basemap/{kind}" for kind in ("villages", "roads", "water", "boundary", "relief")],
    "/api/runs/{run}/compare/{other}": ["/api/runs/1/compare/1"],
    "/api/incidents/{number}/assignments/{assignment}": ["/api/incidents/1/assignments/1"],
    "/api/jobs/{number}/files/{name}": ["/api/jobs/1/files/sites.gpkg"],
    "/api/zones/drafts/{number}/impact.{suffix}": [
        f"/api/zones/drafts/2/impact.{kind}" for kind in ("xlsx", "csv", "geojson")
    ],
    # The first draft came in force without a submission, of which nothing is told; the second is in work.
    "/api/zones/drafts/{number}/impact": ["/api/zones/drafts/2/impact"],
    "/api/zones/drafts/{number}/approval-sheet.pdf": ["/api/zones/drafts/2/approval-sheet.pdf"],
    "/api/zones/drafts/{number}/papers/{paper}": [],  # scans are handed in by a second account: its tests ask
    "/api/siting/reviews/{number}/documents/{document}": ["/api/siting/reviews/1/documents/1"],
    "/api/zones/drafts/{number}/problems/{key}/fixes": [],  # of problems of a draft in work: its tests ask
    "/api/imports/{number}": [],  # a preview takes a worker: its tests ask, and every answer there is held to its schema
    "/api/imports/{number}/features": [],
}
"""Addresses that no list names."""
FLOODED = shapely.box(99.8, 39.3, 99.86, 39.35).__geo_interface__
MANY = 5
"""So many items of a list are looked up one by one."""


@pytest.fixture
def database_url(shared: Path) -> Iterator[str]:
    """The synthetic township as a first start leaves it."""
    with reachable_folder() as folder:
        copy_township(shared, folder / "data")
        with join_cluster(folder / "data", durable=False) as cluster:
            yield cluster.url


@pytest.fixture
def town(deployment: Deployment, token) -> Iterator[dict[Role, TestClient]]:
    """The township as a viewer and an admin see it, with something of all that an officer writes over HTTP."""
    app = create_app(deployment, loopback=True)
    with TestClient(app):
        clients = {
            role: TestClient(app, headers={"Authorization": f"Bearer {token(role)}"})
            for role in (Role.VIEWER, Role.OFFICER, Role.ADMIN)
        }
        write_something(clients[Role.OFFICER])
        slowed = {"kind": "slowed", "share_left": 0.5, "reason": "积水", "reporter": "巡查员", "geometry": FLOODED}
        assert clients[Role.ADMIN].post("/api/closures", json=slowed).status_code == 201
        told = {"kind": "fire", "said": "草垛起火", "reported_by": "村民", "geometry": SPOT}
        assert clients[Role.ADMIN].post("/api/incidents", json=told).status_code == 201
        place = {"type": "Feature", "geometry": FLOODED, "properties": {"name": "甲", "project_class": "K4"}}
        review = clients[Role.ADMIN].post("/api/siting/reviews", json={**place, "stage": "planning"})
        assert review.status_code == 201, review.text
        form, scan = {"kind": "site_boundary", "number": "1"}, {"file": ("map.pdf", b"%PDF-1.7")}
        kept = clients[Role.ADMIN].post("/api/siting/reviews/1/documents", data=form, files=scan)
        assert kept.status_code == 201, kept.text
        tell_of_reviews(deployment)
        sent = {"force": int(clients[Role.ADMIN].get("/api/forces").json()["items"][0]["id"])}
        assert clients[Role.ADMIN].post("/api/incidents/1/assignments", json=sent).status_code == 201
        with deployment.sessions.begin() as session:
            save_file(session, 1, "made", "sites.gpkg", b"sites")
            session.execute(text("UPDATE jobs SET state = 'done', ended_at = now(), started_at = now() WHERE id = 1"))
        seal_days(deployment.sessions, today() + datetime.timedelta(days=1))
        yield clients


def write_something(officer: TestClient) -> None:
    square = shapely.box(99.75, 39.3, 99.751, 39.301).__geo_interface__
    feature = {"type": "Feature", "geometry": square, "properties": {"name": "甲", "project_class": "K4"}}
    units = json.dumps({"type": "FeatureCollection", "features": [{**feature, "properties": {"name": "一"}}]})
    written = (
        officer.post("/api/siting/check", json=feature),
        officer.post("/api/places/aliases", json={"name": "明水村", "alias": "老明水"}),
        officer.post("/api/rulebook/proposals", json={"reason": "林缘加宽", "steps": [WIDER]}),
        officer.post("/api/kpi/baselines", json={"name": "年初", "reason": "对比"}),
        officer.post("/api/unit-sets", files={"file": ("units.geojson", units.encode())}, data={"name": "网格"}),
        officer.post("/api/runs", json={"unit": "village"}),
        officer.post("/api/zones/drafts", json={"name": "汛前调整"}),
    )
    assert [answer.text for answer in written if not answer.is_success] == []


def test_every_answer_of_every_operation_has_a_schema():
    assert list(undeclared_answers(description())) == []


def test_every_get_of_the_township_answers_as_described(town):
    faults, silent = set(), set()
    for name, operation in description().operations():
        method, path = name.split()
        if method != "GET" or path.startswith("/tiles/"):
            continue
        media = operation["responses"]["200"]["content"]
        ways = [(Role.ADMIN, {"Accept": kind}) for kind in media] + [(Role.VIEWER, {})] * ("{" not in path)
        for address in addresses(town[Role.ADMIN], path):
            for role, headers in ways:
                answer = town[role].get(address, headers=headers)
                faults |= set(description().faults(answer))
                if answer.status_code != 200 and role is Role.ADMIN:
                    silent.add((address, answer.status_code, answer.text[:200]))
    assert faults == set()
    assert silent == set()


def addresses(client: TestClient, path: str) -> list[str]:
    """Addresses of what there is: of a list itself, of an operation on one thing each thing of the list above it."""
    if "{" not in path:
        return [f"{path}?{query}" for query in QUERIES.get(path, ())] or [path]
    if path in PATHS:
        return PATHS[path]
    above, rest = re.fullmatch(r"([^{]+)/\{\w+\}(.*)", path).groups()
    items = client.get(above, params={"limit": 1000}).json()["items"]
    assert items, f"nothing to ask {path} of"
    return [
        f"{above}/{item[KEYS.get(path, 'id')]}{rest.replace('{kind}', 'html')}"
        for item in items[:: max(1, len(items) // MANY)]
    ]


def answered(body: object, schema: dict, **more) -> list[tuple[str, int, str]]:
    operation = {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
    told = Description({"paths": {"/a/{b}": {"get": operation}}, "components": {"schemas": {}}})
    request = httpx.Request("GET", "http://127.0.0.1/a/1")
    return told.faults(httpx.Response(more.get("status", 200), json=body, request=request))


A = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "format": "date"}}}


@pytest.mark.parametrize(
    ("body", "schema", "told"),
    [
        ({"a": "2026-11-26", "b": 1}, A, "b"),
        ({}, A, "a"),
        ({"a": "today"}, A, "date"),
        ({"a": {"deep": 1}}, {"type": "object", "properties": {"a": {"anyOf": [{"type": "null"}, A]}}}, "deep"),
        ({"a": 1}, {}, "no schema"),
        ({"a": 1}, {"type": "object", "additionalProperties": True}, "no schema"),
    ],
)
def test_an_untrue_answer_is_found(body, schema, told):
    (fault,) = answered(body, schema)
    assert told in fault[2]


def test_a_true_answer_and_what_no_operation_answers_is_no_fault():
    assert answered({"a": "2026-11-26"}, A) == []
    assert answered({}, A, status=500) == []
    assert answered({}, A, status=404) == [("GET /a/{b}", 404, "a status nobody declared")]
    assert closed({"allOf": [A, A]}) == {"allOf": [A, A]}
