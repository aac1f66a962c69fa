"""The page of coverage: its figures are those of the API, every view is reached and walked with the keyboard alone."""

from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations, violations_in_the_dark


def test_every_view_is_walked_with_the_keyboard_and_says_what_the_service_answers(page: Page, visit, base_url: str):
    visit("/maps/coverage?standard=district")
    told = page.request.get(f"{base_url}/api/coverage?standard=district").json()["summary"][0]["people"]
    expect(page.locator("#coverage-table tbody tr").first).to_contain_text(f"{told['covered']:,}")
    page.locator("#tab-counts").focus()
    for view, rows in (
        ("gaps", "/api/coverage/gaps?within=5"),
        ("moves", None),
        ("sites", None),
        ("losses", "/api/coverage/losses?within=5"),
        ("shelters", "/api/shelters/allocation"),
    ):
        page.keyboard.press("ArrowRight")
        shown = page.locator(f"#view-{view}")
        expect(shown).to_be_visible()
        if rows is not None:
            answer = page.request.get(f"{base_url}{rows}").json()
            listed = answer[view]
            expect(shown.locator("tbody tr")).to_have_count(len(listed))
            expect(page.locator(".mark-number")).to_have_count(len(listed))
        assert violations(page, "tbody tr") == []
    shown.locator(".arrival-number").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".mark-number.in-hand")).to_have_text("1")
    assert violations_in_the_dark(page, "tbody tr") == []


def test_a_station_is_tried_with_the_keyboard_and_the_plan_is_proven(page: Page, visit):
    visit("/maps/coverage?standard=district&lang=en#sites")
    shown = page.locator("#view-sites")
    expect(shown.locator(".answer")).to_contain_text("Proven")
    before = shown.locator("tbody tr").count()
    page.locator(".leaflet-container").focus()
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    expect(shown.locator("tbody tr")).to_have_count(before + 1)
    expect(page.locator(".mark-number.tried")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator("#forget-trials").click()
    expect(shown.locator("tbody tr")).to_have_count(before)
