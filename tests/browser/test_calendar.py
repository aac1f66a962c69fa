"""An administrator sees the calendar and starts an entry by hand: in a real browser, without a mouse, in both languages."""

import re
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.app.visitors import PASSWORD
from tests.browser.test_accessibility import violations, violations_in_the_dark
from tests.running import ANZHI


@pytest.fixture
def admin(page: Page, town) -> Page:
    added = [
        str(ANZHI),
        "user",
        "add",
        "keeper",
        "--role",
        "admin",
        "--password-stdin",
        "--data-dir",
        str(town.data_dir),
    ]
    subprocess.run(added, input=PASSWORD, text=True, check=True, capture_output=True)
    page.goto("/sign-in?next=/calendar")
    page.fill("[name=username]", "keeper")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    return page


def test_an_entry_is_started_by_hand(admin: Page):
    row = admin.locator("#entry-verify")
    expect(row.locator("td").nth(2)).to_have_text(re.compile(r"\d{4}-\d{2}-\d{2} 04:30"))
    row.get_by_role("button").focus()
    admin.keyboard.press("Enter")
    expect(row.locator("td").nth(1)).to_contain_text(re.compile("排队|执行中|完成"))
    assert violations(admin) == []
    admin.goto("/calendar?lang=en")
    expect(admin.get_by_role("button", name="Run now verify every seal")).to_be_visible()
    assert violations_in_the_dark(admin) == []
