"""Every way to change something leaves an entry in the audit or the logbook: the list of routes is walked, none is forgotten."""

import datetime
import io
import json
import re
from functools import partial
from pathlib import Path

import geopandas as gpd
import shapely
from sqlalchemy import text

from app.accounts.people import Rights
from app.accounts.service import open_first_admin_link
from app.cli.up import note_start
from app.main import create_app
from app.platform.clock import now
from app.platform.principals import Role
from app.platform.settings import Settings
from app.worker.loop import work_once
from gis_layers.stores.records import record_audit, save_fact
from gis_layers.stores.seals import seal_days
from gis_layers.stores.town import append_register
from tests.app.conftest import site
from tests.app.seeds import tell_of_reviews
from tests.app.test_access import routes_of
from tests.app.test_enterprises import DANGER, NEW
from tests.app.test_forms import FORCE, STATION
from tests.app.test_guidance import graded  # noqa: F401
from tests.app.test_rulebook_versions import BACKING, WIDER
from tests.app.test_zone_drafts import HIGH
from tests.app.test_zone_renewals import deliver
from tests.app.visitors import PASSWORD, add_account, audited, browser, sign_in

ROOT = Path(__file__).parents[2]
KEEPS_NOTHING = {
    "POST /api/coverage/plan",
    "POST /api/siting/alternatives",
    "POST /api/siting/outline",
    "POST /api/siting/outline/file",
    "POST /siting/places",
    "POST /api/trials",
    "POST /rulebook/rules/{mark}/preview",
    "POST /api/closures/preview",
    "POST /api/zones/drafts/{number}/presence",
}
"""Asked by POST because the question is long; they answer and write nothing, or only who is at work just now."""
OF_ANOTHER_DEPLOYMENT = {"POST /api/zones/packages"}
"""Takes what another deployment signed, and leaves a draft: asked by the tests of edition packages."""
HERE = shapely.box(99.800, 39.300, 99.802, 39.301)
UNITS = json.dumps({"type": "FeatureCollection", "features": [site(HERE)]})


def written(deployment) -> int:
    with deployment.engine.connect() as connection:
        return connection.scalar(text("SELECT (SELECT count(*) FROM audit_entries) + (SELECT count(*) FROM checks)"))


class Walk:
    """Does one act after another, each of which must succeed and leave something in the audit or the logbook."""

    def __init__(self, deployment) -> None:
        self.deployment, self.walked = deployment, set()

    def __call__(self, visitor, method, template, address=None, **asked):
        before = written(self.deployment)
        answer = visitor.request(method, address or template, **asked)
        assert answer.status_code in (200, 201, 202, 204, 303), (template, answer.status_code, answer.text[:400])
        assert written(self.deployment) > before, template
        self.walked.add(f"{method} {template}")
        return answer


def people(deployment):
    with deployment.sessions.begin() as session:
        save_fact(session, "synthetic", value=True)
    app = create_app(deployment, loopback=True)
    for name, role in (
        ("wang", Role.OFFICER),
        ("zhao", Role.APPROVER),
        ("qian", Role.PLANNER),
        ("sun", Role.DISPATCHER),
    ):
        add_account(deployment, name, role, rights=Rights(("*",) if role is Role.OFFICER else ()))
    return app, browser(app), browser(app)


def test_every_write_leaves_an_entry(deployment, graded):  # noqa: F811
    walk = Walk(deployment)
    with deployment.sessions.begin() as session:
        link = open_first_admin_link(session, now())
    first = browser(create_app(deployment, loopback=True))
    person = {"username": "root", "display_name": "Root", "password": PASSWORD}
    walk(first, "POST", "/first-admin/{token}", f"/first-admin/{link}", data=person)
    app, officer, approver = people(deployment)
    _at_the_doors(walk, app)
    sign_in(officer, "wang")
    sign_in(approver, "zhao")
    _with_registers(walk, officer)
    _with_projects(walk, browser(app))
    _with_reviews(walk, browser(app))
    _with_closures(walk, browser(app))
    _with_forces(walk, browser(app))
    _with_incidents(walk, browser(app), deployment)
    _with_jobs(walk, officer)
    _with_rules(walk, officer, approver)
    _with_zones(walk, officer, approver)
    sign_in(first, "root")
    walk(first, "POST", "/api/calendar/{key}/run", "/api/calendar/seal/run")
    walk(first, "POST", "/calendar/{key}/run", "/calendar/forget/run")
    writes = {f"{method} {route.path}" for route in routes_of(app) for method in route.methods - {"GET", "HEAD"}}
    assert writes - walk.walked == KEEPS_NOTHING | OF_ANOTHER_DEPLOYMENT


def _at_the_doors(walk, app):
    visitor = browser(app)
    credentials = {"username": "wang", "password": PASSWORD}
    signed_in = walk(visitor, "POST", "/api/session", json=credentials)
    visitor.headers["X-CSRF-Token"] = signed_in.json()["csrf"]
    renewed = {"current": PASSWORD, "password": PASSWORD + "s"}
    walk(visitor, "POST", "/api/session/password", json=renewed)
    walk(visitor, "POST", "/account", data={"current": renewed["password"], "password": PASSWORD})
    walk(visitor, "DELETE", "/api/session")
    walk(visitor, "POST", "/api/session/demo", json={"role": "planner"})
    walk(visitor, "POST", "/sign-in/demo", data={"role": "planner"})
    walk(visitor, "POST", "/sign-in", data=credentials)
    visitor.headers["X-CSRF-Token"] = visitor.get("/api/session").json()["csrf"]
    walk(visitor, "POST", "/sign-out")


def _with_registers(walk, officer):
    made = walk(officer, "POST", "/api/enterprises", json=NEW)
    number, tag = made.json()["id"], made.headers["etag"]
    one = f"/api/enterprises/{number}"
    walk(officer, "PATCH", "/api/enterprises/{number}", one, json={"staff": 5}, headers={"If-Match": tag})
    seen = {"day": "2026-05-31", "department": "镇应急办"}
    walk(officer, "POST", "/api/enterprises/{number}/inspections", f"{one}/inspections", json=seen)
    danger = walk(
        officer,
        "POST",
        "/api/hidden-dangers",
        json={**DANGER, "state": "registered", "confirmed_on": None, "enterprise_id": number},
    )
    one, seen = danger.headers["location"], {"If-Match": danger.headers["etag"]}
    walk(officer, "PATCH", "/api/hidden-dangers/{number}", one, json={"measures": "停用"}, headers=seen)
    walk(officer, "POST", "/api/hidden-dangers/{number}/steps", f"{one}/steps", json={"step": "verify"})
    slope = {"code": "DZ-1", "name": "南坡", "kind": "landslide", "recognised_by": "示自然资发〔2026〕1号", "recognised_on": "2026-03-01",
             "contact_name": "孙某", "geometry": HERE.centroid.__geo_interface__}  # fmt: skip
    made = walk(officer, "POST", "/api/geohazard-sites", json=slope)
    one, seen = made.headers["location"], {"If-Match": made.headers["etag"]}
    walk(officer, "PATCH", "/api/geohazard-sites/{number}", one, json={"people": 12}, headers=seen)
    walk(officer, "POST", "/api/geohazard-sites/{number}/steps", f"{one}/steps", json={"step": "monitor"})
    found = {"day": "2026-04-01", "finding": "unchanged", "said": "无变化"}
    walk(officer, "POST", "/api/geohazard-sites/{number}/patrols", f"{one}/patrols", json=found)
    school = {"name": "镇小学", "kind": "school", "geometry": HERE.centroid.__geo_interface__}
    made = walk(officer, "POST", "/api/facilities", json=school)
    tag = {"If-Match": made.headers["etag"]}
    walk(officer, "PATCH", "/api/facilities/{number}", made.headers["location"], json={"capacity": 300}, headers=tag)
    walk(officer, "POST", "/api/kpi/baselines", json={"name": "2026 年底", "reason": "三年行动收官"})
    alias = walk(officer, "POST", "/api/places/aliases", json={"name": "village:w", "alias": "湾子上"}).json()["id"]
    walk(officer, "DELETE", "/api/places/aliases/{alias_id}", f"/api/places/aliases/{alias}")


def _with_projects(walk, planner):
    sign_in(planner, "qian")
    shed = {"name": "农机库", "project_class": "K6", "geometry": HERE.__geo_interface__}
    made = walk(planner, "POST", "/api/projects", json=shed)
    tag = {"If-Match": made.headers["etag"]}
    walk(planner, "PATCH", "/api/projects/{number}", made.headers["location"], json={"name": "大棚"}, headers=tag)


def _with_forces(walk, desk):
    sign_in(desk, "sun")
    for register, entry in (("stations", STATION), ("forces", FORCE)):
        made = walk(desk, "POST", f"/api/{register}", json=entry)
        one, seen = made.headers["location"], {"If-Match": made.headers["etag"]}
        walk(desk, "PATCH", f"/api/{register}/{{number}}", one, json={"crew": 7}, headers=seen)


def _with_zones(walk, officer, approver):
    def step(visitor, name, address, **body):
        seen = {"If-Match": officer.get(address).headers["ETag"]}
        route = f"/api/zones/drafts/{{number}}/{name}"
        return walk(visitor, "POST", route, f"{address}/{name}", json=body, headers=seen)

    one, other = (
        walk(officer, "POST", "/api/zones/drafts", json={"name": name}).headers["location"] for name in ("汛前", "误建")
    )
    about = {"hazard": "flood", "product": "hazard", "grade": "高"}
    step(officer, "edits", one, op="create", geometry=HERE.__geo_interface__, attributes=about)
    paper = {"hazard": "flood", "product": "hazard", "kind": "approval", "title": "批复", "number": "示水〔2026〕1号",
             "authority": "示例县人民政府", "level": "county", "secrecy": "internal"}  # fmt: skip
    kept = walk(officer, "POST", "/api/zones/documents", json=paper)
    seen = {"headers": {"If-Match": kept.headers["etag"]}, "json": {"title": "关于区划的批复"}}
    walk(officer, "PATCH", "/api/zones/documents/{number}", kept.headers["location"], **seen)
    seen = {"headers": {"If-Match": officer.get(one).headers["ETag"]}, "json": {"documents": [kept.json()["id"]]}}
    walk(officer, "PATCH", "/api/zones/drafts/{number}/standing", f"{one}/standing", **seen)
    step(officer, "submit", one, reason="试验")
    step(approver, "return", one, comment="请复核")
    step(officer, "submit", one, reason="试验")
    step(approver, "approve", one)
    _on_paper(walk, officer, other, partial(step, address=other))
    step(approver, "publish", one, effective_on=(now().date() + datetime.timedelta(days=9)).isoformat())
    step(approver, "call-off", one)
    edition = step(approver, "publish", one).json()["number"]
    _with_files(walk, officer, other)
    step(officer, "withdraw", other)
    delivered = f"/api/zones/drafts/{deliver(walk.deployment, (HERE, HIGH))}"
    step(officer, "delivery/decisions", delivered, renumber=True)
    _with_deputies(walk, approver)
    address = f"/api/editions/{edition - 1}/revert"
    walk(approver, "POST", "/api/editions/{number}/revert", address, json={"reason": "误启用"})


def _with_files(walk, officer, draft):
    layer = gpd.read_file(io.BytesIO(officer.get(f"{draft}/file?hazard=flood").content), engine="pyogrio")
    edited = io.BytesIO()
    layer.assign(name="甲区").to_file(edited, layer="zones", driver="GPKG", engine="pyogrio")
    seen = {"If-Match": officer.get(draft).headers["ETag"]}
    given = {"files": {"file": ("zones.gpkg", edited.getvalue())}, "data": {"apply": "true"}, "headers": seen}
    walk(officer, "POST", "/api/zones/drafts/{number}/file", f"{draft}/file", **given)


def _with_deputies(walk, approver):
    first = now().date()
    days = {"from_on": first.isoformat(), "to_on": (first + datetime.timedelta(days=30)).isoformat()}
    asked = {"deputy": "wang", "in_place_of": "zhao", **days}
    made = walk(approver, "POST", "/api/zones/deputies", json=asked).json()["id"]
    walk(approver, "POST", "/api/zones/deputies/{number}/end", f"/api/zones/deputies/{made}/end")


def _on_paper(walk, officer, address, step):
    """The head signed, where no approver is; a second account enters the scan."""
    about = {"hazard": "flood", "product": "hazard", "grade": "高"}
    step(officer, "edits", op="create", geometry=HERE.__geo_interface__, attributes=about)
    step(officer, "submit", reason="试验")
    add_account(walk.deployment, "li", Role.OFFICER, rights=Rights(("*",)))
    clerk = browser(create_app(walk.deployment, loopback=True))
    sign_in(clerk, "li")
    draft = officer.get(address)
    form = {
        "signed_by": "镇长",
        "signed_on": "2026-01-05",
        "digest": draft.json()["history"][-1]["content"]["digest"][:16],
    }
    with walk.deployment.engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET disabled_at = now() WHERE role = 'approver'"))
    route = "/api/zones/drafts/{number}/approve-on-paper"
    files = {"file": ("sheet.pdf", b"%PDF-1.7 signed")}
    seen = {"If-Match": draft.headers["ETag"]}
    walk(clerk, "POST", route, f"{address}/approve-on-paper", data=form, files=files, headers=seen)
    with walk.deployment.engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET disabled_at = NULL WHERE role = 'approver'"))


def _with_closures(walk, desk):
    sign_in(desk, "sun")
    flooded = {"kind": "closed", "reason": "积水", "reporter": "巡查员", "geometry": HERE.__geo_interface__}
    made = walk(desk, "POST", "/api/closures", json=flooded)
    one, seen = made.headers["location"], {"If-Match": made.headers["etag"]}
    made = walk(desk, "PATCH", "/api/closures/{number}", one, json={"reason": "水未退"}, headers=seen)
    walk(
        desk, "POST", "/api/closures/{number}/lift", f"{one}/lift", json={}, headers={"If-Match": made.headers["etag"]}
    )


def _with_incidents(walk, desk, deployment):
    with deployment.sessions.begin() as session:
        team = {"name": ["镇队"], "kind": ["township"]}
        append_register(session, "forces", gpd.GeoDataFrame(team, geometry=[HERE.centroid], crs=4490))
    sign_in(desk, "sun")
    told = {"kind": "fire", "said": "冒烟", "reported_by": "村民", "geometry": HERE.centroid.__geo_interface__}
    made = walk(desk, "POST", "/api/incidents", json=told)
    one = made.headers["location"]
    made = walk(
        desk,
        "PATCH",
        "/api/incidents/{number}",
        one,
        json={"level": "general"},
        headers={"If-Match": made.headers["etag"]},
    )
    walk(desk, "POST", "/api/incidents/{number}/log", f"{one}/log", json={"said": "已核实"})
    told = {"kind": "first", "to": "县应急局", "text": "首报"}
    walk(desk, "POST", "/api/incidents/{number}/reports", f"{one}/reports", json=told)
    called = {"village": "远村", "who": "赵某", "answered": False}
    walk(desk, "POST", "/api/incidents/{number}/calls", f"{one}/calls", json=called)
    code = desk.get("/api/villages").json()["items"][0]["code"]
    contact = {"name": "赵某", "role": "party_secretary", "village_code": code}
    kept = walk(desk, "POST", "/api/village-contacts", json=contact)
    gone = {"headers": {"If-Match": kept.headers["etag"]}, "json": {"retired": True}}
    walk(desk, "PATCH", "/api/village-contacts/{number}", kept.headers["location"], **gone)
    begins, ends = "2026-05-01T08:00:00+08:00", "2026-05-02T08:00:00+08:00"
    shift = {"begins_at": begins, "ends_at": ends, "leader": "张某", "officer": "李某"}
    planned = walk(desk, "POST", "/api/duty-shifts", json=shift)
    signed = {"If-Match": planned.headers["etag"]}
    address = f"{planned.headers['location']}/sign"
    walk(desk, "POST", "/api/duty-shifts/{number}/sign", address, json={"signing": "handing"}, headers=signed)
    force = int(desk.get("/api/forces").json()["items"][0]["id"])
    (held,) = walk(
        desk, "POST", "/api/incidents/{number}/assignments", f"{one}/assignments", json={"force": force}
    ).json()["assignments"]
    step, address = f"{one}/assignments/{held['id']}", "/api/incidents/{number}/assignments/{assignment}"
    seen = {"If-Match": f'"{held["version"]}"'}
    (held,) = walk(desk, "PATCH", address, step, json={"state": "answered"}, headers=seen).json()["assignments"]
    walk(desk, "POST", f"{address}/undo", f"{step}/undo", headers={"If-Match": f'"{held["version"]}"'})
    walk(
        desk,
        "POST",
        "/api/incidents/{number}/close",
        f"{one}/close",
        json={"outcome": "误报"},
        headers={"If-Match": made.headers["etag"]},
    )


def _with_reviews(walk, planner):
    sign_in(planner, "qian")
    address = "/api/siting/reviews/{number}"
    made = walk(planner, "POST", "/api/siting/reviews", json={**site(HERE), "stage": "planning"})
    one = made.headers["location"]
    said = {
        "department": "water",
        "opinion": "conditional",
        "conditions": ["设堤"],
        "signer": "赵示范",
        "document": "1",
    }
    told = walk(planner, "POST", f"{address}/opinions", f"{one}/opinions", json=said).json()["conditions"][-1]["id"]
    closing = {"document": "2", "conclusion": "满足"}
    walk(
        planner,
        "POST",
        f"{address}/conditions/{{condition}}/close",
        f"{one}/conditions/{told}/close",
        json=closing,
    )

    def step(name, **body):
        return walk(planner, "POST", f"{address}/{name}", f"{one}/{name}", json=body, headers={"If-Match": planner.get(one).headers["etag"]})  # fmt: skip

    form, files = {"kind": "reply", "department": "water", "number": "1"}, {"file": ("reply.pdf", b"%PDF-1.7")}
    kept = walk(planner, "POST", f"{address}/documents", f"{one}/documents", data=form, files=files).json()["documents"]
    struck = f"{one}/documents/{kept[0]['id']}/strike"
    walk(planner, "POST", f"{address}/documents/{{document}}/strike", struck, json={"reason": "传错"})
    notice, noted = tell_of_reviews(walk.deployment)[0], "/api/siting/review-notices/{number}/note"
    walk(planner, "POST", noted, noted.format(number=notice), json={"reason": "维持"})
    step("decision", decision="returned", reason="范围不符")
    step("resubmit", **site(HERE))
    step("steps", step="annul", reason="误开")
    check = made.json()["check"]
    walk(planner, "POST", "/reviews/new", data={"check": check, "route": "filed", "stage": "approval"})


def _with_jobs(walk, officer):
    made = walk(officer, "POST", "/api/siting/check", json=site(HERE)).json()["record"]["number"]
    walk(officer, "POST", "/siting/checks/{number}/again", f"/siting/checks/{made}/again")
    walk(officer, "POST", "/siting/opinion", json=site(HERE))
    walk(officer, "POST", "/siting/places/opinion", json={**site(HERE), "within_m": 60, "count": 1})
    walk(officer, "POST", "/api/siting/alternatives/check", json={**site(HERE), "within_m": 60, "count": 1})
    walk(officer, "POST", "/api/siting/report", "/api/siting/report?format=html", json=site(HERE))
    walk(officer, "POST", "/api/unit-sets", files={"file": ("units.geojson", UNITS)}, data={"name": "甲"})
    run = walk(officer, "POST", "/api/runs", json={"unit": "village"}).json()
    walk(officer, "DELETE", "/api/jobs/{number}", run["links"]["self"])
    imported = {"files": {"file": ("projects.geojson", UNITS)}, "data": {"layer": "projects"}}
    preview = walk(officer, "POST", "/api/imports", **imported).json()["id"]
    assert work_once(walk.deployment)
    seen = {"digest": officer.get(f"/api/imports/{preview}").json()["digest"]}
    walk(officer, "POST", "/api/imports/{number}/accept", f"/api/imports/{preview}/accept", json=seen)
    assert work_once(walk.deployment)
    batch = walk(officer, "POST", "/api/siting/batch", files={"file": ("sites.geojson", UNITS)}).json()
    assert work_once(walk.deployment)
    walk(officer, "POST", "/api/siting/batch/{number}/reports", f"/api/siting/batch/{batch['id']}/reports")
    assert work_once(walk.deployment)
    walk(officer, "DELETE", "/api/jobs/{number}/files", batch["links"]["self"] + "/files")


def _with_rules(walk, officer, approver):
    def propose(metres):
        steps = [{**WIDER, "value": metres}]
        return walk(officer, "POST", "/api/rulebook/proposals", json={"reason": "林缘", "steps": steps}).headers[
            "location"
        ]

    def take(by, address, step, body=None):
        seen = {"If-Match": by.get(address).headers["ETag"]}
        walk(by, "POST", f"/api/rulebook/proposals/{{number}}/{step}", f"{address}/{step}", json=body, headers=seen)

    take(approver, propose(80), "approve")
    take(officer, propose(95), "withdraw")
    take(approver, sent_back := propose(90), "return", {"comment": "请附纪要"})
    take(officer, sent_back, "resubmit", {"reason": "林缘", "steps": [{**WIDER, "value": 95}]})
    page = "/rulebook/rules/{mark}"
    form = {"reason": "林缘加宽", "field": "metres", **BACKING}
    for metres, steps in (
        ("85", {"approve": approver}),
        ("90", {"return": approver, "resubmit": officer}),
        ("95", {"withdraw": officer}),
    ):
        made = walk(
            officer, "POST", f"{page}/propose", "/rulebook/rules/FIR-NEAR/propose", data={**form, "value": metres}
        )
        at = made.headers["location"]
        for step, by in steps.items():
            seen = re.search(r'name="seen" value="([^"]+)"', by.get(at).text)[1].replace("&#34;", '"')
            decision = {"seen": seen, "comment": "请附纪要", "reason": "林缘", "values": metres}
            walk(by, "POST", f"/rulebook/proposals/{{number}}/{step}", f"{at}/{step}", data=decision)
    walk(officer, "POST", f"{page}/undo", "/rulebook/rules/FIR-NEAR/undo", data={"field": "metres"})
    walk(
        officer, "POST", "/rulebook/versions/{number}/restore", "/rulebook/versions/1/restore", data={"reason": "恢复"}
    )
    rule = {"id": "loc-school", "hazard": "wildfire", "relation": "within_m", "metres": "60", "products": ["hazard"], "grades": ["fire5/高"], "K2": "F", "message": "距林缘不足", "procedure": "踏勘、论证", "reason": "校园安全", **BACKING}  # fmt: skip
    walk(officer, "POST", "/rulebook/add-rule", data=rule)


def test_whoever_takes_a_file_away_is_in_the_audit(client, deployment, graded):  # noqa: F811
    taken = ("/downloads/villages.csv", "/enterprises/list.xlsx", "/api/kpi/export.xlsx", "/api/rulebook/overlay.toml", "/maps/hazards?standalone=1")  # fmt: skip
    for address in taken:
        assert client.get(address).status_code == 200, address
    assert audited(deployment).count(("token:test", "take away file")) == len(taken)


def test_no_file_leaves_but_by_the_one_way_that_is_audited():
    by_hand = [path for path in (ROOT / "app").rglob("*.py") if "attachment;" in path.read_text("utf-8")]
    assert [path.name for path in by_hand] == ["attachments.py"]


def test_the_use_of_a_token_is_noted_once_a_day(client, deployment):
    for _ in range(3):
        client.get("/api/editions")
    assert audited(deployment) == [("token:test", "use token")]


def test_a_failed_sign_in_is_noted_without_what_was_typed(deployment):
    add_account(deployment)
    visitor = browser(create_app(deployment, loopback=True))
    sign_in(visitor, "zhang", "hunter2-hunter2")
    sign_in(visitor, "my password in the wrong field", "x")
    with deployment.engine.connect() as connection:
        entries = connection.execute(
            text("SELECT row_to_json(e)::text FROM audit_entries e WHERE action = 'fail to sign in'")
        )
        told = [row[0] for row in entries]
    assert len(told) == 2
    assert "hunter2" not in str(told)
    assert "wrong field" not in str(told)


def test_a_start_is_noted_with_its_settings_and_without_secrets(deployment):
    secrets = {"secret_key": "hush-hush", "database_url": "postgresql://anzhi:hush-hush@db/anzhi"}
    object.__setattr__(deployment, "settings", Settings(**secrets))
    note_start(deployment, "127.0.0.1", 8000)
    with deployment.engine.connect() as connection:
        detail = connection.scalar(text("SELECT detail FROM audit_entries WHERE action = 'start'"))
    assert detail["settings"]["metric_crs"] == "EPSG:4542"
    assert "hush" not in json.dumps(detail)


def test_a_number_on_a_paper_is_looked_up_by_who_may(deployment, token):
    app = create_app(deployment, loopback=True)
    roles = (Role.VIEWER, Role.PLANNER, Role.DISPATCHER, Role.OFFICER, Role.APPROVER, Role.ADMIN)
    asking = {}
    for role in roles:
        add_account(deployment, f"a-{role}", role)
        asking[role] = browser(app)
        sign_in(asking[role], f"a-{role}")
    made = asking[Role.VIEWER].post("/api/siting/check", json=site(HERE)).json()["record"]
    address = f"/api/siting/checks/{made['number']}"
    told = asking[Role.VIEWER].get(address).json()
    assert (told["number"], told["by"], told["input"]) == (
        made["number"],
        "a-viewer",
        json.loads(json.dumps(site(HERE))),
    )
    assert (told["input_digest"], told["result_digest"]) == (made["input_digest"], made["result_digest"])
    for role in roles:
        open_to = role != Role.DISPATCHER
        assert asking[role].get(address).status_code == (200 if open_to else 404), role
        assert asking[role].get(f"/checks?number={made['number'][3:]}").status_code == (303 if open_to else 404)
        listed = asking[role].get("/api/siting/checks").json()["total"]
        assert listed == (1 if role in (Role.VIEWER, Role.ADMIN) else 0), role
        assert asking[role].get("/api/audit/days").status_code == (200 if role is Role.ADMIN else 403)
    page = asking[Role.VIEWER].get(f"/checks/{made['number']}").text
    assert made["input_digest"] in page
    assert "Checks on record" in asking[Role.VIEWER].get("/checks?lang=en").text


def test_an_admin_sees_and_fetches_the_hash_of_a_day(deployment, token):
    with deployment.sessions.begin() as session:
        record_audit(session, actor="zhang", action="act", subject="thing", detail={})
    tomorrow = now().date().replace(year=now().year + 1)
    assert seal_days(deployment.sessions, tomorrow) > 0
    admin = browser(create_app(deployment, loopback=True), headers={"Authorization": f"Bearer {token(Role.ADMIN)}"})
    newest = admin.get("/api/audit/days?limit=1").json()["items"][0]
    assert admin.get(f"/api/audit/days/{newest['day']}").json() == newest
    assert newest["hash"] in admin.get("/audit").text
    assert admin.get("/api/audit/days/1999-01-01").status_code == 404
