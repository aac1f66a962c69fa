"""What an edit asks of the database: as much whether few zones are stored or many, and whether it is the first or the hundredth."""
# ruff: noqa: F811 - fixtures of other files

import random
from collections.abc import Iterator

import pytest
import shapely
from sqlalchemy import event, text

from app.platform.principals import Role
from gis_layers.stores.draft_zones import _PROPOSED_NEAR, ZonesAsked, _values, read_draft_zones, read_in_force
from tests.app.seeds import publish_zones
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import HIGH, Officer, done, published
from tests.app.test_zone_edits_undone import TILES, tiled  # noqa: F401

MOST_STATEMENTS = 28
ROUNDED = 1e-4
"""Degrees by which an index of boxes may see more than there is."""
FAR = [shapely.box(99.86 + x * 0.001, 39.36 + y * 0.001, 99.8609 + x * 0.001, 39.3609 + y * 0.001)
       for x in range(8) for y in range(8)]  # fmt: skip


@pytest.fixture
def heard(deployment) -> Iterator[list[int]]:
    """The number of rows each statement answered or touched."""
    rows: list[int] = []

    def hear(connection, cursor, statement, parameters, context, many) -> None:
        rows.append(cursor.rowcount)

    event.listen(deployment.engine, "after_cursor_execute", hear)
    yield rows
    event.remove(deployment.engine, "after_cursor_execute", hear)


def costs(officer: Officer, heard: list[int], zone: str) -> dict[str, tuple[int, int]]:
    """Statements and rows of each kind of edit, which leave the zone as it was."""
    west, south, east, north = shapely.geometry.shape(officer.zones()[zone]["geometry"]).bounds
    middle = (south + north) / 2
    line = {"type": "LineString", "coordinates": [[west - 1e-4, middle], [east + 1e-4, middle]]}
    found = {}
    for kind, op, body in (
        ("named", "update", {"zone": zone, "attributes": {"name": "甲"}}),
        ("split", "split", {"zone": zone, "line": line}),
        ("undone", "undo", {}),
        ("done again", "redo", {}),
        ("undone once more", "undo", {}),
    ):
        heard.clear()
        done(officer.edit(op, **body))
        found[kind] = len(heard), sum(heard)
    return found


def test_an_edit_costs_the_same_of_few_zones_as_of_many_and_early_as_late(as_, tiled, deployment, heard):
    officer = Officer(as_(Role.OFFICER))
    zone = next(
        number for number, one in published(officer.visitor).items()
        if shapely.geometry.shape(one["geometry"]).equals(TILES[0])
    )  # fmt: skip
    done(officer.edit("update", zone=zone, attributes={"name": "乙"}))
    few = costs(officer, heard, zone)
    publish_zones(deployment, "flood", *FAR, grade=HIGH)
    far = [one for one, told in officer.zones().items() if told["geometry"]["coordinates"][0][0][0][0] > 99.85]
    assert len(far) == len(FAR)
    for number in far[:8]:
        done(officer.edit("update", zone=number, attributes={"name": "丙"}))
    assert costs(officer, heard, zone) == few
    assert max(statements for statements, _ in few.values()) <= MOST_STATEMENTS


def check_found(every, found, windows) -> None:
    """Of every zone those are found whose box meets a window, and none far from all of them."""
    boxes = shapely.box(*zip(*windows, strict=True)) if windows else []
    met = {zone for zone, one in every.items() if shapely.intersects(boxes, one.geometry.envelope).any()}
    reach = shapely.buffer(boxes, ROUNDED)
    assert met <= found.keys()
    assert all(shapely.intersects(reach, one.geometry.envelope).any() for one in found.values())


def some_windows(chance: random.Random):
    for count in (0, 1, 3, 70):
        corners = [(chance.uniform(99.77, 99.88), chance.uniform(39.29, 39.38)) for _ in range(count)]
        yield [(x, y, x + 0.0013, y + 0.0007) for x, y in corners]


def test_windows_find_the_zones_that_lie_in_them(tiled, deployment):
    publish_zones(deployment, "flood", *FAR, grade=HIGH)
    with deployment.sessions() as session:
        every = read_in_force(session, None, ZonesAsked(hazard="flood"))
        for windows in some_windows(random.Random(7)):
            near = ZonesAsked(hazard="flood", near=windows)
            for found in (read_in_force(session, None, near), read_draft_zones(session, 0, near)):
                check_found(every, found, windows)


def test_windows_find_what_a_draft_proposes_by_its_place_alone(as_, tiled, deployment):
    publish_zones(deployment, "flood", *FAR, grade=HIGH)
    officer, other = Officer(as_(Role.OFFICER)), Officer(as_(Role.OFFICER))
    for one in (officer, other):
        done(one.edit("update", changes=[{"zone": zone, "attributes": {"name": "丙"}} for zone in one.zones()]))
    with deployment.sessions() as session:
        every = read_draft_zones(session, officer.id, ZonesAsked(hazard="flood"))
        assert {one.change for one in every.values()} == {"update"}
        for windows in some_windows(random.Random(8)):
            found = read_draft_zones(session, officer.id, ZonesAsked(hazard="flood", near=windows))
            check_found(every, found, windows)
            assert {one.change for one in found.values()} <= {"update"}
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("ANALYZE draft_zones"))
        near = f"SELECT count(*) FROM draft_zones t WHERE t.draft_id = :draft AND {_PROPOSED_NEAR}"
        told = session.scalars(text(f"EXPLAIN {near}"), _values(officer.id, ZonesAsked(near=[FAR[0].bounds])))
        assert "ix_draft_zones_geom" in "\n".join(told)
