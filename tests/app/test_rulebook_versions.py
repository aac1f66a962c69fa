"""Rules changed by two people: proposed, looked at, approved by another, in force for everybody from that moment."""

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.main import create_app
from app.platform.deployment import Deployment, connect
from app.platform.principals import Role, new_token, token_digest
from app.platform.settings import Settings
from app.platform.work import Work
from gis_layers.stores import access, projects
from risk_model.rulebook import load_rulebook, read_overlay
from tests.app.conftest import site
from tests.app.seeds import publish_zones, seeded_database
from tests.app.visitors import audited
from tests.saying import tells

FOREST = shapely.box(99.750, 39.300, 99.752, 39.302)
SCHOOL = shapely.box(99.75260, 39.3005, 99.75280, 39.3007)
"""About 52 m east of the forest: outside the packaged 50 m, inside 80 m."""
BACKING = {"basis": "镇林业站会议纪要", "source": "南华镇林业站", "valid_from": "2026-01-01"}
WIDER = {"op": "change", "article": "FIR-NEAR", "field": "metres", "value": 80, **BACKING}
ON = "UPDATE decisions SET version = version + 1"
MILDER_LAW = {"op": "change", "article": "RIV-SCOPE", "field": "verdicts.K4", "value": "R", **BACKING}


@seeded_database("surveyed")
def forest(deployment: Deployment):
    """A school 52 m from woods of the worst grade, on ground every theme surveyed."""
    publish_zones(deployment, "wildfire", FOREST, grade=("高", 1, "fire5"))
    frame = gpd.GeoDataFrame(
        {"name": ["<b>林边小学</b>"], "project_class": ["K2"], "seismic_class": [None], "synthetic": [True]},
        geometry=[SCHOOL], crs=4490,
    )  # fmt: skip
    with deployment.sessions.begin() as session:
        projects.append_projects(session, frame)


@pytest.fixture
def as_(deployment):
    """A program of a role, by a name of its own."""
    app = create_app(deployment, loopback=True)

    def do(role: Role, name: str | None = None) -> TestClient:
        secret = new_token()
        with deployment.sessions.begin() as session:
            access.save_token(session, name=name or role.value, role=role.value, digest=token_digest(secret))
        headers = {"Authorization": f"Bearer {secret}"}
        return TestClient(app, headers=headers, raise_server_exceptions=False, follow_redirects=False)

    return do


def proposed(officer, *steps, reason="林缘加宽"):
    return officer.post("/api/rulebook/proposals", json={"reason": reason, "steps": list(steps)})


def approved(approver, proposal):
    address = f"/api/rulebook/proposals/{proposal['id']}"
    etag = approver.get(address).headers["ETag"]
    return approver.post(f"{address}/approve", headers={"If-Match": etag})


def put_in_force(as_, *steps):
    answer = approved(as_(Role.APPROVER), proposed(as_(Role.OFFICER), *steps).json())
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_tightened_distance_is_seen_before_and_holds_after_it_is_approved(as_, forest, deployment):
    officer, approver = as_(Role.OFFICER), as_(Role.APPROVER)
    before = officer.post("/api/siting/check", json=site(SCHOOL, "K2")).json()
    assert (before["verdict"], before["rulebook"]["number"]) == ("permitted", 1)
    answer = proposed(officer, WIDER)
    assert answer.status_code == 201
    proposal = officer.get(answer.headers["Location"]).json()
    (change,) = proposal["preview"]["diff"]
    assert (change["article"], change["field"], change["old"], change["new"]) == ("FIR-NEAR", "metres", 50, 80)
    impact = proposal["preview"]["impact"]
    assert (impact["projects"], impact["verdicts_changed"]) == (1, 1)
    assert [(row["before"], row["after"], row["rules_after"]) for row in impact["changed"]] == [
        ("permitted", "restricted", ["FIR-NEAR-LOCAL"])
    ]
    assert officer.post("/api/siting/check", json=site(SCHOOL, "K2")).json()["verdict"] == "permitted"
    version = approved(approver, proposal).json()
    assert (version["number"], version["published_by"], version["proposed_by"]) == (
        2,
        "token:approver",
        "token:officer",
    )
    after = officer.post("/api/siting/check", json=site(SCHOOL, "K2")).json()
    assert (after["verdict"], after["rulebook"]["number"]) == ("restricted", 2)
    assert after["rulebook"]["fingerprint"] == version["fingerprint"] != before["rulebook"]["fingerprint"]
    (finding,) = [each for theme in after["themes"] for each in theme["findings"] if each["rule"]]
    assert (finding["local"], finding["basis"], finding["basis_kind"]) == (True, BACKING["basis"], "default")
    assert "80" in finding["message"]
    assert "80 m" in finding["message_en"]
    assert officer.get("/api/projects").json()["items"][0]["verdict"] == "restricted"
    done = [entry for entry in audited(deployment) if "rulebook" in entry[1]][-2:]
    assert done == [("token:officer", "propose rulebook change"), ("token:approver", "publish rulebook")]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (MILDER_LAW, "只能收紧"),
        ({**WIDER, "article": "HAZ-DISTANCE", "field": "verdicts.K2", "value": "A"}, "更新的标准"),
        ({**WIDER, "field": "relation", "value": "intersects"}, "没有声明"),
        ({**WIDER, "article": "FIR-FAR"}, "没有这一项"),
        ({**WIDER, "field": "metres", "value": 50}, "相同"),
        ({**WIDER, "article": "siting.mandatory", "field": "K4", "value": ["no-such"]}, "no-such"),
    ],
)
def test_what_may_not_be_changed_is_refused_by_rule_field_and_reason(as_, step, why):
    answer = proposed(as_(Role.OFFICER), step)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["rule"], told["field"]) == (step["article"], step["field"])
    assert why in told["why"]
    assert step["article"] in told["detail"] or why in told["detail"]


def test_roles_and_four_eyes(as_):
    officer, approver, admin = as_(Role.OFFICER), as_(Role.APPROVER), as_(Role.ADMIN, "both")
    assert proposed(as_(Role.PLANNER), WIDER).status_code == 403
    assert proposed(approver, WIDER).status_code == 403
    first = proposed(officer, WIDER).json()
    assert approved(officer, first).status_code == 403
    own = proposed(admin, WIDER).json()
    answer = approved(admin, own)
    assert answer.status_code == 403
    assert tells(answer.json()["detail"], "提议人不能审核自己的提议；请由另一位审核人批准")
    assert approved(approver, own).status_code == 200


def test_a_decision_shows_what_it_has_seen(as_):
    officer, approver = as_(Role.OFFICER), as_(Role.APPROVER)
    first, second = proposed(officer, WIDER), proposed(officer, {**WIDER, "value": 90})
    address, etag = first.headers["Location"], first.headers["ETag"]
    assert approver.post(f"{address}/approve").status_code == 428
    assert approver.post(f"{address}/approve", headers={"If-Match": '"0-open-0"'}).status_code == 412
    assert approved(approver, second.json()).status_code == 200
    stale = approver.post(f"{address}/approve", headers={"If-Match": etag})
    assert stale.status_code == 412
    assert tells(stale.json()["detail"], "这件事在您查看之后已经变化；请重新查看后再决定")
    assert approved(approver, first.json()).status_code == 200
    again = approver.get(address)
    answer = approver.post(f"{address}/approve", headers={"If-Match": again.headers["ETag"]})
    assert answer.status_code == 409


def test_a_proposal_is_returned_with_a_comment_or_withdrawn_by_its_author(as_):
    officer, approver, other = as_(Role.OFFICER), as_(Role.APPROVER), as_(Role.OFFICER, "other")
    first, second = proposed(officer, WIDER), proposed(officer, WIDER)
    seen = {"If-Match": first.headers["ETag"]}
    assert approver.post(f"{first.headers['Location']}/return", json={"comment": ""}, headers=seen).status_code == 422
    returned = approver.post(f"{first.headers['Location']}/return", json={"comment": "请附纪要"}, headers=seen).json()
    assert (returned["state"], returned["comment"], returned["decided_by"]) == (
        "returned",
        "请附纪要",
        "token:approver",
    )
    seen = {"If-Match": second.headers["ETag"]}
    assert other.post(f"{second.headers['Location']}/withdraw", headers=seen).status_code == 403
    assert officer.post(f"{second.headers['Location']}/withdraw", headers=seen).json()["state"] == "withdrawn"
    items = officer.get("/api/rulebook/proposals").json()["items"]
    assert [item["state"] for item in items] == ["withdrawn", "returned"]


def test_a_local_rule_restricts_and_is_taken_out_again(as_, forest):
    rule = {
        "id": "LOC-SCHOOL", "hazard": "wildfire", "relation": "within_m", "metres": 60, "products": ["hazard"],
        "grades": {"fire5": ["高"]}, "verdicts": {"K2": "F"}, "message": "校园距林缘不足 60 米：{distance:.1f}", **BACKING,
    }  # fmt: skip
    put_in_force(as_, {"op": "add_rule", "rule": rule})
    officer = as_(Role.OFFICER)
    check = officer.post("/api/siting/check", json=site(SCHOOL, "K2")).json()
    assert check["verdict"] == "prohibited"
    assert officer.post("/api/siting/check", json=site(SCHOOL, "K4")).json()["verdict"] == "permitted"
    assert proposed(officer, {"op": "add_rule", "rule": {**rule, "id": "FIR-MINE"}}).status_code == 422
    assert proposed(officer, {"op": "add_rule", "rule": {**rule, "products": ["risk_all"]}}).status_code == 422
    put_in_force(as_, {"op": "remove_rule", "id": "LOC-SCHOOL"})
    assert officer.post("/api/siting/check", json=site(SCHOOL, "K2")).json()["verdict"] == "permitted"


def test_going_back_publishes_a_new_version_equal_to_the_old_one(as_, forest):
    officer, approver = as_(Role.OFFICER), as_(Role.APPROVER)
    put_in_force(as_, WIDER)
    answer = officer.post("/api/rulebook/proposals", json={"reason": "恢复", "equal_to": 1})
    version = approved(approver, answer.json()).json()
    assert (version["number"], version["equal_to"], version["fingerprint"]) == (3, 1, load_rulebook().fingerprint)
    assert officer.post("/api/siting/check", json=site(SCHOOL, "K2")).json()["verdict"] == "permitted"
    assert [each["number"] for each in officer.get("/api/rulebook/versions").json()["items"]] == [3, 2, 1]
    assert officer.get("/api/rulebook/versions/2").json()["diff"][0]["field"] == "metres"
    assert officer.get("/api/rulebook/versions/9").status_code == 404
    assert officer.post("/api/rulebook/proposals", json={"reason": "x", "equal_to": 9}).status_code == 404
    assert officer.post("/api/rulebook/proposals", json={"reason": "x", "equal_to": 1}).status_code == 409
    assert officer.post("/api/rulebook/proposals", json={"reason": "x"}).status_code == 422


def test_the_overlay_is_exported_as_a_file_that_can_be_read_again(as_):
    put_in_force(as_, WIDER)
    import tomllib

    exported = as_(Role.VIEWER).get("/api/rulebook/overlay.toml")
    (change,) = read_overlay(tomllib.loads(exported.text)).changes.values()
    assert (change.article, change.value, change.backing.basis) == ("FIR-NEAR", 80, BACKING["basis"])
    told = as_(Role.VIEWER).get("/api/rulebook").json()
    assert told["number"] == 2
    assert told["overlay"]["changes"][0]["value"] == 80
    assert next(rule for rule in told["rules"] if rule["id"] == "FIR-NEAR")["metres"] == 50
    local = next(rule for rule in told["rules"] if rule["id"] == "FIR-NEAR-LOCAL")
    assert (local["local"], local["of"], local["metres"]) == (True, "FIR-NEAR", 80)


def test_every_thread_and_every_process_answers_by_the_new_rules_at_once(as_, forest, deployment):
    officer = as_(Role.OFFICER)
    other = connect(Settings(), deployment.url)

    def check(_):
        return officer.post("/api/siting/check", json=site(SCHOOL, "K2")).json()["rulebook"]["number"]

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(check, range(8))) == {1}
        version = put_in_force(as_, WIDER)
        assert set(threads.map(check, range(8))) == {2}
    with other.sessions() as session:
        there, here = (Work(session, one).rulebook for one in (other, deployment))
    assert there.fingerprint == here.fingerprint == version["fingerprint"]
    assert there.overlay
    other.engine.dispose()


def test_a_check_asks_the_database_no_more_often_for_its_rules(as_, forest, deployment):
    """The version in force comes with the statement that tells the edition."""
    from sqlalchemy import event

    put_in_force(as_, WIDER)
    officer, asked = as_(Role.OFFICER), []
    officer.post("/api/siting/check", json=site(SCHOOL, "K2"))
    event.listen(deployment.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    officer.post("/api/siting/check", json=site(SCHOOL, "K2"))
    assert sum("rulebook_versions" in statement for statement in asked) == 1
    assert sum("rulebook_texts" in statement for statement in asked) == 0
    assert len(asked) <= 6, "token, ground, surveys of zones and of layers, answer and number"


def test_rules_that_come_with_new_software_take_over_what_still_holds(as_, deployment, monkeypatch):
    put_in_force(as_, WIDER, {**WIDER, "article": "siting.coverage", "field": "tolerance", "value": 0.0005})
    from risk_model.rulebook import packaged_rules

    newer = packaged_rules()
    newer["hazards/wildfire.toml"] = newer["hazards/wildfire.toml"].replace("metres = 50", "metres = 80")
    monkeypatch.setattr("app.platform.rulebooks.packaged_rulebook", lambda: load_rulebook(newer))
    upgraded = connect(Settings(), deployment.url)
    with upgraded.sessions() as session:
        assert [*Work(session, upgraded).rulebook.overlay.changes] == [("siting.coverage", "tolerance")]
    with upgraded.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM rulebook_versions ORDER BY number DESC LIMIT 1")).one()
        assert (row.number, row.proposed_by) == (3, None)
        assert "FIR-NEAR metres" in row.reason
    upgraded.engine.dispose()


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE rulebook_versions SET reason = 'x'", "append-only|refuse|never|cannot"),
        ("DELETE FROM rulebook_texts", "append-only|refuse|never|cannot"),
        ("UPDATE rulebook_proposals SET reason = 'x'", "never rewritten"),
        ("DELETE FROM rulebook_proposals", "never rewritten"),
        (f"{ON}, state = 'published', ended = true, changed_by = authors[1]", "four_eyes"),
        (f"{ON}, state = 'withdrawn', ended = true, changed_by = 'x'", "its_author"),
        (f"{ON}, authors = '{{x}}'", "never rewritten"),
        ("UPDATE decisions SET state = 'returned', changed_by = 'x'", "step by step"),
        ("DELETE FROM decisions", "never rewritten"),
        ("UPDATE decision_steps SET taken_by = 'x'", "append-only|refuse|never|cannot"),
        ("DELETE FROM decision_steps", "append-only|refuse|never|cannot"),
    ],
)
def test_the_database_itself_refuses_rewriting_and_approving_oneself(as_, deployment, statement, constraint):
    proposed(as_(Role.OFFICER), WIDER)
    with pytest.raises(DBAPIError, match=constraint), deployment.sessions.begin() as session:
        session.execute(text(statement))
