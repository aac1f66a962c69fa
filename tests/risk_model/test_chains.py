"""Hazard chains: read and refused, followed over ground, down streams, with the wind, and into what nobody surveyed."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from risk_model.chains import (
    ChainGround,
    EventField,
    Streams,
    direct_streams,
    field_of,
    trace_chains,
)
from risk_model.chains.reach import spread_ground
from risk_model.chains.streams import stretches_below
from risk_model.errors import InvalidRule
from risk_model.grading import grading_terms
from risk_model.grading.composite import compose
from risk_model.rulebook import Chains, Event, EventReach, Link, ZoneKind, document_of, load_rulebook, packaged_rules
from risk_model.rulebook.chains import find_circle
from tests.risk_model.ground import BOOK, ON, column, extent, extents, zone, zones
from tests.saying import refusing

NO_STREAMS = Streams(column([]), np.empty(0, object), np.empty(0, object))
NOWHERE = shapely.Polygon()
FIELD = shapely.box(0, 0, 100, 100)


def changed(old, new):
    texts = packaged_rules()
    assert old in texts["chains.toml"]
    return texts | {"chains.toml": texts["chains.toml"].replace(old, new, 1)}


def streams(*lines, kinds=None):
    made = column([shapely.LineString(line) for line in lines])
    kinds = np.array(kinds or ["stream"] * len(lines), dtype=object)
    return Streams(made, kinds, np.full(len(lines), "drawing", dtype=object))


def length_below(rivers, ground, reach_m, join_m=1.0, kinds=("stream",)):
    return shapely.union_all(stretches_below(rivers, ground, reach_m=reach_m, join_m=join_m, kinds=kinds)).length


def chains(*pairs, hazards=None, depth=4, spread=None):
    """Chains of events a, b, c …; those in ``hazards`` happen on fields only."""
    keys = sorted({key for pair in pairs for key in pair})
    events = {
        key: Event(key, key, key, key if key in (hazards or ()) else None, ("hazard",), 0.0, ("roads",)) for key in keys
    }
    links = tuple(Link(a, b, (10.0, 60.0), spread or EventReach("same"), "possible", {}) for a, b in pairs)
    return Chains(depth, 1.0, False, {}, events, links)


def terrain(**fields):
    return ChainGround(NO_STREAMS, fields, {})


def test_the_packaged_chains_have_lags_grounds_and_something_to_cite():
    book = BOOK.chains
    assert book.depth == 4
    assert not book.counts
    assert {("rainstorm", "flash_flood"), ("flash_flood", "debris_flow"), ("earthquake", "landslide")} <= {
        (link.cause, link.effect) for link in book.links
    }
    assert all(link.lag[0] <= link.lag[1] and link.backing["basis"] for link in book.links)
    assert find_circle(book.links) == ()
    assert document_of(BOOK)["chains"]["links"][0]["valid_from"] == "2024-01-01"


def test_a_circle_is_refused_and_named():
    back = changed('from = "wildfire"\nto = "power_cut"', 'from = "power_cut"\nto = "gale"')
    with pytest.raises(InvalidRule, match=r"大风沙尘 \(gale\) → 断电 \(power_cut\) → 大风沙尘"):
        load_rulebook(back)
    assert find_circle(chains(("a", "b"), ("b", "b")).links) == ("b", "b")


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("depth = 4", "depth = 2.5", "whole number"),
        ("lag_max = 360", "lag_max = 20", "must not be shorter"),
        ('to = "flash_flood"', 'to = "tsunami"', "'tsunami' is no word"),
        ('hazard = "meteorological"', 'hazard = "tsunami"', "'tsunami' is no word"),
        ('key = "gale"', 'key = "drought"', "name each event once"),
        ('to = "high_reservoir"', 'to = "flash_flood"', "not several"),
        ("spread_deg = 90.0", "spread_deg = 200.0", "not exceed 180"),
        ("likely = 0.75", "likely = 1.75", "must not exceed 1"),
        ('rule = "same"', 'rule = "somewhere"', "somewhere"),
        ("counts = false", 'counts = "no"', "true or false"),
    ],
)
def test_a_wrong_entry_is_named_with_its_mend(old, new, mend):
    with refusing(InvalidRule, match=mend):
        load_rulebook(changed(old, new))


def test_the_fingerprint_covers_the_chains_and_a_rulebook_without_them_tells_of_none():
    assert load_rulebook(changed("depth = 4", "depth = 3")).fingerprint != BOOK.fingerprint
    without = {path: text for path, text in packaged_rules().items() if path != "chains.toml"}
    assert load_rulebook(without).chains.links == ()


def test_a_zone_begins_the_events_of_its_hazard_its_grade_and_its_name():
    def begun(*kind):
        return [event.key for event in BOOK.chains.begun_by(ZoneKind(*kind))]

    assert begun("meteorological", "hazard", 1.0, "西南山区暴雨危险性高区") == ["rainstorm"]
    assert begun("meteorological", "hazard", 1.0, "北片") == ["rainstorm", "gale", "drought"]
    assert begun("geological", "hazard", None, "") == ["landslide", "debris_flow"]
    assert begun("geological", "hazard", 0.25, "") == []
    assert begun("geological", "risk_gdp", 1.0, "") == []


def test_a_stream_runs_downhill_where_contours_tell_and_as_drawn_where_they_do_not():
    lines = column([shapely.LineString([(0, 0), (0, 900)]), shapely.LineString([(9000, 0), (9000, 900)])])
    contours = column([shapely.LineString([(-50, 10), (50, 10)]), shapely.LineString([(-50, 880), (50, 880)])])
    kinds = np.array(["stream", "stream"], dtype=object)
    found = direct_streams(lines, kinds, contours, np.array([1300.0, 1400.0]))
    assert found.directed_by.tolist() == ["elevation", "drawing"]
    assert found.line[0].coords[0] == (0, 900)
    assert found.line[1].coords[0] == (9000, 0)
    assert direct_streams(lines, kinds, column([]), np.empty(0)).directed_by.tolist() == ["drawing", "drawing"]


def test_water_runs_down_never_up_joins_the_river_and_stops_where_the_reach_ends():
    rivers = streams([(0, 0), (1000, 0)], [(1000, 0), (1000, 5000)], [(600, 900), (600, 1)])
    ground = shapely.box(400, -10, 500, 10)
    assert length_below(rivers, ground, 300.0) == pytest.approx(101 + 1 + 300, abs=3)
    assert length_below(rivers, ground, 1000.0) == pytest.approx(102 + 1000, abs=3)
    assert length_below(rivers, shapely.box(2000, 0, 2100, 10), 1000.0) == 0
    assert length_below(rivers, NOWHERE, 1000.0) == 0
    tributary = shapely.box(550, 800, 650, 900)
    assert length_below(rivers, tributary, 1200.0) == pytest.approx(101 + 1200, abs=4)


def test_a_canal_leaves_the_river_it_begins_on_and_other_kinds_are_not_followed():
    river, canal = [(0, 0), (1000, 0)], [(600, 0), (600, -800)]
    both = streams(river, canal, kinds=["river", "canal"])
    ground = shapely.box(0, -5, 10, 5)
    assert length_below(both, ground, 900.0, kinds=("river",)) == pytest.approx(911, abs=3)
    assert length_below(both, ground, 900.0, kinds=("river", "canal")) == pytest.approx(911 + 310, abs=5)


def test_streams_in_a_ring_do_not_run_for_ever():
    ring = streams([(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 0)])
    assert length_below(ring, shapely.box(-1, -1, 1, 1), 1e6, join_m=2.0) >= 100 + 100 + 141


def test_the_wind_carries_to_its_side_only():
    swept = spread_ground(
        FIELD, EventReach("wind", reach_m=1000.0, bearing_deg=90.0, spread_deg=60.0), NO_STREAMS, join_m=1
    )
    assert swept.contains(shapely.Point(900, 50))
    assert not swept.intersects(shapely.Point(-10, 50))
    assert swept.contains(FIELD)
    holed = shapely.box(0, 0, 3000, 3000) - shapely.box(1000, 1000, 2900, 2900)
    into = spread_ground(
        holed, EventReach("wind", reach_m=500.0, bearing_deg=90.0, spread_deg=60.0), NO_STREAMS, join_m=1
    )
    assert into.contains(shapely.Point(1400, 2000))
    assert not into.intersects(shapely.Point(2500, 2000))


def test_lags_add_up_and_the_least_probable_link_decides():
    told = chains(("a", "b"), ("b", "c"))
    unsure = Chains(
        4, 1.0, False, {}, told.events, (told.links[0], Link("b", "c", (5, 30), EventReach("same"), "unlikely", {}))
    )
    last = trace_chains(FIELD, "a", unsure, terrain()).steps[-1]
    assert (last.path, last.lag, last.probability) == (("a", "b", "c"), (15.0, 90.0), "unlikely")


def test_zones_bound_what_is_reached_and_unsurveyed_ground_stays_possible_all_along():
    half, known = shapely.box(0, 0, 50, 100), shapely.box(0, 0, 80, 100)
    found = trace_chains(FIELD, "a", chains(("a", "b"), ("b", "c"), hazards="b"), terrain(b=EventField(half, known)))
    first, second = found.steps
    assert first.ground.area == pytest.approx(5000)
    assert first.unknown.bounds == (80, 0, 100, 100)
    assert (second.ground.area, second.unknown.area) == (pytest.approx(5000), pytest.approx(2000))


def test_surveyed_ground_without_a_zone_ends_the_chain_and_says_so():
    found = trace_chains(FIELD, "a", chains(("a", "b"), ("b", "c"), hazards="b"), terrain(b=EventField(NOWHERE, FIELD)))
    assert found.steps == ()
    assert found.unreached == (("a", "b"),)


def test_an_event_that_happens_to_things_happens_to_whole_things():
    event = Event("b", "b", "b", None, (), 0.0, (), at="reservoirs")
    told = chains(("a", "b"))
    some = Chains(4, 1.0, False, {}, {**told.events, "b": event}, told.links)
    lakes = column([shapely.box(90, 0, 300, 100), shapely.box(500, 0, 600, 100)])
    found = trace_chains(FIELD, "a", some, ChainGround(NO_STREAMS, {}, {"reservoirs": lakes}))
    assert found.steps[0].ground.equals(lakes[0])


def test_a_field_is_the_severe_zones_and_an_ungraded_zone_is_not_known():
    event = BOOK.chains.events["landslide"]
    west, east, north = shapely.box(0, 0, 50, 50), shapely.box(50, 0, 100, 50), shapely.box(0, 50, 100, 100)
    drawn = zones(
        zone("1", "geological", west, "高"), zone("2", "geological", east, "低"), zone("3", "geological", north)
    )
    field = field_of(event, drawn, extents(extent("geological", FIELD)), BOOK, ON)
    assert field.prone.equals(west)
    assert field.surveyed.area == pytest.approx(5000)


# Laws -----------------------------------------------------------------------------------------------------------------

KEYS = "abcdefg"
ORDERED = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12, unique=True).map(
    lambda pairs: [(KEYS[a], KEYS[b]) for a, b in pairs if a < b]
)
BOXES = st.builds(lambda x, y, w: shapely.box(x, y, x + w, y + w), *(st.integers(-400, 400),) * 2, st.integers(20, 400))
SPREADS = st.sampled_from([
    EventReach("same"), EventReach("buffer", reach_m=60.0), EventReach("downstream", 300.0, 40.0, ("stream",)),
    EventReach("wind", reach_m=150.0, bearing_deg=135.0, spread_deg=90.0),
])  # fmt: skip
RIVERS = streams([(-500, 0), (100, 20), (500, 0)], [(0, 600), (80, 10)], [(500, 0), (500, -500)])


def reach_of(source, told, over):
    """By path: the ground reached surely, and all ground possible."""
    return {
        step.path: (step.ground, step.ground | step.unknown) for step in trace_chains(source, "a", told, over).steps
    }


def holds(larger, smaller):
    return (smaller - larger.buffer(1e-6)).area < 1e-3


@settings(max_examples=40, deadline=None)
@given(ORDERED, SPREADS, BOXES, st.integers(1, 4))
def test_no_chain_visits_an_event_twice_or_is_deeper_than_the_cap(pairs, spread, source, depth):
    for step in trace_chains(source, "a", chains(("a", "b"), *pairs[:8], depth=depth, spread=spread), terrain()).steps:
        assert len(set(step.path)) == len(step.path)
        assert len(step.links) <= depth


@settings(max_examples=40, deadline=None)
@given(SPREADS, BOXES, BOXES, BOXES, BOXES)
def test_more_source_ground_never_reaches_less(spread, source, more, prone, surveyed):
    told = chains(("a", "b"), ("b", "c"), hazards="b", spread=spread)
    over = ChainGround(RIVERS, {"b": EventField(prone, prone | surveyed)}, {})
    few, many = reach_of(source, told, over), reach_of(source | more, told, over)
    assert few.keys() <= many.keys()
    for path, (ground, possible) in few.items():
        assert holds(many[path][0], ground)
        assert holds(many[path][1], possible)


@settings(max_examples=40, deadline=None)
@given(ORDERED, st.integers(0, 11), BOXES)
def test_taking_a_link_out_never_adds_reach(pairs, number, source):
    whole = reach_of(source, chains(("a", "b"), *pairs), terrain())
    fewer = reach_of(source, chains(("a", "b"), *(pair for at, pair in enumerate(pairs) if at != number)), terrain())
    assert fewer.keys() <= whole.keys()
    assert all(holds(whole[path][1], possible) for path, (_, possible) in fewer.items())


# In grades ------------------------------------------------------------------------------------------------------------


def test_chains_count_in_no_grade_unless_the_rulebook_says_so():
    on = grading_terms(load_rulebook(changed("counts = false", "counts = true")))
    off = grading_terms(BOOK)
    flash, geological = (
        next(n for n, h in enumerate(off.hazards) if h.key == key) for key in ("flash_flood", "geological")
    )
    scores = np.zeros((2, len(off.hazards)))
    scores[0, flash] = 1.0
    scores[1, geological] = np.nan
    assert off.set_off == ()
    np.testing.assert_array_equal(compose(scores, off).counted, scores)
    raised = compose(scores, on).counted
    assert raised[0, geological] == 0.5
    assert np.isnan(raised[1, geological])
    assert compose(scores, on).weighted[0] > compose(scores, off).weighted[0]
