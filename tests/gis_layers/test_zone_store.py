"""Zones are staged, published as immutable versions, and found again by place and by edition."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis_layers.crs import to_metric
from gis_layers.stores import editions, published_zones, staged_zones, surveys
from gis_layers.stores.published_zones import ZoneQuery
from gis_layers.stores.surroundings import read_everything, read_surroundings
from tests.gis_layers.ground import METRIC, SQUARE, layer, publish, zone_frame

AWAY = shapely.box(99.90, 39.30, 99.91, 39.31)
AROUND = (99.79, 39.29, 99.82, 39.32)
ELSEWHERE = (100.5, 39.0, 100.6, 39.1)


def test_a_published_zone_comes_back_unrounded_with_its_attributes(sessions):
    exact = shapely.Polygon([(99.8 + 1e-13, 39.3), (99.81, 39.3 + 3e-14), (99.81, 39.31)])
    publish(sessions, zone_frame(exact))
    with sessions() as session:
        found = published_zones.read_zones(session, ZoneQuery())
    assert shapely.equals_exact(found.geometry[0], shapely.multipolygons([exact]), tolerance=0.0)
    assert found.loc[0, ["hazard", "grade", "grade_rank", "grade_scheme", "version"]].tolist() == [
        "geological", "高", 2, "geo4", 1,
    ]  # fmt: skip


def test_a_window_finds_what_meets_it_and_nothing_else(sessions):
    publish(sessions, zone_frame(SQUARE, AWAY))
    with sessions() as session:
        assert published_zones.count_zones(session, ZoneQuery(window=AROUND)) == 1
        near = read_surroundings(session, AROUND, AROUND, [], METRIC).zones
        everything = read_everything(session, METRIC).zones
    expected = to_metric(np.asarray([shapely.multipolygons([SQUARE])], dtype=object), METRIC)[0]
    assert len(near) == 1
    assert len(everything) == 2
    assert shapely.equals_exact(near.geometry[0], expected, tolerance=1e-9)


def test_far_hazards_are_fetched_from_the_wider_window(sessions):
    frame = zone_frame(SQUARE, AWAY)
    frame["hazard"] = ["geological", "fault"]
    publish(sessions, frame)
    with sessions() as session:
        found = read_surroundings(session, AROUND, (99.7, 39.2, 99.95, 39.4), ["fault"], METRIC).zones
        nothing = published_zones.zone_set([], METRIC)
    assert found.hazard.tolist() == ["geological", "fault"]
    assert len(nothing) == 0


def test_replacing_a_layer_retires_it_but_its_edition_can_still_be_read(sessions):
    publish(sessions, zone_frame(SQUARE))
    publish(sessions, zone_frame(AWAY, grade="低", rank=4), layer(replaces=True))
    with sessions() as session:
        now = published_zones.read_zones(session, ZoneQuery())
        then = published_zones.read_zones(session, ZoneQuery(as_of=1))
        history = published_zones.zone_history(session, int(then["zone"][0]))
        in_force = surveys.published_layers(session)
    assert now["grade"].tolist() == ["低"]
    assert then["grade"].tolist() == ["高"]
    assert history["to_edition"].tolist() == [2]
    assert in_force["from_edition"].tolist() == [2]


def test_adding_a_layer_keeps_the_ones_before(sessions):
    publish(sessions, zone_frame(SQUARE))
    publish(sessions, zone_frame(AWAY))
    with sessions() as session:
        assert published_zones.count_zones(session, ZoneQuery()) == 2
        assert published_zones.count_zones(session, ZoneQuery(as_of=1)) == 1
        assert [edition.number for edition in editions.list_editions(session, limit=10, offset=0)] == [2, 1]
        assert editions.count_editions(session) == 2


def test_a_draft_is_not_seen_before_it_is_published(sessions):
    with sessions.begin() as session:
        draft = editions.open_draft(session, name="d", author="o")
        layer_id = surveys.save_layer(session, draft.id, layer(), METRIC)
        staged_zones.stage_new_zones(session, draft.id, layer_id, zone_frame(SQUARE))
    with sessions() as session:
        assert published_zones.count_zones(session, ZoneQuery()) == 0
        assert editions.current_edition(session) is None
        assert len(read_everything(session, METRIC).ground) == 0


def test_a_failed_publication_leaves_nothing_behind(sessions):
    broken = zone_frame(SQUARE)
    broken.loc[0, "grade_scheme"] = None
    with pytest.raises(Exception, match="grade_with_its_scheme"):
        publish(sessions, broken)
    with sessions() as session:
        assert editions.current_edition(session) is None
        assert published_zones.count_zones(session, ZoneQuery()) == 0


def test_equal_content_has_an_equal_digest_and_a_moved_vertex_another():
    one, same = zone_frame(SQUARE), zone_frame(SQUARE)
    for column in staged_zones.ATTRIBUTES:
        for frame in (one, same):
            if column not in frame:
                frame[column] = None
    moved = same.copy()
    moved.geometry = shapely.transform(moved.geometry.to_numpy(), lambda xy: xy + 1e-13)
    assert staged_zones.digests(one) == staged_zones.digests(same)
    assert staged_zones.digests(one) != staged_zones.digests(moved)


def test_a_survey_extent_is_cut_in_pieces_that_cover_exactly_the_same_ground(sessions):
    angles = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    radius = 0.05 + 0.01 * np.sin(9 * angles)
    extent = shapely.Polygon(np.column_stack([99.8 + radius * np.cos(angles), 39.3 + radius * np.sin(angles)]))
    publish(sessions, zone_frame(SQUARE), layer(extent=extent))
    with sessions() as session:
        ground = read_everything(session, METRIC).ground
        here = read_surroundings(session, AROUND, AROUND, [], METRIC).ground
        nowhere = read_surroundings(session, ELSEWHERE, ELSEWHERE, [], METRIC).ground
    whole = to_metric(np.asarray([extent], dtype=object), METRIC)[0]
    assert len(ground) > 10
    assert 0 < len(here) < len(ground)
    assert nowhere.geometry.tolist() == [None]  # that it was surveyed, though nowhere near
    assert not ground.own_zones.any()
    assert shapely.area(shapely.symmetric_difference(shapely.union_all(ground.geometry), whole)) < 1e-3
    assert shapely.get_num_coordinates(ground.geometry).max() <= 128


def test_a_layer_that_speaks_for_its_own_zones_says_so(sessions):
    publish(sessions, zone_frame(SQUARE))
    with sessions() as session:
        ground = read_surroundings(session, ELSEWHERE, ELSEWHERE, [], METRIC).ground
    assert ground.own_zones.tolist() == [True]
    assert ground.geometry.tolist() == [None]


def test_grade_areas_are_measured_in_the_metric_crs(sessions):
    publish(sessions, zone_frame(shapely.box(99.75, 39.30, 99.80, 39.35)))
    with sessions() as session:
        areas = published_zones.grade_areas(session, METRIC)
    assert areas["count"].tolist() == [1]
    assert areas["area_m2"][0] == pytest.approx(23_935_773, abs=1)


def test_without_a_boundary_the_villages_together_are_the_boundary(sessions):
    from gis_layers.stores import places

    halves = [shapely.box(99.80, 39.30, 99.81, 39.31), shapely.box(99.81, 39.30, 99.82, 39.31)]
    columns = {"name": ["东村", "西村"], "code": ["1", "2"]}
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.multipolygons([half]) for half in halves], crs=4490)
    with sessions.begin() as session:
        assert places.find_boundary(session) is None
        places.append_places(session, "villages", frame)
        assert places.find_boundary(session).equals(shapely.union_all(halves))
        places.save_boundary(session, code="T", name="镇", geometry=halves[0], synthetic=True)
        assert places.find_boundary(session).equals(halves[0])
