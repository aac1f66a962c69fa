"""Equipment as a list of its own: it says what the forces' entries say, neither more nor less, and leads back to them."""

from __future__ import annotations

import re

import pytest

from app.platform.principals import Role

FORCE = {
    "name": "祁连村救援队", "kind": "volunteer", "capabilities": ["rescue"], "contact_name": "甲", "contact_phone": "13900000001",
    "geometry": {"type": "Point", "coordinates": [99.8, 39.3]},
}  # fmt: skip
TOOLS = [{"name": "挖掘机", "count": 2}, {"name": "铁锹", "count": 30}, {"name": "<b>泵</b>", "count": 1}]


@pytest.fixture
def dispatcher(role_client):
    return role_client(Role.DISPATCHER)


@pytest.fixture
def role_client(client, token):
    def sign(role):
        client.headers["Authorization"] = f"Bearer {token(role)}"
        return client

    return sign


def entries(client) -> list[tuple[str, str, int]]:
    """Every tool as the forces tell it, read off their entries."""
    forces = client.get("/api/forces?limit=1000").json()["items"]
    return sorted((force["name"], tool["name"], tool["count"]) for force in forces for tool in force["equipment"])


def listed(client, query: str = "") -> list[tuple[str, str, int]]:
    items = client.get(f"/api/equipment?limit=1000{query}").json()["items"]
    return sorted((one["force"], one["name"], one["count"]) for one in items)


def test_the_list_says_what_the_entries_of_the_forces_say(dispatcher):
    for name, tools in (("一队", TOOLS), ("二队", TOOLS[:1]), ("三队", [])):
        assert dispatcher.post("/api/forces", json={**FORCE, "name": name, "equipment": tools}).status_code == 201
    assert listed(dispatcher) == entries(dispatcher) != []
    assert listed(dispatcher, "&kind=挖掘机") == [("一队", "挖掘机", 2), ("二队", "挖掘机", 2)]


def test_what_is_changed_with_the_force_is_changed_in_the_list(dispatcher):
    made = dispatcher.post("/api/forces", json={**FORCE, "equipment": TOOLS})
    changed = dispatcher.patch(
        made.headers["location"], json={"equipment": TOOLS[1:], "state": "off_duty"}, headers={"If-Match": made.headers["etag"]}
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    assert listed(dispatcher) == entries(dispatcher)
    assert {one["state"] for one in dispatcher.get("/api/equipment").json()["items"]} == {"off_duty"}


def test_the_page_finds_a_tool_by_name_and_leads_to_the_form_of_its_force(dispatcher):
    number = dispatcher.post("/api/forces", json={**FORCE, "equipment": TOOLS}).json()["id"]
    page = dispatcher.get("/registers/equipment?q=祁连村 挖掘机").text
    assert page.count('<tr id="row-') == 1
    assert f'href="/forces/{number}/change"' in page
    assert 'href="/forces/new"' not in page
    assert '<option value="铁锹">' in page


def test_what_a_tool_is_called_is_text_and_nothing_else(dispatcher):
    dispatcher.post("/api/forces", json={**FORCE, "equipment": TOOLS})
    assert "<b>泵</b>" not in dispatcher.get("/registers/equipment").text


def test_telephone_numbers_are_for_who_may_call_them(role_client):
    role_client(Role.DISPATCHER).post("/api/forces", json={**FORCE, "equipment": TOOLS})
    seen = role_client(Role.VIEWER).get("/api/equipment").json()["items"][0]["contact_phone"]
    assert re.search(r"\*", seen)
    assert "13900000001" not in role_client(Role.VIEWER).get("/registers/equipment").text
