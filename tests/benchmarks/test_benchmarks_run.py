"""Every benchmark runs, its engines agree, and the document tells of it. Nothing here depends on how long a thing takes."""

from contextlib import contextmanager, nullcontext

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis_layers.embedded import Cluster
from gis_layers.partitions import LOCAL
from risk_model.grading import lay_grounds
from tests.benchmarks import (
    bulk_check,
    bulk_overlay,
    document,
    engines,
    grid_cells,
    grid_cluster,
    grid_engines,
    grid_ground,
    load,
    map_smoothness,
    pages,
    papers,
    road_search,
    single_check,
    zone_editor,
    zone_edits,
)
from tests.benchmarks.__main__ import BENCHMARKS, main
from tests.benchmarks.coverage_tables import COVERED, ON_ROADS, TABLES
from tests.benchmarks.crowd import Asked, Crowd
from tests.benchmarks.ground import COVERAGE, lay_ground
from tests.benchmarks.measured import FULL, TINY, Measured, at_least, at_most
from tests.running import serving


def test_the_ground_is_as_the_document_says():
    ground = lay_ground(2_000, 500, zone_area_m2=1.33e6)
    zones, sites = ground.zones.geometry.to_numpy(), ground.sites.geometry.to_numpy()
    corners = shapely.get_num_coordinates(zones) - 1
    assert shapely.is_valid(zones).all()
    assert shapely.is_valid(sites).all()
    assert 50 <= corners.min() <= corners.max() <= 500
    assert corners.mean() == pytest.approx(120, rel=0.05)
    assert shapely.area(zones).sum() / ground.side_m**2 == pytest.approx(COVERAGE, rel=0.05)
    assert set(shapely.get_num_coordinates(sites) - 1) == set(range(4, 13))


def test_the_same_seed_lays_the_same_ground():
    first, second = (lay_ground(20, 20, zone_area_m2=1e6) for _ in range(2))
    assert first.zones.geometry.geom_equals(second.zones.geometry).all()
    assert first.sites["project_class"].tolist() == second.sites["project_class"].tolist()


def test_the_engines_agree_on_the_overlaps():
    measured = bulk_overlay.measure(TINY)
    assert [row[0] for row in measured.rows] == engines.known_engines()
    assert {"ours", "geopandas.overlay"} <= set(engines.known_engines())


def test_an_engine_that_finds_less_is_noticed():
    true = {"pairs": 10, "area_m2": 100.0}
    bulk_overlay.check_agreement({"ours": true, "other": dict(true)})
    for wrong in ({"pairs": 9, "area_m2": 100.0}, {"pairs": 10, "area_m2": 100.0 + 1e-6}):
        with pytest.raises(AssertionError):
            bulk_overlay.check_agreement({"ours": true, "other": wrong})


def test_a_missing_sedonadb_is_left_out_and_told_of(monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda _name: None)
    measured = bulk_overlay.measure(TINY)
    assert [row[0] for row in measured.rows] == ["ours", "geopandas.overlay"]
    assert any("SedonaDB is not installed" in note for note in measured.notes)


def test_the_whole_check_agrees_with_other_tools_and_says_where_its_time_goes(cluster: Cluster):
    measured = bulk_check.measure(TINY, lambda: nullcontext(cluster))
    assert measured.rows[0][0] == "anzhi check"
    assert "overlaps; the tools agree" in measured.notes[0]
    assert "programs loaded" in measured.notes[-1]


def test_a_check_is_timed_against_its_own_sql(cluster: Cluster):
    measured = single_check.measure(TINY, lambda: nullcontext(cluster))
    found = {row[0]: float(row[2]) for row in measured.rows if row[2] != "–"}
    for hits in single_check.HITS:
        assert found[f"check with {hits} hits"] == pytest.approx(hits, rel=0.3, abs=1)
    bare = next(row for row in measured.rows if row[0].startswith("its SQL without"))
    assert float(bare[3]) > 0
    assert all(np.isfinite(ratio.value) for ratio in measured.ratios)


def test_papers_are_printed_kept_and_other_places_found(cluster: Cluster):
    measured = papers.measure(TINY, lambda: nullcontext(cluster))
    assert [row[0] for row in measured.rows] == [papers.CHECKED, papers.PRINTED, papers.AGAIN, papers.COMPARED]
    assert [ratio.goal for ratio in measured.ratios[:2]] == ["at most 3", "at most 3"]
    assert float(measured.rows[1][4]) > 50


def test_the_engines_of_a_grid_agree_and_their_answers_are_told():
    grounds, side = lay_grounds(*grid_ground.zones_of(60), grid_ground.BOOK, grid_ground.ON), 40
    asked = dict.fromkeys(grid_engines.known_engines(), side) | {"ours, 400 cells": 20, "ours, 6,400 cells": 80}
    told = {}
    for name, wide in asked.items():
        engine = grid_engines.ENGINES["ours" if name.endswith("cells") else name]
        answer = engine(grounds, grid_ground.Grid(wide))()
        told[name] = {"seconds": [answer["seconds"]], "area_m2": answer["area_m2"], "loaded_mb": 1.0, "peak_mb": 2.0}
        told[name]["cells"] = wide * (wide // 10 if name.endswith("sample") else wide)
    areas = {name: one["area_m2"] for name, one in told.items()}
    grid_cells.check_agreement(areas)
    with pytest.raises(AssertionError):
        grid_cells.check_agreement(areas | {"ours, sample": areas["ours, sample"] * (1 + 1e-6)})
    measured = grid_cells.describe(FULL, side, told, ([1.0], {"difference": 2e-12, "crossed": 7}))
    assert [row[0] for row in measured.rows[:-1]] == list(asked)
    assert {ratio.what for ratio in measured.ratios if ratio.goal} >= {"geopandas.overlay ÷ ours, on the sample"}


def test_a_grid_measured_by_bands_has_the_scores_of_the_whole():
    grounds = lay_grounds(*grid_ground.zones_of(60), grid_ground.BOOK, grid_ground.ON)
    grid = grid_ground.Grid(64)
    whole = grid_engines.measure_rows(gpd.GeoDataFrame({"row": [0], "rows": [64]}), (grounds, 64))
    assert grid_cluster.run_once(grounds, grid, LOCAL) == grid_engines.digest_of([whole])
    assert grid_engines.digest_of([whole])[1] == 64 * 64


async def of_each_kind(scope, receive, send):
    """An application that answers, is busy, breaks or hangs up as its path says."""
    status = {"/busy": 503, "/broken": 500}.get(scope["path"], 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok" if scope["path"] != "/short" else b"o"})


def test_every_answer_to_a_crowd_is_counted_for_what_it_is():
    @contextmanager
    def start():
        with serving(of_each_kind) as port:
            yield load.Started(port)

    asked = [Asked("GET", path) for path in ("/well", "/busy", "/broken", "/short")]
    scene = load.Scene("a few", Crowd(4, 4, 2), asked)
    measured = load.compare([scene], {"now": start}, rounds=1)
    (row,) = measured.rows
    told = dict(zip(measured.columns, row, strict=True))
    assert [told[name] for name in ("requests", "answered", "503", "500", "cut")] == ["32", "8", "8", "8", "8"]
    assert [ratio.met for ratio in measured.ratios][:2] == [False, False]


def test_the_crowds_are_those_the_document_tells_of():
    text = document.DOCUMENT.read_text(encoding="utf-8")
    for scene in load.scenes(FULL):
        assert scene.name in text
    assert {scene.crowd.clients for scene in load.scenes(TINY)} == {15, 8, 20}


def test_the_searches_of_a_network_agree_junction_by_junction():
    measured = road_search.measure(TINY)
    assert [row[0] for row in measured.rows][:4] == ["ours", "ours, with ten ways", "textbook", "networkx"]
    assert [row[0] for row in measured.rows][4:] == [TABLES, ON_ROADS, COVERED]
    assert "144 junctions" in measured.notes[0]
    with pytest.raises(AssertionError):
        road_search.check_agreement(np.array([1.0, 2.0]), np.array([1.0, 2.1]))


def test_edits_of_zones_lose_nothing_and_are_told():
    measured = zone_edits.measure(TINY)
    assert [row[0] for row in measured.rows][:2] == ["split of a long zone", "the same by shapely"]
    assert set(zone_edits.GOALS) < {row[0] for row in measured.rows}
    assert "36 zones" in measured.notes[0]
    zone, line = zone_edits.long_zone(400)
    lost = {
        "split of a long zone": list(zone_edits.split(zone, line).geoms)[:1],
        "the same by shapely": zone_edits.split(zone, line),
    }
    with pytest.raises(AssertionError):
        zone_edits.check_agreement(zone, lost | {"merge of the pieces": zone})


def items_of(shapes: np.ndarray) -> list[dict]:
    """Zones as a draft lists them."""
    return [{"id": str(i), "geometry": shapely.multipolygons([one]).__geo_interface__} for i, one in enumerate(shapes)]


def test_the_corner_that_is_dragged_is_shared_by_four_and_the_moved_zones_still_share_it():
    shapes = np.array([zone.geometry for zone in zone_edits.lay_coverage(4).values()])
    items = items_of(shapes)
    node, users = zone_editor.corner_of(items)
    assert len(users) == 4
    assert shapely.distance(shapely.Point(node), shapely.union_all(shapes).centroid) < 60
    moved = [zone_editor._moved(one["geometry"], node) for one in items if one["id"] in users]
    ends = [{tuple(at) for at in shape["coordinates"][0][0]} for shape in moved]
    assert node not in set.union(*ends)
    assert (node[0] + 5e-5, node[1] + 3e-5) in set.intersection(*ends)


def test_an_editor_that_is_slow_misses_its_goals():
    quick = {"p50": 16.7, "p95": 33.3, "longest": 50.0, "torn": 0}
    slow = {**quick, "p95": 480.0, "torn": 3}
    told = {
        "edits": [0.1] * 20,
        "cuts": [0.1],
        "published": 1.0,
        "impact": 3.0,
        "searched": [1.0],
        "compared": [1.0],
        "opened": [1.4],
        "drags": [quick],
        "heap": 80.0,
        "other": slow,
    }
    ratio, *goals = zone_editor._goals(told)
    assert ratio.value == pytest.approx(480 / 33.3)
    assert all(goal.met for goal in goals)
    bad = {
        "edits": [0.1] * 18 + [0.2] * 2,
        "cuts": [0.3],
        "published": 6.0,
        "impact": 6.0,
        "searched": [4.0],
        "opened": [1.6],
        "drags": [slow],
        "heap": 130.0,
    }
    assert not any(goal.met for goal in zone_editor._goals(told | bad)[1:])
    assert all(len(row) == 5 for row in zone_editor._rows(told))
    assert "ours leaves 0 behind, Geoman 3" in zone_editor._notes(FULL, 10_000, 4, told)[-1]


def test_goals_are_met_or_missed():
    assert at_least("a", 4.0, 4.0).met
    assert not at_least("a", 3.9, 4.0).met
    assert at_most("a", 8.0, 8.0).met
    assert not at_most("a", 8.1, 8.0).met


def test_the_document_names_every_benchmark():
    text = document.DOCUMENT.read_text(encoding="utf-8")
    for name in BENCHMARKS:
        opening, closing = document.marks(name)
        section = text.split(opening)[1].split(closing)[0]
        assert f"### {name}" in section
        assert "| ratio of this run |" in section


def test_a_section_takes_the_place_of_the_one_before_and_nothing_else(tmp_path):
    page = tmp_path / "page.md"
    opening, closing = document.marks("some")
    page.write_text(f"before\n{opening}\nold\n{closing}\nafter\n", encoding="utf-8")
    measured = Measured(("what", "n"), [("ours", "5")], [at_least("a ÷ b", 2.5, 2)], ["a note"])
    section = document.write_section("some", "How long?", FULL, measured, (0.1, 0.2))
    document.record_section("some", section, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "| a ÷ b | 2.50 | at least 2 | met |" in text
    with pytest.raises(ValueError, match="no marks for other"):
        document.record_section("other", section, page)


@pytest.mark.parametrize("words", [["nothing-known"], ["--quick", "--record"]])
def test_what_cannot_be_run_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as refused:
        main(words)
    assert refused.value.code == 2
    assert "bulk-overlay" in capsys.readouterr().err or "--record" in " ".join(words)


def test_many_cells_cover_a_town_without_gaps_or_overlaps():
    town = shapely.Point(570_000, 4_355_000).buffer(3_000)
    cells = map_smoothness.lay_cells(town, 200)
    shapes = cells.geometry.to_numpy()
    assert len(cells) == 200
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).sum() == pytest.approx(town.area, rel=0.01)
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)
    assert set(cells["grade_rank"]) == {1, 2, 3, 4}


def test_pages_are_held_to_what_a_village_line_carries():
    light, heavy = (100, 20, 5, 300, 900, 2000), (700, 41, 31, 300, 900, 4100)
    assert all(goal.met for goal in pages._goals([light, light]))
    missed = [goal.met for goal in pages._goals([light, heavy])]
    assert missed == [False, False, False, True, True, False]
    assert len(pages.COLUMNS) == 1 + 2 * len(light)
    assert all(len(row) == len(light) for row in pages.BEFORE.values())
