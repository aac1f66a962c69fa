"""An officer drops a file, goes to its problem, accepts one repair of two, and what is loaded is what was counted."""

import base64
import json

import shapely
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import violations

WHOLE = shapely.box(99.800, 39.330, 99.804, 39.333)
KNOT = [(0, 0), (0.004, 0.004), (0.004, 0), (0, 0.004)]
BOWS = [shapely.Polygon([(99.810 + x, south + y) for x, y in KNOT]) for south in (39.330, 39.340)]
FAR_APART_DEGREES = 0.002
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const dropped = new DataTransfer();
  dropped.items.add(new File([bytes], name));
  document.getElementById("import-drop").dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


def delivery() -> str:
    rows = [(WHOLE, "甲", "高"), (BOWS[0], "乙", "中"), (BOWS[1], "丙", "中"), (shapely.Point(99.8, 39.33), "丁", "高")]
    features = [
        {"type": "Feature", "properties": {"name": name, "grade": grade}, "geometry": shape.__geo_interface__}
        for shape, name, grade in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def centre(page: Page) -> tuple[float, float]:
    lon, lat = page.evaluate("() => [window.map.getCenter().lng, window.map.getCenter().lat]")
    return lon, lat


def test_a_file_is_dropped_its_problem_seen_one_repair_accepted_and_the_rest_loaded(page: Page, visit):
    page.goto("/sign-in?next=/about")
    page.locator("button[value=officer]").first.click()
    page.wait_for_url("**/about")
    visit("/imports?layer=zones&hazard=flood")
    symbols = page.locator(".map > .key [data-symbol^=import]:visible")
    expect(symbols).to_have_count(0)
    page.evaluate(DROP, ["洪水.geojson", base64.b64encode(delivery().encode()).decode()])
    expect(page.locator("#import-name")).to_have_text("洪水.geojson")
    page.locator("#import-form summary", has_text="来历与密级").click()
    page.get_by_label("提供单位").fill("水务局")
    page.get_by_role("button", name="预览").click()
    expect(page.locator("#import-preview .import-counts")).to_contain_text("4")
    counts = page.locator("#import-preview .import-counts b")
    expect(counts).to_have_text(["4", "1", "0", "3"])
    expect(page.locator("#import-table tbody tr")).to_have_count(4)
    expect(page.locator("#import-table")).not_to_contain_text("flood")
    expect(page.locator(".import-problems")).not_to_contain_text("--")
    expect(symbols).to_have_count(4)
    page.locator(".import-problems button", has_text="#2").first.click()
    lon, lat = centre(page)
    assert abs(lon - 99.812) < FAR_APART_DEGREES
    assert abs(lat - 39.342) < FAR_APART_DEGREES
    page.locator("#repair-1").check()
    expect(counts).to_have_text(["4", "1", "1", "2"])
    expect(page.locator("#repair-1")).to_be_focused()
    expect(page.locator("[data-feature='1'] td").nth(1)).to_have_class("is-after")
    page.reload()
    page.wait_for_function("() => window.READY === 1")
    expect(counts).to_have_text(["4", "1", "0", "3"])
    page.locator("#repair-1").check()
    assert violations(page) == []
    page.get_by_role("button", name="载入 2 个为草稿").click()
    expect(page.locator("#import-loaded")).to_contain_text("草稿")
    newest = page.evaluate("async () => (await (await fetch('/api/deliveries?limit=1')).json()).items[0]")
    assert (newest["features_read"], newest["features_loaded"], newest["features_refused"]) == (4, 2, 2)
    assert (newest["layers"], newest["provider"], newest["edition"]) == (["zones/flood"], "水务局", None)
    assert newest["draft"] is not None
