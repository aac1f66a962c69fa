"""Any sequence of edits taken back is what was there before, bit for bit; any edition gone back to is that edition."""
# ruff: noqa: F811 - fixtures of other files

import random

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.platform.principals import Role
from tests.app.seeds import publish_zones, seeded_database
from tests.app.test_rulebook_versions import as_  # noqa: F401
from tests.app.test_zone_drafts import HIGH, Officer, done

STEP = 0.004
TILES = [
    shapely.box(99.78 + x * STEP, 39.30 + y * STEP, 99.78 + (x + 1) * STEP, 39.30 + (y + 1) * STEP)
    for x in range(3)
    for y in range(2)
]


@seeded_database("surveyed")
def tiled(deployment) -> None:
    """Six zones that share their borders."""
    publish_zones(deployment, "flood", *TILES, grade=HIGH)


def stored(deployment, draft):
    """Everything the draft proposes, as the database keeps it."""
    with deployment.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT zone_id, op, base_version, digest, ST_AsBinary(geom) FROM draft_zones WHERE draft_id = :draft"
            ),
            {"draft": draft},
        )
        return sorted((*row[:4], bytes(row[4])) for row in rows)


def edited(officer, chance):
    """One edit of a random kind on random zones; some are refused, which changes nothing."""
    zones = [one for one in officer.zones().values() if one["geometry"]["coordinates"][0][0][0][0] > 99.75]
    one = chance.choice(zones)
    shape = shapely.geometry.shape(one["geometry"])
    west, south, east, north = shape.bounds
    middle = (south + north) / 2 + chance.uniform(-1e-4, 1e-4)
    match chance.choice(["update", "split", "merge", "delete", "create", "regrade"]):
        case "update":
            ring = [list(point) for point in one["geometry"]["coordinates"][0][0]]
            ring.insert(1, [(ring[0][0] + ring[1][0]) / 2 + chance.uniform(-1e-5, 1e-5), (ring[0][1] + ring[1][1]) / 2])
            return officer.edit("update", zone=one["id"], geometry={"type": "Polygon", "coordinates": [ring]})
        case "split":
            line = [[west - 1e-3, middle], [east + 1e-3, middle + 1e-5]]
            return officer.edit("split", zone=one["id"], line={"type": "LineString", "coordinates": line})
        case "merge":
            other = chance.choice(zones)
            return officer.edit("merge", zones=[one["id"], other["id"]], multipart=chance.random() < 0.5)
        case "delete":
            return officer.edit("delete", zone=one["id"])
        case "create":
            square = shapely.box(east + 0.01, south, east + 0.011, north)
            about = {"hazard": "flood", "product": "hazard", "grade_rank": chance.randint(1, 4)}
            return officer.edit("create", geometry=square.__geo_interface__, attributes=about)
        case _:
            return officer.edit("update", zone=one["id"], attributes={"grade_rank": chance.randint(1, 4)})


def test_any_edits_undone_are_the_base_and_done_again_the_same(as_, tiled, deployment):
    visitor = as_(Role.OFFICER)

    @settings(max_examples=3, deadline=None, suppress_health_check=[*HealthCheck])
    @given(st.integers(0, 10**6), st.integers(2, 5))
    def law(seed, count):
        officer, chance = Officer(visitor), random.Random(seed)
        base = officer.zones()
        trail = [stored(deployment, officer.id)]
        for _ in range(count):
            answer = edited(officer, chance)
            assert answer.status_code in (200, 422), answer.text
            if answer.status_code == 200:
                trail.append(stored(deployment, officer.id))
        for earlier in reversed(trail[:-1]):
            done(officer.edit("undo"))
            assert stored(deployment, officer.id) == earlier
        assert officer.zones() == base
        for later in trail[1:]:
            done(officer.edit("redo"))
            assert stored(deployment, officer.id) == later

    law()


def test_an_edition_gone_back_to_has_its_fingerprint_whatever_came_between(as_, tiled, deployment):
    officer, approver = Officer(as_(Role.OFFICER)), as_(Role.APPROVER)
    chance = random.Random(5)
    for _ in range(8):
        edited(officer, chance)
    first = approver.get("/api/editions").json()["items"][0]
    done(officer.take("submit", reason="试验"))
    done(officer.take("approve", approver))
    second = done(officer.take("publish"))
    publish_zones(deployment, "wildfire", TILES[0], grade=("低", 5, "fire5"))
    assert second["fingerprint"] != first["fingerprint"]
    for wanted in (first, second, first):
        again = approver.post(f"/api/editions/{wanted['number']}/revert", json={"reason": "核对"})
        assert done(again, 201)["fingerprint"] == wanted["fingerprint"]
    assert (
        approver.post(f"/api/editions/{first['number']}/revert", json={"reason": "核对"}).json()["code"] == "unchanged"
    )
