"""An edition carried by disc, on its page: an approver takes it out, an officer hands it in and compares; an altered one is named."""

from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_accessibility import PHONE, violations, violations_in_the_dark
from tests.browser.test_rulebook import sign_in


def taken_out(browser: Browser, base_url: str, folder: Path) -> Path:
    """The edition in force as an approver takes it out."""
    context = browser.new_context(base_url=base_url, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    sign_in(page, "approver")
    page.goto("/zones/packages")
    with page.expect_download() as download:
        page.locator("a[href$='/package']").first.click()
    kept = folder / "edition.zip"
    download.value.save_as(kept)
    context.close()
    return kept


def hand_in(page: Page, file: Path) -> None:
    page.locator("#package-file").set_input_files(file)
    page.locator("#package-form button[type=submit]").press("Enter")


def altered(file: Path, folder: Path) -> Path:
    """The same with one byte of its middle turned."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    other = folder / "altered.zip"
    other.write_bytes(content)
    return other


def test_an_edition_goes_out_and_is_compared_where_it_is_handed_in(page, browser, base_url, tmp_path):
    kept = taken_out(browser, base_url, tmp_path)
    (newest,) = httpx.get(f"{base_url}/api/editions", params={"limit": 1}, timeout=60).json()["items"]
    sign_in(page, "officer")
    page.goto("/zones/packages")
    assert page.locator("a[href$='/package']").count() == 0, "an officer takes none out"
    hand_in(page, kept)
    told = page.locator("#package-told")
    expect(told.locator("code").first).to_have_text(newest["fingerprint"])
    expect(told).to_contain_text(page.locator("#own-key").inner_text())
    expect(page.locator("#package-apply")).to_be_hidden()
    assert violations(page) == []
    assert violations_in_the_dark(page) == []
    page.set_viewport_size(PHONE)
    cells = page.locator(".packages td .fingerprint").evaluate_all(
        "(all) => all.filter((one) => one.getBoundingClientRect().right > one.closest('tr').getBoundingClientRect().right).length"
    )
    assert cells == 0, "a fingerprint stays within its card"
    page.expected_errors = ("422", "400")
    hand_in(page, altered(kept, tmp_path))
    expect(told.locator(".trouble")).to_be_visible()
    assert told.locator("code").count() == 0, "nothing of the one before is left"
    expect(page.locator("#package-apply")).to_be_hidden()
