"""Maps ask no outside host, say every grade in colour, pattern and numeral, and never believe what users typed."""

import base64
import json
import re
import struct
import zlib
from io import BytesIO

import folium
import folium.plugins
import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image, ImageFile
from shapely.geometry import LineString, box

from app.http.static_files import asset
from app.http.templates import templates
from app.maps.assets import LOCAL_ASSETS, OutsideAsset, outside_assets
from app.maps.embedding import Module, TownMap, embed
from app.maps.hazard_map import HazardMapView, draw_hazard_map
from app.maps.legend import Legend, legend_of
from app.maps.modules import flatten_modules, modules_of
from app.maps.panel import layer_panel
from app.maps.relief_picture import inlined_relief
from app.maps.siting_map import SitingMapView, draw_siting_map
from app.maps.standalone import STATIC, StandaloneView, draw_standalone, slim_geojson
from gis_layers.raster import write_png
from risk_model.rulebook import load_rulebook
from tests.saying import tells

BOUNDS = (99.7, 39.2, 99.9, 39.4)
HOST = re.compile(r"https?://(?!www\.w3\.org/)")
LOADS_A_FILE = re.compile(r"""(?:src|href)\s*=\s*["'](?!#)|url\((?!#|["']?data:)|@import""")
WICKED = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def legend() -> Legend:
    return legend_of(load_rulebook())


def town(**changes: object) -> dict:
    layer = {
        "hazard": "composite",
        "hazard_name": "普查综合风险区划",
        "product": "zoning_risk",
        "grade_scheme": "comp5",
        "grades": [{"rank": 2, "name": "中高", "count": 1, "area_m2": 4e6}],
        "count": 1,
        "unsurveyed_share": 0.25,
        "ungraded_share": 0.5,
    }
    fault = {
        **layer,
        "hazard": "fault",
        "hazard_name": "活动断层",
        "product": "hazard",
        "grade_scheme": None,
        "grades": [],
    }
    return {
        "edition": {"number": 7, "published_at": "2026-11-20T09:00:00+08:00", "fingerprint": "ed" * 32},
        "rulebook": {"version": "2026.1", "fingerprint": "0123456789abcdef" * 4},
        "synthetic": True,
        "township": "示范镇",
        "approval_number": None,
        "data_date": "2024-08-08",
        "layers": [layer, fault],
        **changes,
    }


def standalone(legend: Legend, *, language: str = "zh", **changes: object) -> str:
    zones = gpd.GeoDataFrame(
        {
            "zone": ["1", "2"],
            "hazard": ["composite", "fault"],
            "product": ["zoning_risk", "hazard"],
            "grade": ["中高", None],
            "grade_rank": [2, None],
            "grade_scheme": ["comp5", None],
            "name": [WICKED, "F1"],
        },
        geometry=[box(99.75, 39.25, 99.80, 39.30), LineString([(99.70, 39.30), (99.90, 39.31)])],
        crs=4490,
    )
    boundary = gpd.GeoDataFrame({"name": ["示范镇"]}, geometry=[box(*BOUNDS)], crs=4490)
    layers = {"zones": zones, "boundary": boundary}
    return draw_standalone(StandaloneView(legend, town(**changes), BOUNDS, layers, language))


def block(document: str, name: str) -> dict:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', document, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_folium_classes_we_use_have_no_asset_from_outside():
    assert outside_assets(TownMap) == []
    assert outside_assets(folium.Map) == []
    assert [name for name, _ in TownMap.default_js + TownMap.default_css] == list(LOCAL_ASSETS)


def test_every_local_asset_is_vendored():
    for address in LOCAL_ASSETS.values():
        assert (STATIC / address.removeprefix("/static/").partition("?")[0]).is_file(), (
            "run: cd static && npm ci && node vendor.mjs"
        )


def test_a_map_with_an_unmapped_plugin_is_refused():
    drawn = TownMap("hazards", BOUNDS)
    folium.plugins.HeatMap([[39.3, 99.8]]).add_to(drawn)
    with pytest.raises(OutsideAsset):
        embed(drawn)


def test_live_maps_ask_no_outside_host_and_bring_no_tiles(legend):
    hazard = draw_hazard_map(HazardMapView(legend, town(), BOUNDS))
    siting = draw_siting_map(SitingMapView(legend, BOUNDS))
    for drawn in (hazard, siting):
        assert not HOST.search(drawn.header + drawn.html + drawn.script)
        assert "tileLayer" not in drawn.script
        assert re.findall(r'(?:src|rel="stylesheet" href)="([^"]+)"', drawn.header) == list(LOCAL_ASSETS.values())
        assert "<style" not in drawn.header


def test_a_map_is_drawn_the_same_every_time(legend):
    view = HazardMapView(legend, town(), BOUNDS)
    assert draw_hazard_map(view) == draw_hazard_map(view)


def test_the_script_hands_the_key_to_the_page_module(legend):
    script = draw_hazard_map(HazardMapView(legend, town(), BOUNDS)).script
    assert f'import("{asset("js/pages/overview.js")}")' in script
    assert "module.attach(map_hazards, " in script
    assert (STATIC / "js/pages/overview.js").is_file()
    assert (STATIC / "js/pages/siting.js").is_file()


def test_options_cannot_close_the_script():
    drawn = TownMap("hazards", BOUNDS)
    drawn.add_child(Module("js/pages/overview.js", {"name": f"</script>{WICKED}"}))
    assert "</script" not in embed(drawn).script


def test_every_rank_of_every_scheme_has_colour_pattern_and_numeral(legend):
    drawn = templates.get_template("_patterns.svg").render(legend=legend)
    for scheme in {entry.scheme for entry in legend.grades}:
        ranks = legend.of_scheme(scheme)
        assert [entry.rank for entry in ranks] == list(range(1, len(ranks) + 1))
        assert len({entry.numeral for entry in ranks}) == len(ranks)
        assert len({entry.colour for entry in ranks}) == len(ranks)
        fills = [
            re.search(rf'<pattern id="grade-{scheme}-{entry.rank}".*?</pattern>', drawn, re.DOTALL)[0]
            for entry in ranks
        ]
        for entry, fill in zip(ranks, fills, strict=True):
            assert f'fill="{entry.colour}" fill-opacity="{entry.fill_opacity}"' in fill
        shapes = [re.sub(r'(?:id|fill|stroke)="[^"]*"|fill-opacity="[^"]*"', "", fill) for fill in fills]
        assert len(set(shapes)) == len(ranks), f"two ranks of {scheme} look alike without colour"


def test_every_hazard_has_a_sign_of_its_own(legend):
    drawn = templates.get_template("_patterns.svg").render(legend=legend)
    fallback = 'd="M4 2v4M2 4h4M12 10v4M10 12h4"'
    for entry in legend.hazards:
        fill = re.search(rf'<pattern id="hazard-{entry.hazard}".*?</pattern>', drawn, re.DOTALL)[0]
        assert entry.colour in fill
        assert entry.symbol == "fault-teeth" or fallback not in fill


def test_unsurveyed_ground_is_never_drawn_in_a_grade_colour(legend):
    drawn = templates.get_template("_patterns.svg").render(legend=legend)
    hatch = re.search(r'<pattern id="unsurveyed".*?</pattern>', drawn, re.DOTALL)[0]
    assert not any(entry.colour in hatch for entry in legend.grades)


def test_ink_is_darker_than_its_grade(legend):
    for entry in legend.grades:
        assert re.fullmatch(r"#[0-9a-f]{6}", entry.ink)
        assert int(entry.ink[1:3], 16) <= int(entry.colour[1:3], 16)


def test_the_standalone_file_loads_nothing_and_names_no_host(legend):
    document = standalone(legend)
    assert not HOST.search(document)
    markup = re.sub(r"<script.*?</script>", "", document, flags=re.DOTALL)
    assert not LOADS_A_FILE.search(markup)
    assert "<script src" not in document
    assert "default-src 'none'" in document


def test_the_standalone_file_carries_the_data(legend):
    layers = block(standalone(legend), "anzhi-layers")
    zone, fault = layers["zones"]["features"]
    assert zone["properties"]["grade_rank"] == 2
    assert zone["geometry"]["type"] == "Polygon"
    assert "grade" not in fault["properties"]
    assert fault["geometry"]["type"] == "LineString"
    assert layers["boundary"]["features"][0]["properties"]["name"] == "示范镇"


def test_the_standalone_file_says_what_it_is_and_is_not(legend):
    document = standalone(legend)
    for words in (
        "灾害区划图",
        "演示数据(合成)",
        "数据日期 2024-08-08",
        "第 7 版区划",
        "2026.1",
        "0123456789ab",
        "筛查意见，不替代法定评估",
        "审图号：待填",
    ):
        assert words in document
    assert not tells(
        re.sub(r"<script.*?</script>", "", standalone(legend, synthetic=False), flags=re.DOTALL), "演示数据(合成)"
    )
    assert "GS(2026)1" in standalone(legend, approval_number="GS(2026)1")


def test_the_standalone_file_speaks_english_when_asked(legend):
    document = standalone(legend, language="en")
    assert '<html lang="en">' in document
    assert "Hazard zoning map" in document
    assert "Medium-high" in document


def test_a_wicked_name_never_becomes_markup(legend):
    document = standalone(legend, township=WICKED)
    assert WICKED not in document
    assert block(document, "anzhi-layers")["zones"]["features"][0]["properties"]["name"] == WICKED
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in document


def test_page_scripts_put_text_in_as_text():
    # innerHTML is set from nothing but the page's own first key; everything else goes through textContent.
    for path in (STATIC / "js").rglob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(r"insertAdjacentHTML|document\.write|outerHTML\s*=|\beval\(|new Function", text), path
        for line in re.findall(r".*innerHTML\s*=(?!=).*", text):
            assert "this.firstKey" in line, (path, line)


def test_modules_are_flattened_dependencies_first_with_no_name_twice():
    entry = STATIC / "js/pages/standalone.js"
    ordered = modules_of(entry)
    assert ordered[-1] == entry.resolve()
    assert len(ordered) == len(set(ordered))
    flat = flatten_modules(entry)
    assert not re.search(r"^\s*(?:import|export)\b", flat, re.MULTILINE)
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", flat, re.MULTILINE)
    assert sorted(names) == sorted(set(names))
    assert "</script" not in flat


def test_slim_geojson_stays_within_a_metre_or_two():
    wavy = LineString([(99.70 + i * 1e-4, 39.30 + (i % 2) * 1e-6) for i in range(400)])
    frame = gpd.GeoDataFrame({"name": ["x"]}, geometry=[wavy], crs=4490)
    (feature,) = json.loads(slim_geojson(frame))["features"]
    drawn = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert len(drawn.coords) < 10
    assert shapely.hausdorff_distance(drawn, wavy) < 2e-5


def test_the_panel_opens_with_the_composite_risk_and_lists_empty_grades(legend):
    layers = town()["layers"]
    flood = {**layers[0], "hazard": "flood", "hazard_name": "洪水", "product": "hazard", "grade_scheme": "flood4"}
    panel = layer_panel([flood, *layers], legend)
    assert panel.first == "composite/zoning_risk"
    counts = [line.count for line in panel.themes[0].lines]
    assert counts == [0, 1, 0, 0, 0]
    assert sum(line.share for line in panel.themes[0].lines) == pytest.approx(1.0)


def test_a_hazard_with_no_layer_at_all_is_a_gap_of_the_whole_town(legend):
    gaps = {gap.hazard: gap for gap in layer_panel(town()["layers"], legend).gaps}
    assert gaps["composite"].share == 0.25
    assert gaps["composite"].ever
    assert gaps["flood"].share == 1.0
    assert not gaps["flood"].ever


def test_an_empty_town_still_has_a_panel(legend):
    panel = layer_panel([], legend)
    assert panel.first is None
    assert len(panel.gaps) == len(legend.hazards)


def picture(*, rows: int, columns: int, noisy: bool = False) -> bytes:
    generator = np.random.default_rng(3)
    ramp = np.broadcast_to(np.linspace(0, 255, columns)[:, None], (rows, columns, 3))
    return write_png((generator.integers(0, 255, (rows, columns, 3)) if noisy else ramp).astype(np.uint8))


def grey_pixels(address: str) -> np.ndarray:
    picture = Image.open(BytesIO(base64.b64decode(address.partition(",")[2])))
    assert (picture.format, picture.mode) == ("PNG", "L")
    return np.asarray(picture)


def test_the_relief_travels_halved_and_grey():
    pixels = grey_pixels(inlined_relief(picture(rows=20, columns=40)))
    assert pixels.shape == (10, 20)
    assert (np.diff(pixels[0].astype(int)) >= 0).all()
    assert pixels[0, 0] < 10
    assert pixels[0, -1] > 240


def claiming(columns: int, rows: int) -> bytes:
    """A picture of a few bytes that says it is as large as that."""
    head = b"IHDR" + struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    return (
        picture(rows=1, columns=1)[:12] + head + struct.pack(">I", zlib.crc32(head)) + picture(rows=1, columns=1)[33:]
    )


def test_a_relief_too_big_or_damaged_stays_behind(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as the library of papers leaves it
    whole = picture(rows=20, columns=40)
    assert inlined_relief(whole[:-30]) is None
    assert inlined_relief(claiming(60_000, 60_000)) is None
    assert inlined_relief(claiming(9_000, 9_000)) is None
    assert inlined_relief(picture(rows=1600, columns=1600, noisy=True)) is None
    assert inlined_relief(b"GIF89a") is None
    assert inlined_relief(b"\x89PNG\r\n\x1a\n" + bytes(40)) is None


def test_the_standalone_file_carries_the_relief_and_still_names_no_host(legend):
    relief = (picture(rows=20, columns=40), BOUNDS)
    document = draw_standalone(StandaloneView(legend, town(), BOUNDS, {}, relief=relief))
    assert block(document, "anzhi-layers")["hillshade"]["bounds"] == list(BOUNDS)
    assert not HOST.search(document)


def test_the_panel_names_the_grades_whose_exposure_it_tells(legend):
    exposed = {"ranks": [1, 2], "people": 5, "buildings": None, "enterprises": None, "uncounted_villages": 0}
    (layer, fault) = town()["layers"]
    panel = layer_panel([{**layer, "exposed": exposed}, fault], legend)
    assert panel.themes[0].exposed_grades == ["高", "中高"]
    assert layer_panel([layer], legend).themes[0].exposed_grades == []
