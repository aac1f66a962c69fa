"""Forms of registers: made of what the API refuses by, opened by those who may write, their writes seen by those who change."""

import json
import re

import pytest
from fastapi.testclient import TestClient

from app.enterprises.schemas import EnterpriseChange, NewEnterprise, NewInspection
from app.hidden_dangers.schemas import DangerChange, NewDanger, StepTaken
from app.http.forms import fields_of
from app.main import create_app
from app.platform.principals import Role
from app.registers.entry_schemas import (
    FacilityChange,
    ForceChange,
    NewFacility,
    NewForce,
    NewStation,
    StationChange,
)
from app.siting.schemas import NewProject, StoredProjectChange
from tests.app.test_enterprises import DANGER, HERE, NEW

MODELS = {
    EnterpriseChange: "", NewEnterprise: "", NewInspection: "", NewFacility: "", FacilityChange: "", NewProject: "",
    StoredProjectChange: "", NewDanger: "danger", DangerChange: "danger", NewStation: "", StationChange: "", NewForce: "",
    ForceChange: "",
}  # fmt: skip
LISTS = {"risk_points", "inventory", "unknown_capabilities"}
SCHOOL = {"name": "镇小学", "kind": "school", "geometry": HERE, "capacity": 300, "contact_phone": "13800000000"}
SPOT = {"type": "Point", "coordinates": [99.801, 39.331]}
STATION = {"name": "一村服务站", "kind": "village", "geometry": SPOT, "provisions": ["staff", "premises"], "crew": 6}
FORCE = {
    "name": "一村应急队",
    "kind": "township",
    "geometry": SPOT,
    "capabilities": ["pump"],
    "crew": 8,
    "equipment": [{"name": "手抬泵", "count": 2}],
}
SHED = {"name": "农机库", "project_class": "K6", "geometry": HERE}


@pytest.fixture
def as_(deployment, token):
    """A client of any role."""
    app = create_app(deployment, loopback=False)
    return lambda role: TestClient(
        app, headers={"Authorization": f"Bearer {token(role)}"}, raise_server_exceptions=False
    )


@pytest.mark.parametrize(("model", "register"), MODELS.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_form_has_every_field_of_its_request_and_their_limits(model, register):
    fields = {one.name: one for one in fields_of(model, register)}
    assert set(fields) == set(model.model_fields) - LISTS - {"crs"}
    schema = model.model_json_schema()
    assert {name for name, one in fields.items() if one.required} == set(schema.get("required", ()))
    for name, one in fields.items():
        told = [schema["properties"][name], *schema["properties"][name].get("anyOf", [])]
        for limit, member in ((one.least, "minimum"), (one.most, "maximum"), (one.length, "maxLength")):
            assert limit == next((part[member] for part in told if member in part), None)
        assert str(one.title)
        assert not re.search(r"[\u4e00-\u9fff]", one.title.told("en", str))


def test_the_fields_of_a_step_are_what_it_asks_for():
    fields = {one.name: one for one in fields_of(StepTaken, "step", only=("comment", "moment", "closed_on"))}
    assert {name: one.kind for name, one in fields.items()} == {
        "comment": "long",
        "closed_on": "date",
        "moment": "moment",
    }


PAGES = {
    "/enterprises/new": Role.OFFICER,
    "/enterprises/{plant}/change": Role.OFFICER,
    "/enterprises/{plant}/inspect": Role.OFFICER,
    "/hidden-dangers/new": Role.OFFICER,
    "/hidden-dangers/{danger}/change": Role.OFFICER,
    "/hidden-dangers/{danger}": Role.OFFICER,
    "/facilities/new": Role.OFFICER,
    "/facilities/{school}/change": Role.OFFICER,
    "/stations/new": Role.DISPATCHER,
    "/stations/{station}/change": Role.DISPATCHER,
    "/forces/new": Role.DISPATCHER,
    "/forces/{force}/change": Role.DISPATCHER,
    "/projects/new": Role.PLANNER,
    "/projects/{shed}/change": Role.PLANNER,
}


def test_every_form_is_labelled_knows_what_it_changes_and_is_opened_by_its_role_alone(as_):
    desks = {role: as_(role) for role in (Role.OFFICER, Role.PLANNER, Role.DISPATCHER)}
    officer, planner, viewer = desks[Role.OFFICER], desks[Role.PLANNER], as_(Role.VIEWER)
    made = {
        "plant": officer.post("/api/enterprises", json=NEW),
        "danger": officer.post("/api/hidden-dangers", json={**DANGER, "geometry": HERE, "clause": '"<b>x'}),
        "school": officer.post("/api/facilities", json=SCHOOL),
        "shed": planner.post("/api/projects", json=SHED),
        "station": desks[Role.DISPATCHER].post("/api/stations", json=STATION),
        "force": desks[Role.DISPATCHER].post("/api/forces", json=FORCE),
    }
    numbers = {name: answer.json()["id"] for name, answer in made.items()}
    for template, role in PAGES.items():
        address = template.format(**numbers)
        page = desks[role].get(address)
        assert page.status_code == 200, (address, page.text[:300])
        assert "no-store" in page.headers["cache-control"]
        assert "<b>x" not in page.text
        named = set(re.findall(r'<label for="([^"]+)"', page.text))
        forms = re.findall(r'class="register-form".*?</form>', page.text, re.DOTALL)
        controls = re.findall(r"<(?:input|select|textarea)([^>]*)>", "".join(forms))
        ids = [re.search(r'id="([^"]+)"', one) for one in controls if "checkbox" not in one]
        assert {found[1] for found in ids if found} <= named, address
        if template.endswith("/change"):
            key = template.split("{")[1].split("}")[0]
            told = json.loads(
                re.search(r'data-form="([^"]*)"', page.text)[1].replace("&#34;", '"').replace("&amp;", "&")
            )
            assert told["etag"] == made[key].headers["etag"]
        if address != f"/hidden-dangers/{numbers['danger']}":
            assert viewer.get(address).status_code == 403


@pytest.mark.parametrize(
    ("register", "role", "new", "change", "emptied"),
    [
        ("facilities", Role.OFFICER, SCHOOL, {"name": "镇中心小学"}, "capacity"),
        ("stations", Role.DISPATCHER, STATION, {"name": "二村服务站"}, "crew"),
        ("forces", Role.DISPATCHER, FORCE, {"name": "二村应急队"}, "crew"),
        ("projects", Role.PLANNER, {**SHED, "seismic_class": "丁"}, {"name": "大棚"}, "seismic_class"),
        ("enterprises", Role.OFFICER, {**NEW, "staff": 5}, {"name": "新厂"}, "staff"),
    ],
)
def test_what_is_changed_is_the_state_that_was_seen_and_nothing_else(as_, register, role, new, change, emptied):
    client = as_(role)
    made = client.post(f"/api/{register}", json=new)
    assert made.status_code == 201, made.text
    address, tag = made.headers["location"], {"If-Match": made.headers["etag"]}
    assert client.patch(address, json=change).status_code == 428
    changed = client.patch(address, json={**change, emptied: None}, headers=tag)
    assert changed.status_code == 200, changed.text
    assert changed.json()[emptied] is None
    assert changed.json()["name"] == change["name"]
    assert client.patch(address, json=change, headers=tag).status_code == 412
    kept = client.patch(address, json={"name": None}, headers={"If-Match": changed.headers["etag"]})
    assert kept.json()["name"] == change["name"]
    assert client.get(address).headers["etag"] == kept.headers["etag"]
    assert client.patch(f"/api/{register}/999999", json=change, headers={"If-Match": "*"}).status_code == 404
    assert as_(Role.VIEWER).post(f"/api/{register}", json=new).status_code == 403


@pytest.mark.parametrize(
    ("register", "role", "wrong", "field"),
    [
        ("facilities", Role.OFFICER, {**SCHOOL, "kind": "castle"}, "kind"),
        ("facilities", Role.OFFICER, {**SCHOOL, "capacity": -1}, "capacity"),
        ("facilities", Role.OFFICER, {**SCHOOL, "shelter_term": "for ever"}, "shelter_term"),
        ("stations", Role.DISPATCHER, {**STATION, "provisions": ["castle"]}, "provisions"),
        ("forces", Role.DISPATCHER, {**FORCE, "capabilities": ["castle"]}, "capabilities"),
        ("forces", Role.DISPATCHER, {**FORCE, "equipment": [{"name": "泵", "count": None}]}, "equipment"),
        ("forces", Role.DISPATCHER, {**FORCE, "turnout_s": -1}, "turnout_s"),
        ("projects", Role.PLANNER, {**SHED, "building_type": "castle"}, "building_type"),
        ("projects", Role.PLANNER, {**SHED, "project_class": "K9"}, "project_class"),
        ("projects", Role.PLANNER, {**SHED, "geometry": None}, "geometry"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(as_, register, role, wrong, field):
    client = as_(role)
    told = client.post(f"/api/{register}", json=wrong)
    assert told.status_code == 422, told.text
    assert field in [part for one in told.json()["errors"] for part in one["field"].split(".")]
    assert client.get(f"/api/{register}").json()["total"] == 0
