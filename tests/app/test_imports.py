"""Imports over HTTP: previewed without a trace, accepted as they were seen, loaded as the console would load them."""

import ast
import re
from pathlib import Path

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.accounts.people import Rights
from app.exchange.loaders import REGISTERS
from app.main import create_app
from app.platform.principals import Role
from app.worker.loop import work_once
from risk_model.codes import enumeration
from tests.app.test_received import BOW_TIE, EVERYWHERE, KINDS, OTHER, SQUARE, geojson
from tests.app.visitors import add_account, browser, sign_in
from tests.saying import tells

GATE = Path(__file__).parents[2] / "gis_layers" / "exchange"
ASIDE = re.compile(r"（[^（）]*--[a-z-]+）")
"""What is said to the console alone: the page leaves it out."""
LAYERS = {kind: told for kind, told in KINDS.items() if kind != "units"}
OF_JOBS = ("jobs", "job_files", "audit_entries", "tokens")
FIRST = {"name": "甲项目", "project_class": "K4"}
SECOND = {"name": "乙项目", "project_class": "K5"}
TIED = shapely.affinity.translate(BOW_TIE, 0.02, 0)
TWO_BROKEN = geojson((SQUARE, FIRST), (BOW_TIE, SECOND), (TIED, {"name": "丙项目", "project_class": "K1"}))


@pytest.fixture
def officer(deployment, token):
    headers = {"Authorization": f"Bearer {token(Role.OFFICER)}"}
    with TestClient(create_app(deployment, loopback=True), headers=headers, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def everything(deployment):
    """Every row of every table but those of jobs and of the audit."""

    def read() -> dict[str, str]:
        with deployment.engine.connect() as connection:
            return {name: whole for name, whole in connection.execute(text(EVERYWHERE)) if name not in OF_JOBS}

    return read


@pytest.fixture
def previewed(officer, deployment):
    """A preview that is done, and its number."""

    def order(content: bytes, layer: str = "projects", **form) -> tuple[int, dict]:
        files = {"file": ("delivery.geojson", content)}
        ordered = officer.post("/api/imports", files=files, data={"layer": layer, **form})
        assert ordered.status_code == 202, ordered.text
        assert work_once(deployment)
        number = ordered.json()["id"]
        answer = officer.get(f"/api/imports/{number}")
        assert answer.status_code == 200, officer.get(f"/api/jobs/{number}").text
        return number, answer.json()

    return order


@pytest.fixture
def accepted(officer, deployment):
    """The job that loads a preview, once it has ended."""

    def load(number: int, digest: str, *repairs: int) -> dict:
        ordered = officer.post(f"/api/imports/{number}/accept", json={"digest": digest, "repairs": list(repairs)})
        assert ordered.status_code == 202, ordered.text
        assert work_once(deployment)
        return officer.get(ordered.headers["location"]).json()

    return load


def form_of(options: list[str]) -> dict[str, str]:
    return {name.removeprefix("--"): value for name, value in zip(options[::2], options[1::2], strict=True)}


def test_every_layer_of_the_form_is_loaded_by_somebody():
    assert {*REGISTERS, "zones", "constraints"} == set(enumeration("import_layer")) == set(LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_preview_leaves_nothing_and_says_what_is_loaded_then(layer, officer, everything, previewed, accepted):
    options, listed, shape, properties = LAYERS[layer]
    before = everything()
    told = {
        "provider": "水务局",
        "document_number": "甘水〔2026〕1号",
        "received_on": "2026-05-02",
        "classification": "内部",
    }
    number, preview = previewed(geojson((shape, properties)), layer, **form_of(options), **told)
    assert everything() == before
    assert (preview["report"]["features_loaded"], preview["loaded_by"]) == (1, None)
    shown = officer.get(f"/api/imports/{number}/features").json()["features"]
    assert [one["properties"]["state"] for one in shown] == ["loaded"]
    job = accepted(number, preview["digest"])
    assert job["state"] == "done", job
    report = job["result"]["report"]
    assert (report["draft"] is not None) == (layer == "zones")
    assert report | {"draft": None} == preview["report"]
    receipt = officer.get("/api/deliveries").json()["items"][0]
    assert receipt["layers"][0] == listed
    assert (receipt["provider"], receipt["document_number"]) == (told["provider"], told["document_number"])
    assert (receipt["received_on"], receipt["classification"]) == (told["received_on"], "internal")
    assert officer.get(f"/api/imports/{number}").json()["loaded_by"] == job["id"]


def test_of_two_repairs_one_is_accepted_and_the_other_stays_refused(officer, previewed, accepted):
    number, preview = previewed(TWO_BROKEN)
    assert [(one["feature"], one["loads"]) for one in preview["repairs"]] == [(1, True), (2, True)]
    assert preview["refused"] == [1, 2]
    shown = officer.get(f"/api/imports/{number}/features").json()["features"]
    states = [(one["properties"]["feature"], one["properties"]["state"]) for one in shown]
    assert states == [(0, "loaded"), (1, "before"), (1, "after"), (2, "before"), (2, "after")]
    assert shown[2]["properties"]["name"] == SECOND["name"]
    report = accepted(number, preview["digest"], 1)["result"]["report"]
    assert (report["features_read"], report["features_loaded"], report["features_refused"]) == (3, 2, 1)
    assert [one["feature"] for one in report["repairs"]] == [1]
    assert {one["feature"] for one in report["problems"]} == {2}
    stored = {one["name"] for one in officer.get("/api/projects").json()["items"]}
    assert stored == {FIRST["name"], SECOND["name"]}


def test_a_repair_whose_feature_is_refused_all_the_same_says_so(officer, previewed, accepted):
    number, preview = previewed(geojson((SQUARE, FIRST), (BOW_TIE, {"name": "没有类别"})))
    (offered,) = preview["repairs"]
    assert not offered["loads"]
    assert tells(offered["still"], "没有可用的{what}")
    report = accepted(number, preview["digest"], 1)["result"]["report"]
    assert (report["features_loaded"], report["repairs"]) == (1, [])


def test_only_what_was_seen_is_loaded(officer, previewed, accepted, everything):
    number, preview = previewed(geojson((SQUARE, FIRST), (OTHER, SECOND)))
    other, seen_before = previewed(geojson((OTHER, SECOND)))
    before = everything()
    refused = officer.post(f"/api/imports/{number}/accept", json={"digest": seen_before["digest"]})
    assert (refused.status_code, refused.json()["code"]) == (412, "stale")
    strange = officer.post(f"/api/imports/{number}/accept", json={"digest": preview["digest"], "repairs": [0]})
    assert (strange.status_code, strange.json()["code"]) == (422, "no-such-thing")
    assert everything() == before
    assert accepted(number, preview["digest"])["state"] == "done"
    for one, digest, answered in (
        (number, preview["digest"], (409, "ended")),
        (other, seen_before["digest"], (412, "stale")),
    ):
        again = officer.post(f"/api/imports/{one}/accept", json={"digest": digest})
        assert (again.status_code, again.json()["code"]) == answered


def test_what_changed_after_the_order_was_given_is_seen_by_the_job(officer, deployment, previewed, everything):
    """Two orders wait at once; the one that comes second finds the register as it no longer was, and writes nothing."""
    orders = [previewed(geojson((OTHER, SECOND), (TIED, FIRST))) for _ in range(2)]
    asked = [
        officer.post(f"/api/imports/{number}/accept", json={"digest": preview["digest"], "repairs": repairs})
        for (number, preview), repairs in zip(orders, ([], [1]), strict=True)
    ]
    assert [one.status_code for one in asked] == [202, 202]
    assert work_once(deployment)
    after_first = everything()
    assert work_once(deployment)
    jobs = [officer.get(one.headers["location"]).json() for one in asked]
    assert [job["state"] for job in jobs] == ["done", "failed"]
    assert everything() == after_first


def test_nothing_right_is_nothing_to_accept(officer, previewed):
    number, preview = previewed(geojson((SQUARE, {"name": "没有类别"})))
    answer = officer.post(f"/api/imports/{number}/accept", json={"digest": preview["digest"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "unchanged")


def test_a_preview_is_its_officers_alone_and_no_other_job_is_one(deployment, client, previewed):
    number, preview = previewed(geojson((SQUARE, FIRST)))
    app = create_app(deployment, loopback=True)
    add_account(deployment, "li", Role.OFFICER)
    other = browser(app)
    sign_in(other, "li")
    asked = {"digest": preview["digest"]}
    assert other.get(f"/api/imports/{number}").status_code == 404
    assert other.post(f"/api/imports/{number}/accept", json=asked).status_code == 404
    assert client.post(f"/api/imports/{number}/accept", json=asked).status_code == 403
    assert client.get("/imports").status_code == 403


def test_what_an_officer_may_not_edit_is_not_imported_for_it(deployment):
    app = create_app(deployment, loopback=True)
    add_account(deployment, "li", Role.OFFICER, rights=Rights(("flood",)))
    visitor = browser(app)
    sign_in(visitor, "li")
    files = {"file": ("z.geojson", geojson((SQUARE, {"grade": "高"})))}
    form = {"layer": "zones", "product": "hazard"}
    answers = [
        visitor.post("/api/imports", files=files, data=form | {"hazard": hazard}).status_code
        for hazard in ("flood", "geological", "no-such-hazard")
    ]
    assert answers == [202, 403, 422]


def test_a_dispatcher_loads_stations_and_forces_and_nothing_else(deployment, token):
    headers = {"Authorization": f"Bearer {token(Role.DISPATCHER)}"}
    app = create_app(deployment, loopback=True)
    with TestClient(app, headers=headers, raise_server_exceptions=False) as desk:
        page = desk.get("/imports?layer=projects").text
        offered = re.findall(
            r'<option value="([a-z-]+)"', page.partition('id="import-layer"')[2].partition("</select>")[0]
        )
        assert offered == ["stations", "forces"]
        number = 0
        for layer in enumeration("import_layer"):
            files = {"file": ("delivery.geojson", geojson(LAYERS[layer][2:]) if layer in LAYERS else b"{}")}
            answer = desk.post("/api/imports", files=files, data={"layer": layer})
            assert (answer.status_code == 202) == (layer in offered), (layer, answer.text)
            assert layer in offered or answer.json()["code"] == "role"
            number = answer.json()["id"] if layer in offered else number
        while work_once(deployment):
            pass
        seen = desk.get(f"/api/imports/{number}").json()
        assert desk.post(f"/api/imports/{number}/accept", json={"digest": seen["digest"]}).status_code == 202
        assert "/imports?layer=forces" in desk.get("/registers/forces").text
        assert "/imports?layer=" not in desk.get("/registers/facilities").text
    for role in (Role.PLANNER, Role.APPROVER, Role.VIEWER):
        with TestClient(app, headers={"Authorization": f"Bearer {token(role)}"}) as other:
            assert other.get("/imports").status_code == 403
            assert other.post("/api/imports", data={"layer": "forces"}).status_code in (403, 422)


def test_a_state_secret_is_turned_away_at_the_door_and_kept_nowhere(officer, everything, deployment):
    before = everything()
    form = {"layer": "projects", "classification": "秘密"}
    answer = officer.post("/api/imports", files={"file": ("p.geojson", geojson((SQUARE, FIRST)))}, data=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "state-secret")
    assert everything() == before
    assert not work_once(deployment)


def test_surveyed_ground_comes_as_a_file_of_its_own(officer, deployment, accepted):
    form = {"layer": "zones", "hazard": "flood", "product": "hazard", "extent": "file"}
    zones = geojson((OTHER, {"name": "甲", "grade": "高"}))
    alone = officer.post("/api/imports", files={"file": ("a.geojson", zones)}, data=form)
    assert alone.status_code == 422
    whole = {"file": ("a.geojson", zones), "ground": ("a.geojson", geojson((shapely.box(99.7, 39.2, 99.9, 39.4), {})))}
    ordered = officer.post("/api/imports", files=whole, data=form)
    assert ordered.status_code == 202, ordered.text
    assert work_once(deployment)
    preview = officer.get(f"/api/imports/{ordered.json()['id']}").json()
    job = accepted(preview["id"], preview["digest"])
    assert job["state"] == "done", job
    received = [one["layers"] for one in officer.get("/api/deliveries").json()["items"]]
    assert received == [["extent/flood"], ["zones/flood"]]


def test_a_file_that_is_none_fails_with_the_gates_words(officer, deployment):
    ordered = officer.post("/api/imports", files={"file": ("p.geojson", b"no geojson")}, data={"layer": "projects"})
    assert work_once(deployment)
    job = officer.get(ordered.headers["location"]).json()
    assert (job["state"], bool(job["error"])) == ("failed", True)
    assert officer.get(f"/api/imports/{job['id']}").status_code == 409


def test_the_page_holds_every_layer(officer):
    page = officer.get("/imports?layer=stations").text
    assert all(f'value="{layer}"' in page for layer in enumeration("import_layer"))
    assert '<option value="stations" selected>' in page


def test_every_option_the_gate_names_is_a_labelled_field_of_the_page(officer):
    words = [
        node.value
        for path in GATE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[\u4e00-\u9fff]", node.value)
    ]
    named = set(re.findall(r"--([a-z]+(?:-[a-z]+)*)", "".join(ASIDE.sub("", one) for one in words)))
    assert len(named) > 5
    assert named <= set(re.findall(r'<label [^>]*data-option="([^"]+)"', officer.get("/imports").text))
