"""Work ends with its client, with the last of its clients, or with its time: every kind that a request can order."""

import asyncio
import json
import re
import threading
import time
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.http.dependencies import SessionOf, Viewer
from app.main import create_app
from app.middleware.lanes import HEAVY, lane_of, templates
from app.platform import allowance, errands
from app.platform.errands import Errand
from app.platform.errors import TookTooLong
from app.platform.once import Once
from app.platform.principals import Role
from gis_layers.errors import ConfinedCancelled
from gis_layers.sandbox import Limits
from gis_layers.stores import places, projects, town
from risk_model.message import bilingual
from tests.app.conftest import site
from tests.app.test_access import routes_of
from tests.app.test_guidance import graded
from tests.app.test_rulebook_pages import typed
from tests.app.test_rulebook_versions import WIDER
from tests.aside import run_aside
from tests.lingering import linger, spin_and_tell
from tests.running import until

__all__ = ["graded"]
WEIGHTS = dict.fromkeys(("flooding", "geological", "earthquake", "meteorological", "wildfire"), 1)
RULE = {
    "id": "loc-school", "hazard": "wildfire", "relation": "within_m", "metres": "60", "products": ["hazard"],
    "grades": ["fire5/高"], "K2": "F", "message": "距林缘不足", "procedure": "踏勘、论证", "reason": "校园安全",
    "basis": "纪要", "source": "林业站", "valid_from": "2026-01-01",
}  # fmt: skip
PATCH = shapely.box(99.761, 39.311, 99.762, 39.312)
PLOTS = json.dumps({"type": "FeatureCollection", "features": [site(PATCH)]}).encode()


@dataclass(frozen=True)
class Kind:
    """A request, the route it is for, and the pure work it orders, by where its name is looked up."""

    method: str
    path: str
    work: str
    body: Any = None
    form: Any = None
    file: bytes | None = None


KINDS = {
    "guidance": Kind("GET", "/api/kpi", "app.guidance.counts.count_people"),
    "guidance page": Kind("GET", "/kpi", "app.guidance.service.list_high"),
    "receiving ground": Kind("GET", "/api/kpi", "app.guidance.ground.withheld_ground"),
    "guidance workbook": Kind("GET", "/api/kpi/export.xlsx", "app.guidance.routes.write_workbook"),
    "baseline": Kind(
        "POST", "/api/kpi/baselines", "app.guidance.counts.grade_objects", body={"name": "今年", "reason": "比较"}
    ),
    "trials": Kind("GET", "/api/trials?unit=grid", "app.trials.service.tried"),
    "trial page": Kind("GET", "/areas/trial?unit=grid", "app.trials.service.tried"),
    "trial": Kind("POST", "/api/trials", "app.trials.service.weighed", body={"unit": "grid", "weights": WEIGHTS}),
    "comparison": Kind("GET", "/api/runs/1/compare/1", "app.assessments.comparison.compared"),
    "comparison page": Kind("GET", "/maps/areas/compare?from=1&to=1", "app.assessments.comparison.compared"),
    "picture": Kind("GET", "/api/runs/1/picture", "app.assessments.service.joined"),
    "areas in one file": Kind("GET", "/maps/areas?unit=grid&standalone=1", "app.assessments.pages.drawn"),
    "hazards in one file": Kind("GET", "/maps/hazards?standalone=1", "app.overview.pages.draw_standalone"),
    "chains": Kind("GET", "/api/chains?zone=2", "app.chains.service.begun"),
    "exposure of layers": Kind("GET", "/api/overview", "app.judgement.inventory.exposures_under"),
    "coverage": Kind("GET", "/api/coverage?minutes=7", "app.judgement.standby.due_table"),
    "gaps of coverage": Kind("GET", "/api/coverage/gaps?condition=night", "app.judgement.standby.due_table"),
    "cover left behind": Kind("GET", "/api/coverage/move-up?condition=gale", "app.judgement.standby.due_table"),
    "losses": Kind("GET", "/api/coverage/losses", "app.dispatch.losses.find_losses"),
    "sites of stations": Kind("POST", "/api/coverage/plan", "app.dispatch.station_plan.find_plans", body={"add": 1}),
    "shelters": Kind("GET", "/api/shelters/allocation", "app.dispatch.shelter_allocation.allocated"),
    "coverage in one file": Kind("GET", "/maps/coverage?standalone=1", "app.dispatch.coverage_pages.drawn_file"),
    "unsurveyed ground": Kind("GET", "/api/surveys/unsurveyed?hazard=flood", "app.overview.gaps.left_of"),
    "exposure of enterprises": Kind("GET", "/api/enterprises", "app.judgement.screening.review_sites"),
    "verdicts of projects": Kind("GET", "/api/projects", "app.judgement.screening.review_site"),
    "impact of rules": Kind(
        "POST", "/rulebook/rules/FIR-NEAR/preview", "app.judgement.screening.review_sites", form=typed()
    ),
    "register": Kind("GET", "/downloads/enterprises.csv", "app.exchange.pages.written"),
    "register as it is read": Kind("GET", "/registers/enterprises/register.xlsx", "app.reports.register_files.written"),
    "list of enterprises": Kind("GET", "/enterprises/list.xlsx", "app.enterprises.pages.write_list"),
    "list of deliveries": Kind("GET", "/deliveries/list.xlsx", "app.exchange.received_pages.workbook_of"),
    "layer of the map": Kind("GET", "/api/basemap/villages", "app.http.geojson.collected"),
    "pasted outline": Kind("POST", "/api/siting/outline", "app.siting.outlines.read_outline", body={"text": "1 2"}),
    "zones of an edition": Kind("GET", "/api/editions/1/file", "app.zones.files.written"),
    "report of a site": Kind("POST", "/api/siting/report?format=pdf", "app.reports.files.written", body=site(PATCH)),
    "places to compare": Kind(
        "POST", "/api/siting/alternatives", "app.siting.alternatives.compare_places", body=site(PATCH)
    ),
    "places to compare on the page": Kind(
        "POST", "/siting/places", "app.siting.alternatives.compare_places", body=site(PATCH)
    ),
    "places kept with a check": Kind(
        "POST", "/api/siting/alternatives/check", "app.siting.alternatives.compare_places", body=site(PATCH)
    ),
    "places kept on the page": Kind(
        "POST", "/siting/places/opinion", "app.siting.alternatives.compare_places", body=site(PATCH)
    ),
    "check of a site": Kind("POST", "/api/siting/check", "app.judgement.screening.review_site", body=site(PATCH)),
}
"""Every kind of heavy work, with the name under which its service finds it."""

LISTED = {
    "runs": Kind("GET", "/api/runs", ""),
    "run ordered": Kind("POST", "/api/runs", "", body={"unit": "village"}),
    "baselines": Kind("GET", "/api/kpi/baselines", ""),
    "sets": Kind("GET", "/api/unit-sets", ""),
    "set handed in": Kind("POST", "/api/unit-sets", "", form={"name": "片"}, file=PLOTS),
    "import previewed": Kind("POST", "/api/imports", "", form={"layer": "projects"}, file=PLOTS),
    "batch": Kind("POST", "/api/siting/batch", "", form={"project_class": "K4"}, file=PLOTS),
    "zones": Kind("GET", "/api/zones", ""),
    "areas": Kind("GET", "/api/areas?unit=grid", ""),
    "buildings": Kind("GET", "/api/buildings", ""),
    "constraints": Kind("GET", "/api/constraints", ""),
    "proposals": Kind("GET", "/api/rulebook/proposals", ""),
    "proposal": Kind("POST", "/api/rulebook/proposals", "", body={"reason": "林缘", "steps": [WIDER]}),
    "proposal by form": Kind("POST", "/rulebook/rules/FIR-NEAR/propose", "", form=typed()),
    "return by form": Kind("POST", "/rulebook/rules/FIR-NEAR/undo", "", form={"field": "metres"}),
    "rule by form": Kind("POST", "/rulebook/add-rule", "", form=RULE),
}
"""What is heavy only by what the database does, or the worker: lists, orders, proposals."""

NOT_HEAVY = {
    ("POST", "/api/siting/batch/{number}/reports"): "an order, worked on by the worker",
    ("GET", "/rulebook/rules/{mark}/propose"): "an empty form",
    ("GET", "/rulebook/add-rule"): "an empty form",
    ("POST", "/siting/checks/{number}/again"): "judged as the check with places of the same site is",
    ("POST", "/reviews/new"): "likewise",
    ("GET", "/reviews/new"): "an empty form",
    ("POST", "/api/siting/outline/file"): "read apart, stopped with its sender: test_spiky_outlines",
    ("GET", "/api/siting/checks/{number}/report.{kind}"): "written as the report of a site is, of an answer on record",
    ("GET", "/api/siting/reviews/{number}/report.{kind}"): "likewise, of the check a review rests on",
    ("GET", "/api/siting/reviews/{number}/sheet.pdf"): "laid out as a register is, of one review",
    ("GET", "/api/siting/review-notices/{number}/sheet.pdf"): "laid out as a register is, of one notice",
    ("GET", "/api/imports/{number}/features"): "bytes as they are kept with the preview",
    ("GET", "/api/incidents/{number}/call-sheet.pdf"): "laid out as a register is, of one incident",
    ("GET", "/dispatch/handbook.pdf"): "laid out as a register is, of every village",
    ("GET", "/api/zones/drafts/{number}/zones"): "rows as they are kept, bounded by the window",
    ("GET", "/api/zones/drafts/{number}/problems"): "found around what the draft changes",
    ("GET", "/api/zones/drafts/{number}/delivery"): "two states of one theme compared in one pass",
    ("POST", "/api/zones/drafts/{number}/delivery/decisions"): "one edit, then the same comparison",
    (
        "GET",
        "/api/zones/drafts/{number}/delivery/table.{kind}",
    ): "compared likewise, written as zones of an edition are",
    ("GET", "/api/zones/drafts/{number}/file"): "written as zones of an edition are",
    ("POST", "/api/zones/drafts/{number}/file"): "read apart within the limits of uploads, then one edit",
    ("POST", "/api/zones/packages"): "read apart within the limits of uploads, then rows of a draft",
    ("GET", "/api/editions/{number}/package"): "rows as they are kept, put together once",
    ("GET", "/api/zones/problems"): "searched as a draft's are, of a bounded number of zones",
    ("GET", "/api/zones/drafts/{number}/impact.{suffix}"): "the impact, written as a table of bounded length",
    ("GET", "/api/zones/drafts/{number}/approval-sheet.pdf"): "laid out as a register is, of one draft",
    ("GET", "/api/zones/drafts/{number}/impact"): "counted as the exposure of layers is, of the ground that changes",
    ("POST", "/api/zones/drafts/{number}/submit"): "problems found around what the draft changes",
    ("POST", "/api/zones/drafts/{number}/publish"): "statements of the database, under its deadline",
    ("POST", "/api/editions/{number}/revert"): "statements of the database, under its deadline",
    ("GET", "/api/editions/{number}/changes"): "rows as they are kept, a page of them",
    ("GET", "/zones/compare"): "rows as they are kept, a page of them",
    ("GET", "/zones/compare.{suffix}"): "laid out as a register is",
    ("GET", "/api/jobs/{number}/files/{name}"): "bytes as they are kept; attachments are asked in general",
}


@pytest.fixture
def app(deployment, graded, monkeypatch):
    frame = gpd.GeoDataFrame(
        {"name": ["小学"], "project_class": ["K2"], "seismic_class": [None], "synthetic": [True]},
        geometry=[PATCH], crs=4490,
    )  # fmt: skip
    road = gpd.GeoDataFrame(
        {"name": ["路"], "road_class": ["village"], "oneway": ["no"], "bridge": [False]},
        geometry=[shapely.LineString([(99.75, 39.31), (99.79, 39.31)])], crs=4490,
    )  # fmt: skip
    force = gpd.GeoDataFrame(
        {"name": ["队"], "kind": ["township"], "capabilities": [[]], "state": ["ready"]},
        geometry=[shapely.Point(99.76, 39.31)], crs=4490,
    )  # fmt: skip
    with deployment.sessions.begin() as session:
        projects.append_projects(session, frame)
        places.append_places(session, "roads", road)
        town.append_register(session, "forces", force)
    monkeypatch.setattr(errands, "MANY", -1)
    monkeypatch.setattr(allowance, "MANY_VERTICES", -1)
    return create_app(deployment, loopback=True)


@pytest.fixture
def bearer(token) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(Role.OFFICER)}", "Host": "127.0.0.1"}


@pytest.fixture
def confined(monkeypatch):
    """What became of every confined call, and an event that tells when one began."""
    ended, begun = [], threading.Event()

    def watched(run):
        def run_confined(*args, **named):
            begun.set()
            try:
                return run(*args, **named)
            except BaseException as trouble:
                ended.append(type(trouble).__name__)
                raise

        return run_confined

    for module in (errands, allowance):
        monkeypatch.setattr(module, "run_confined", watched(module.run_confined))
    return ended, begun


def ask(app, bearer: dict[str, str], kind: Kind):
    client = TestClient(app, headers=bearer, follow_redirects=False, base_url="http://127.0.0.1")
    files = None if kind.file is None else {"file": ("plots.geojson", kind.file)}
    return client.request(kind.method, kind.path, json=kind.body, data=kind.form, files=files)


def ask_and_leave(app, bearer: dict[str, str], kind: Kind, begun: threading.Event) -> None:
    """Ask as a client that hangs up once the work has begun; returns when the service has done with it."""
    request = TestClient(app, base_url="http://127.0.0.1").build_request(
        kind.method, kind.path, json=kind.body, data=kind.form, headers=bearer
    )
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": kind.method, "scheme": "http",
        "path": request.url.path, "raw_path": request.url.raw_path, "query_string": request.url.query, "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    pieces = [{"type": "http.request", "body": request.read(), "more_body": False}]

    async def receive():
        if pieces:
            return pieces.pop()
        await asyncio.to_thread(begun.wait)
        return {"type": "http.disconnect"}

    async def send(_message) -> None:
        pass

    run_aside(app(scope, receive, send))


def test_whoever_leaves_takes_every_kind_of_work_along(app, bearer, confined, monkeypatch):
    ended, begun = confined
    outcomes = {}
    for name, kind in KINDS.items():
        ended.clear()
        begun.clear()
        with monkeypatch.context() as patched:
            patched.setattr(kind.work, linger)
            watch = threading.Thread(target=ask_and_leave, args=(app, bearer, kind, begun), daemon=True)
            watch.start()
            watch.join(60)
        outcomes[name] = "goes on" if watch.is_alive() else [*ended]
    assert {name: told for name, told in outcomes.items() if told != ["ConfinedCancelled"]} == {}


def test_work_done_apart_answers_what_work_done_here_answers(app, bearer, monkeypatch):
    told = {name: ask(app, bearer, kind) for name, kind in KINDS.items() if kind.method == "GET"}
    monkeypatch.setattr(errands, "MANY", 10**9)
    here = {name: ask(app, bearer, KINDS[name]) for name in told}
    assert {name: answer.text for name, answer in told.items() if answer.status_code != 200} == {}
    as_json = {name for name, answer in told.items() if "json" in answer.headers["Content-Type"]}
    assert len(as_json) > 8
    for name in as_json:
        assert _still(told[name].json()) == _still(here[name].json()), name


def _still(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in ("taken_at", "series")}


def test_nothing_heavy_is_answered_once_its_time_is_up(app, bearer, monkeypatch):
    """The law of all routes: whatever is heavy asks whether it may go on, and so ends with its client and its time."""
    client, asked = TestClient(app, headers=bearer, base_url="http://127.0.0.1"), {}
    assert client.get("/api/rulebook").status_code == 200
    monkeypatch.setattr(Errand, "heed", late)
    for name, kind in (KINDS | LISTED).items():
        asked[name] = ask(app, bearer, kind)
    told = {name: (answer.status_code, answer.text) for name, answer in asked.items()}
    assert {name: one for name, one in told.items() if one[0] != 503 or "too-long" not in one[1]} == {}


def late(_errand) -> None:
    raise TookTooLong(bilingual("太晚了", "too late"))


def test_every_heavy_route_is_a_kind_of_work(app):
    routes = [(method, route) for route in routes_of(app) for method in route.methods - {"HEAD"}]
    named = {template for template in templates() if lane_of(re.sub(r"{.*?}", "1", template)) is HEAVY}
    heavy = {(method, route.path_format) for method, route in routes if route.path_format in named}
    tried = {
        (method, route.path_format)
        for kind in (KINDS | LISTED).values()
        for method, route in routes
        if method == kind.method and route.path_regex.fullmatch(kind.path.partition("?")[0])
    }
    assert heavy - tried - {*NOT_HEAVY} == set()
    assert {*NOT_HEAVY} <= heavy


def test_work_that_outlives_its_time_is_stopped_and_told_of(app, bearer, confined, monkeypatch):
    ended, _ = confined
    monkeypatch.setattr("app.trials.service.tried", linger)
    began = Errand.__post_init__

    def brief(errand) -> None:
        began(errand)
        errand.ends_at = time.monotonic() + 2

    monkeypatch.setattr(Errand, "__post_init__", brief)
    answer = ask(app, bearer, KINDS["trials"])
    assert (answer.status_code, answer.json()["code"]) == (503, "too-long")
    assert ended == ["ConfinedTimeout"]


@pytest.fixture
def sleeping(app):
    """Routes that only wait for the database: one reads, one is a small write."""
    told = []

    def sleep(session, seconds) -> None:
        try:
            session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
            told.append("slept")
        except Exception as trouble:
            told.append(type(trouble.orig).__name__)
            raise

    @app.get("/slow")
    def slow(session: SessionOf, asking: Viewer) -> None:
        asked.set()
        sleep(session, 600)

    @app.post("/slow")
    def write(session: SessionOf, asking: Viewer) -> None:
        asked.set()
        sleep(session, 1)

    asked = threading.Event()
    return told, asked


@pytest.mark.parametrize(("method", "outcome"), [("GET", "QueryCanceled"), ("POST", "slept")])
def test_a_statement_nobody_waits_for_is_stopped_but_for_a_small_write(app, bearer, sleeping, method, outcome):
    told, asked = sleeping
    ask_and_leave(app, bearer, Kind(method, "/slow", "", body={}), asked)
    assert told == [outcome]
    assert app.state.deployment.engine.pool.checkedout() == 0


def work_on(kept: Once, errand: Errand, outcomes: list[str], function=linger) -> threading.Thread:
    def run() -> None:
        with errands.on(errand, stops_statements=False):
            try:
                outcomes.append(kept.get("figures", lambda: errands.reckon(errands.MANY + 1, function, 1.0)))
            except (ConfinedCancelled, TookTooLong) as trouble:
                outcomes.append(type(trouble).__name__)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_what_several_wait_for_ends_with_the_last_of_them(confined):
    ended, begun = confined
    kept, told = Once[str, Any](4), {"first": [], "second": [], "third": []}
    clients = {name: Errand(threading.Event(), Limits(wall_s=300)) for name in told}
    first = work_on(kept, clients["first"], told["first"])
    until(begun.is_set)
    others = [work_on(kept, clients[name], told[name]) for name in ("second", "third")]
    until(lambda: len(clients["first"]._others) == 2)
    clients["first"].left.set()
    clients["second"].left.set()
    others[0].join(60)
    assert (told["second"], ended, first.is_alive()) == (["ConfinedCancelled"], [], True)
    clients["third"].left.set()
    for thread in (first, others[1]):
        thread.join(60)
    assert [*told.values()] == [["ConfinedCancelled"]] * 3
    assert ended == ["ConfinedCancelled"]


def test_who_waits_is_given_what_was_worked_out_though_its_first_client_left(confined):
    _, begun = confined
    kept, told = Once[str, Any](4), []
    first, second = Errand(threading.Event()), Errand(threading.Event())
    leader = work_on(kept, first, told, spin_and_tell)
    until(begun.is_set)
    waiter = work_on(kept, second, told, spin_and_tell)
    until(lambda: first._others == [second])
    first.left.set()
    for thread in (leader, waiter):
        thread.join(60)
    assert told == [1.0, 1.0]


def test_no_client_no_end():
    """Commands and the worker have none: their work is done where it is asked, however long it takes."""
    assert errands.current() is None
    assert errands.reckon(errands.MANY + 1, int, "7") == 7
    left = Errand(threading.Event())
    left.left.set()
    with errands.on(left, stops_statements=True), pytest.raises(ConfinedCancelled):
        errands.reckon(1, int, "7")
