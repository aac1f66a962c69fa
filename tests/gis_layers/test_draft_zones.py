"""Zones as a draft sees them are read by place, whatever the planner believes of how many there are."""

from dataclasses import replace

import pytest
import shapely
from sqlalchemy import event, text

from gis_layers.stores import draft_zones, editions
from gis_layers.stores.draft_zones import UPDATE, ZonesAsked
from tests.gis_layers.ground import publish, zone_frame

SIDE = 0.001
STRIP = [shapely.box(99.80 + SIDE * n, 39.30, 99.80 + SIDE * (n + 1), 39.301) for n in range(60)]


@pytest.fixture
def regraded(sessions):
    """A draft that proposes something for every zone of a strip; the tables were counted while it was empty."""
    publish(sessions, zone_frame(*STRIP))
    with sessions.begin() as session:
        draft = editions.open_draft(session, name="regraded", author="officer").id
    with sessions.begin() as session:
        session.execute(text("ANALYZE draft_zones"))
        seen = draft_zones.read_in_force(session, None, ZonesAsked())
        proposed = {
            zone: replace(one, change=UPDATE, attributes={**one.attributes, "name": "甲"}) for zone, one in seen.items()
        }
        draft_zones.put_proposals(session, draft, proposed)
    return draft


def windows(*shapes):
    return [shapely.bounds(shape).tolist() for shape in shapes]


def test_windows_find_the_zones_whose_boxes_meet_one_of_them(sessions, regraded):
    with sessions() as session:
        everything = draft_zones.read_draft_zones(session, regraded, ZonesAsked())
        near = draft_zones.read_draft_zones(session, regraded, ZonesAsked(near=windows(STRIP[0], STRIP[1], STRIP[30])))
        none = draft_zones.read_draft_zones(session, regraded, ZonesAsked(near=[]))
    expected = {
        zone
        for zone, one in everything.items()
        if any(shapely.box(*shapely.bounds(one.geometry)).intersects(STRIP[n]) for n in (0, 1, 30))
    }
    assert set(near) == expected
    assert (len(everything), none) == (len(STRIP), {})
    assert {one.attributes["name"] for one in near.values()} == {"甲"}


def test_each_window_is_looked_through_once_however_few_proposals_the_planner_expects(sessions, regraded):
    loops = []

    def explain(connection, cursor, statement, parameters, context, many):
        if "unnest" in statement and not statement.startswith("EXPLAIN"):
            other = connection.connection.driver_connection.cursor()
            other.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            loops.extend(walks(other.fetchone()[0][0]["Plan"]))

    with sessions() as session:
        engine = session.get_bind()
        event.listen(engine, "after_cursor_execute", explain)
        try:
            # As with tables never counted: the planner takes nested loops for cheap.
            for way in ("hashjoin", "mergejoin", "hashagg", "material"):
                session.execute(text(f"SET LOCAL enable_{way} = off"))
            draft_zones.read_draft_zones(session, regraded, ZonesAsked(near=windows(*STRIP)))
        finally:
            event.remove(engine, "after_cursor_execute", explain)
    assert loops == [1, 1], "the windows of the draft, and those of what is in force"


def walks(plan):
    """How often the windows of each part of a plan were gone through."""
    if plan["Node Type"] == "Function Scan":
        yield plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from walks(part)
