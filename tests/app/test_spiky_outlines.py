"""Outlines made to burn: spiky, scattered, knotted. They are answered like any other, or refused before anything is spent."""

import json
import threading
import time
from itertools import pairwise

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform import allowance
from app.platform.allowance import Allowance, allow
from app.platform.principals import Role
from app.platform.settings import Settings
from app.platform.work import Work
from app.siting.outlines import FileHints, read_file
from gis_layers import geometry as outlines
from gis_layers.crs import to_metric, to_storage
from gis_layers.errors import ConfinedCancelled, ConfinedTimeout
from gis_layers.geometry import Bounds, find_excess
from gis_layers.sandbox import Limits
from tests.app.conftest import METRIC, site
from tests.risk_model.test_tangles import comb, scattered, star
from tests.saying import tells

CENTRE = (569_000.0, 4_355_400.0)


def in_degrees(shape):
    return to_storage(np.asarray([shape], dtype=object), METRIC)[0]


def at_centre(shape):
    return in_degrees(shapely.affinity.translate(shape, *CENTRE))


def knotted(vertices: int):
    """A ring that crosses itself nearly everywhere."""
    return at_centre(shapely.Polygon(np.random.default_rng(5).uniform(-500, 500, (vertices, 2))))


def crossed(vertices: int):
    """A star of which two rays cross."""
    ring = shapely.get_coordinates(star(vertices))
    ring[[10, 12]] = ring[[12, 10]]
    return at_centre(shapely.Polygon(ring))


def shared_by_chords(spikes: shapely.Polygon, west: float, east: float) -> float:
    """The area of a star between two meridians by its triangles around the centre, each clipped by hand."""
    ring = shapely.get_coordinates(spikes)
    return sum(_clipped(np.array([CENTRE, one, two]), west, east) for one, two in pairwise(ring))


def _clipped(corners: np.ndarray, west: float, east: float) -> float:
    for line, side in ((west, 1), (east, -1)):
        kept = []
        for one, two in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            inside_one, inside_two = side * (one[0] - line) >= 0, side * (two[0] - line) >= 0
            if inside_one:
                kept.append(one)
            if inside_one != inside_two:
                kept.append(one + (two - one) * (line - one[0]) / (two[0] - one[0]))
        if len(kept) < 3:
            return 0.0
        corners = np.array(kept)
    x, y = (corners - corners[0]).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def test_a_spiky_outline_of_5000_vertices_gets_the_answer_an_independent_computation_gives(client, surveyed, publish):
    west, east = CENTRE[0] - 100, CENTRE[0] + 250
    publish(
        "geological",
        in_degrees(shapely.segmentize(shapely.box(west, CENTRE[1] - 2000, east, CENTRE[1] + 2000), 10.0)),
        grade=("高", 2, "geo4"),
    )
    spikes = at_centre(star(5000, 800))
    answer = client.post("/api/siting/check", json=site(spikes))
    assert answer.status_code == 200, answer.text
    finding = next(theme for theme in answer.json()["themes"] if theme["theme"] == "geological")["findings"][0]
    metric = to_metric(np.asarray([spikes], dtype=object), METRIC)[0]
    assert finding["overlap_m2"] == pytest.approx(shared_by_chords(metric, west, east), rel=1e-5)
    assert answer.json()["site"]["area_m2"] == pytest.approx(metric.area, rel=1e-9)


@pytest.fixture
def nothing_spent(monkeypatch):
    """The costly questions are never asked."""

    def asked(*_, **__):
        raise AssertionError("a shape that is too much was worked on")

    for name in ("is_valid", "is_valid_reason", "make_valid", "buffer", "union_all"):
        monkeypatch.setattr(shapely, name, asked)
    monkeypatch.setattr(outlines, "explain_invalid", asked)


MONSTERS = {
    "a spiky polygon": (lambda: at_centre(star(20_002)), "vertices"),
    "a knotted ring": (lambda: knotted(20_001), "vertices"),
    "scattered points": (lambda: at_centre(scattered(20_001, 3000)), "vertices"),
    "many parts": (
        lambda: at_centre(
            shapely.MultiPolygon([shapely.box(x, y, x + 1, y + 1) for x in range(0, 100, 2) for y in range(0, 82, 2)])
        ),
        "parts",
    ),
    "many holes": (
        lambda: at_centre(
            shapely.Polygon(
                shapely.box(-5, -5, 205, 205).exterior,
                [shapely.box(x, y, x + 1, y + 1).exterior for x in range(0, 200, 4) for y in range(0, 200, 4)],
            )
        ),
        "parts",
    ),
}


@pytest.mark.parametrize("kind", MONSTERS)
def test_what_is_too_much_is_refused_before_anything_is_asked_of_it(client, nothing_spent, kind):
    make, what = MONSTERS[kind]
    answer = client.post("/api/siting/check", json=site(make()))
    told = answer.json()
    assert (answer.status_code, told["what"]) == (422, what), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert told["found"] > told["most"] == {"vertices": 20_000, "parts": 2_000}[what]
    assert str(told["most"]) in told["detail"]


def test_settings_raise_the_limit_and_officers_may_more():
    usual, raised = Settings(), Settings(most_vertices=100_000)
    shape, left = star(24_000), threading.Event()
    assert find_excess(shape, allow(Role.VIEWER, usual, left).bounds) is not None
    assert find_excess(shape, allow(Role.OFFICER, usual, left).bounds) is None
    assert find_excess(shape, allow(Role.VIEWER, raised, left).bounds) is None


@pytest.mark.parametrize("shape", [star(4000), comb(4000, turned=30)])
def test_the_gate_refuses_a_monster_and_lets_its_neighbours_in(client, surveyed, tmp_path, shape):
    features = [site(at_centre(one)) for one in (shapely.box(0, 0, 50, 50), star(20_002), shape)]
    content = {"type": "FeatureCollection", "features": features}
    path = tmp_path / "sites.geojson"
    path.write_text(json.dumps(content))
    with path.open("rb") as file:
        answer = client.post("/api/siting/outline/file", files={"file": ("sites.geojson", file)})
    assert answer.status_code == 200, answer.text
    read = answer.json()
    assert read["total"] == 2
    assert any("20000" in problem["problem"].replace(",", "") for problem in read["report"]["problems"])


def spin(seconds: float) -> float:
    """Work that does not end by itself for so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1000))
    return seconds


def test_work_that_outlives_its_time_is_stopped():
    allowed = Allowance(Bounds(1, 1), Limits(wall_s=0.3))
    with pytest.raises(ConfinedTimeout):
        allowed.reckon(allowance.MANY_VERTICES + 1, spin, 60.0)


def test_work_whose_client_left_is_stopped():
    allowed = Allowance(Bounds(1, 1), Limits())
    threading.Timer(0.2, allowed.left.set).start()
    with pytest.raises(ConfinedCancelled):
        allowed.reckon(allowance.MANY_VERTICES + 1, spin, 60.0)


def test_a_file_is_read_no_further_once_its_sender_left(deployment, surveyed, tmp_path):
    path = tmp_path / "plots.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [site(at_centre(star(5)))]}), encoding="utf-8")
    allowed = Allowance(Bounds(1000, 10), Limits())
    with deployment.sessions() as session:
        asked = {"told": FileHints(), "allowed": allowed}
        assert read_file(Work(session, deployment), path, **asked)["total"] == 1
        allowed.left.set()
        with pytest.raises(ConfinedCancelled):
            read_file(Work(session, deployment), path, **asked)


def test_a_check_that_outlives_its_time_is_told_so(deployment, token, surveyed):
    strict = deployment.settings.model_copy(update={"judging_seconds": 0})
    app = create_app(deployment.__class__(**{**_fields(deployment), "settings": strict}), loopback=True)
    headers = {"Authorization": f"Bearer {token()}"}
    with TestClient(app, headers=headers, raise_server_exceptions=False) as client:
        answer = client.post("/api/siting/check", json=site(at_centre(star(5000))))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert tells(answer.json()["detail"], "处理超过 {seconds} 秒，已停止；请减少要素或拆分后重试")


def _fields(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_a_large_outline_that_crosses_itself_is_mended_in_a_process_of_its_own(client, surveyed, monkeypatch):
    apart: list[str] = []
    real = allowance.run_confined

    def watched(function, *args, **options):
        apart.append(getattr(function, "func", function).__name__)
        return real(function, *args, **options)

    monkeypatch.setattr(allowance, "run_confined", watched)
    refused = client.post("/api/siting/check", json=site(crossed(1200)))
    assert refused.status_code == 422
    assert refused.json()["repair"]["area_after_m2"] > 0
    assert apart == ["examine"]
    accepted = client.post("/api/siting/check", json=site(crossed(1200), accept_repair=True))
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["site"]["repaired"] is True
    assert apart == ["examine", "examine", "review_site"]
