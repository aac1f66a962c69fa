"""The dispatcher's page: a place is said, who gets there stands beside the map, and the keyboard alone is enough."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark


@pytest.fixture
def desk(page: Page, base_url: str) -> Page:
    assert page.request.post(f"{base_url}/api/session/demo", data={"role": "dispatcher"}).ok
    return page


def rows(page: Page):
    return page.locator("#forces tbody tr")


def test_a_place_is_said_and_a_force_chosen_with_the_keyboard_alone(desk: Page, visit, base_url: str):
    visit("/dispatch")
    desk.keyboard.press("/")
    desk.keyboard.type("南寨子村")
    expect(desk.locator("#search-list [id^=place-]").first).to_be_visible()
    desk.keyboard.press("Enter")
    expect(rows(desk).first).to_be_visible()
    asked = {name: words[0] for name, words in parse_qs(urlsplit(desk.url).query).items()}
    where = {"lon": asked["lon"], "lat": asked["lat"], "k": "9"}
    answer = desk.request.get(f"{base_url}/api/dispatch/nearest", params=where).json()
    names = [one["name"] for one in answer["forces"]]
    shown = rows(desk).evaluate_all("(rows) => rows.map((row) => row.querySelector('th').firstChild.textContent)")
    assert shown == names
    expect(desk.locator("#answer")).to_contain_text(names[0])
    desk.keyboard.press("3")
    expect(rows(desk).nth(2)).to_have_attribute("aria-current", "true")
    expect(desk.locator(".arrival-number.in-hand")).to_have_text("3")
    assert violations(desk) == []
    assert violations_in_the_dark(desk) == []
    desk.keyboard.press("Escape")
    expect(rows(desk)).to_have_count(0)
    assert "lon" not in urlsplit(desk.url).query


def test_an_address_opens_its_incident_on_a_phone_and_a_click_moves_it(desk: Page, visit):
    desk.set_viewport_size(PHONE)
    visit("/dispatch?lon=99.83&lat=39.32&incident=fire&condition=ice&lang=en")
    expect(rows(desk).first).to_be_visible()
    expect(desk.locator("[name=incident]")).to_have_value("fire")
    assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(desk) == []
    before = desk.url
    desk.locator(".leaflet-container").click(position={"x": 60, "y": 260})
    desk.wait_for_url(lambda url: url != before)
    expect(rows(desk).first).to_be_visible()
    assert parse_qs(urlsplit(desk.url).query)["condition"] == ["ice"]


def test_a_road_is_closed_and_lifted_with_the_keyboard_alone_and_the_answer_follows(desk: Page, visit, base_url: str):
    visit("/dispatch?lon=99.83&lat=39.32")
    expect(rows(desk).first).to_be_visible()
    before = rows(desk).all_inner_texts()
    desk.locator(".leaflet-container").focus()
    desk.keyboard.press("c")
    desk.keyboard.press("/")
    lon, lat = desk.request.get(f"{base_url}/api/dispatch/nearest?lon=99.83&lat=39.32").json()["incident"]["walk"][
        "coordinates"
    ][0]
    desk.keyboard.type(f"{lon:.6f}, {lat:.6f}")
    expect(desk.locator("#search-list [id^=place-]").first).to_be_visible()
    desk.keyboard.press("Enter")
    dialog = desk.locator("dialog.closure-dialog")
    expect(dialog).to_be_visible()
    assert violations(desk) == []
    desk.keyboard.type("culvert gone")
    desk.keyboard.press("Tab")
    desk.keyboard.type("village head")
    desk.keyboard.press("Enter")
    listed = desk.locator("#closures li")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("culvert gone")
    expect(desk.locator(".closed-road")).to_have_count(1)
    (closure,) = desk.request.get(f"{base_url}/api/closures", params={"state": "active"}).json()["items"]
    assert closure["road_m"] > 0
    assert violations(desk) == []
    assert violations_in_the_dark(desk) == []
    listed.locator("button").last.focus()
    desk.keyboard.press("Enter")
    expect(listed).to_have_count(0)
    expect(rows(desk).first.locator("th")).to_contain_text(before[0].split("\n")[0].split("\t")[1])
    expect(desk.locator("#forces .beyond-reach")).to_have_count(0)
    assert rows(desk).all_inner_texts() == before


def test_faults_of_the_network_are_listed_and_each_leads_to_its_place(desk: Page, visit, base_url: str):
    visit("/dispatch/roads?lang=en")
    answer = desk.request.get(f"{base_url}/api/roads/connectivity").json()
    faults = desk.locator(".fault")
    expect(faults).to_have_count(len(answer["features"]))
    assert answer["features"], "the township has none to look at"
    expect(desk.locator("path.fault-mark")).to_have_count(len(answer["features"]))
    assert violations(desk) == []
    assert violations_in_the_dark(desk) == []
    faults.first.focus()
    desk.keyboard.press("Enter")
    expect(faults.first).to_have_attribute("aria-pressed", "true")
    expect(desk.locator("path.fault-mark.in-hand")).to_have_count(1)
    desk.set_viewport_size(PHONE)
    assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def place(desk: Page):
    desk.keyboard.press("/")
    desk.keyboard.type("南寨子村")
    expect(desk.locator("#search-list [id^=place-]").first).to_be_visible()
    desk.keyboard.press("Enter")
    expect(rows(desk).first).to_be_visible()


def test_a_call_is_taken_and_forces_led_with_the_keyboard_alone_and_another_desk_sees_it(
    desk: Page, visit, base_url: str, browser
):
    visit("/dispatch")
    place(desk)
    desk.keyboard.press("n")
    expect(desk.locator("dialog.case-dialog")).to_be_visible()
    assert violations(desk) == []
    desk.keyboard.type("haystack on fire")
    desk.keyboard.press("Tab")
    desk.keyboard.type("villager")
    desk.keyboard.press("Enter")
    expect(desk.locator("#case h2")).to_be_visible()
    expect(rows(desk).first).to_be_visible()
    number = int(parse_qs(urlsplit(desk.url).query)["case"][0])
    name = desk.locator("#forces tbody tr th").first.evaluate("(cell) => cell.firstChild.textContent")
    desk.keyboard.press("a")
    listed = desk.locator("#case-forces > li")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text(name)
    expect(desk.locator("#forces tbody")).not_to_contain_text(name)
    for key, state in (("e", "answered"), ("g", "under_way")):
        desk.keyboard.press(key)
        expect(listed.locator(f"[data-act$={state}]")).to_have_count(0)
    desk.keyboard.press("u")
    expect(listed.locator("[data-act$=under_way]")).to_have_count(1)
    (held,) = desk.request.get(f"{base_url}/api/incidents/{number}").json()["assignments"]
    assert held["state"] == "answered"
    assert violations(desk) == []
    assert violations_in_the_dark(desk) == []
    other = browser.new_context().new_page()
    assert other.request.post(f"{base_url}/api/session/demo", data={"role": "dispatcher"}).ok
    other.goto(f"{base_url}/dispatch?case={number}")
    seen = other.locator("#case-forces > li")
    expect(seen.locator("[data-act$=on_scene]")).to_have_count(1)
    desk.keyboard.press("d")
    expect(seen.locator("[data-act$=on_scene]")).to_have_count(0)
    other.context.close()
    desk.keyboard.press("r")
    expect(desk.locator("dialog textarea")).to_have_value(re.compile("haystack on fire"))
    assert violations(desk) == []
    desk.keyboard.press("Escape")


def test_the_set_that_meets_the_run_card_is_chosen_by_one_key_and_set_in_motion_by_another(
    desk: Page, visit, base_url: str
):
    visit("/dispatch?incident=fire&lang=en")
    desk.locator("[name=level]").select_option("third")
    place(desk)
    listed = desk.locator(".calling-set li")
    expect(listed.first).to_be_visible()
    where = {name: words[0] for name, words in parse_qs(urlsplit(desk.url).query).items() if name in ("lon", "lat")}
    asked = {**where, "incident": "fire", "level": "third"}
    told = desk.request.get(f"{base_url}/api/dispatch/nearest", params=asked).json()["incident"]
    names = [one["name"] for one in told["together"]["forces"]]
    assert len(names) > 1
    assert listed.locator("b").all_inner_texts() == names
    expect(desk.locator("#run-card .called-for li")).to_have_count(len(told["run_card"]))
    assert violations(desk) == []
    assert violations_in_the_dark(desk) == []
    desk.keyboard.press("n")
    expect(desk.locator("dialog.case-dialog")).to_be_visible()
    desk.keyboard.type("barn on fire")
    desk.keyboard.press("Tab")
    desk.keyboard.type("villager")
    desk.keyboard.press("Enter")
    expect(desk.locator("#case h2")).to_be_visible()
    expect(listed).to_have_count(len(names))
    number = int(parse_qs(urlsplit(desk.url).query)["case"][0])
    desk.keyboard.press("s")
    expect(desk.locator("#toast")).to_contain_text(names[-1])
    expect(desk.locator(".calling-set li[aria-current]")).to_have_count(len(names))
    kept = desk.request.get(f"{base_url}/api/incidents/{number}").json()
    assert (kept["rescue_level"], kept["level"], kept["assignments"]) == ("third", None, [])
    desk.keyboard.press("a")
    expect(desk.locator("#case-forces > li")).to_have_count(len(names))
    expect(desk.locator("#run-card .called-for .is-short")).to_have_count(len(told["together"]["lacking"]))
    expect(listed).to_have_count(0)
    sent = desk.request.get(f"{base_url}/api/incidents/{number}").json()["assignments"]
    assert [(one["name"], one["state"]) for one in sent] == [(name, "notified") for name in names]
    assert violations(desk) == []
    for left in reversed(range(len(names))):
        desk.keyboard.press("b")
        expect(desk.locator("#case-forces [data-act$=recalled]")).to_have_count(left)
        desk.keyboard.press("k")


def test_with_the_service_away_the_answer_stays_with_its_age_and_the_page_comes_back(desk: Page, visit):
    visit("/dispatch?lon=99.83&lat=39.32")
    expect(rows(desk).first).to_be_visible()
    before = rows(desk).all_inner_texts()
    first = desk.locator("#forces .minutes").first.inner_text()
    desk.expected_errors = ("ERR_INTERNET_DISCONNECTED",)
    desk.context.set_offline(offline=True)
    expect(desk.locator("#desk-away")).not_to_be_empty()
    desk.locator("[name=condition]").select_option("ice")
    expect(desk.locator("#answer")).to_have_class(re.compile("trouble"))
    assert rows(desk).all_inner_texts() == before
    desk.context.set_offline(offline=False)
    expect(desk.locator("#desk-away")).to_be_empty(timeout=15_000)
    expect(desk.locator("#answer")).not_to_have_class(re.compile("trouble"))
    expect(desk.locator("#forces .minutes").first).not_to_have_text(first)


def test_a_position_of_a_telephone_is_converted_by_one_key_and_marked(desk: Page, visit):
    visit("/dispatch")
    desk.locator(".leaflet-container").focus()
    desk.keyboard.press("x")
    desk.keyboard.press("/")
    desk.keyboard.type("99.801455870, 39.330675691")
    expect(desk.locator("#search-list [id^=place-]").first).to_be_visible()
    desk.keyboard.press("Enter")
    expect(desk.locator(".converted")).to_be_visible()
    asked = parse_qs(urlsplit(desk.url).query)
    assert (float(asked["lon"][0]), float(asked["lat"][0])) == pytest.approx((99.80, 39.33), abs=2e-6)
    assert asked["converted"] == ["gcj02"]
    expect(desk.locator("[name=system]")).to_have_value("")
