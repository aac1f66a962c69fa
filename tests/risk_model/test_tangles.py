"""Laws of tangled outlines: taken apart they measure as they do whole, and nothing tangled is ever overlaid whole."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from risk_model import tangles
from risk_model.buffers import TRUE_TO_M, buffer_m
from risk_model.siting import review_site
from risk_model.tangles import area_on, is_tangled, meetings, shared_area, triangles_of, widened
from tests.risk_model.ground import BOOK, ON, column, extent, extents, site, zone, zones
from tests.risk_model.test_surveyed_ground import all_but

FEW = settings(max_examples=6, deadline=None)


def star(vertices: int, radius_m: float = 800.0, inner: float = 0.3, *, at=(0.0, 0.0)):
    """A valid polygon of rays: every second vertex lies far in."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    out = np.where(np.arange(vertices) % 2 == 0, radius_m, radius_m * inner)
    return shapely.Polygon(np.column_stack([at[0] + out * np.cos(angle), at[1] + out * np.sin(angle)]))


def comb(vertices: int, width_m: float = 800.0, height_m: float = 400.0, *, turned: float = 0.0):
    """A valid polygon of teeth on a back, turned by so many degrees."""
    x = np.linspace(0, width_m, vertices - 2)
    y = np.where(np.arange(vertices - 2) % 2 == 0, 10.0, height_m)
    teeth = np.vstack([np.column_stack([x, y]), [[width_m, 0.0], [0.0, 0.0]]])
    return affinity.rotate(shapely.Polygon(teeth), turned)


def scattered(points: int, within_m: float):
    return shapely.MultiPoint(np.random.default_rng(7).uniform(-within_m, within_m, (points, 2)))


def zigzag(vertices: int, width_m: float):
    y = np.where(np.arange(vertices) % 2 == 0, 0.0, width_m)
    return affinity.rotate(shapely.LineString(np.column_stack([np.linspace(0, width_m, vertices), y])), 30)


@st.composite
def spiky(draw, least=300, most=900):
    vertices = 2 * draw(st.integers(least // 2, most // 2))
    if draw(st.booleans()):
        return star(vertices, draw(st.floats(50, 3000)), draw(st.floats(0.05, 0.8)))
    return comb(vertices, draw(st.floats(50, 3000)), draw(st.floats(50, 3000)), turned=draw(st.floats(5, 85)))


PARTNERS = st.one_of(
    st.builds(
        lambda x, y, half: shapely.box(x - half, y - half, x + half, y + half),
        st.floats(-800, 800),
        st.floats(-800, 800),
        st.floats(10, 1500),
    ),
    st.builds(lambda x, r: shapely.Point(x, x).buffer(r, quad_segs=60), st.floats(-500, 500), st.floats(20, 900)),
    st.builds(lambda x: star(300, 600, at=(x, 90.0)), st.floats(-400, 400)),
)


@FEW
@given(spiky(), PARTNERS)
def test_taken_apart_or_whole_two_shapes_share_the_same_ground(shape, other):
    shared = shared_area(column([shape, other]), column([other, shape]))
    expected = shapely.area(shapely.intersection(shape, other))
    assert shared == pytest.approx([expected, expected], rel=1e-6, abs=1e-6 * shape.length)


@FEW
@given(spiky())
def test_the_triangles_of_an_outline_are_its_ground(shape):
    triangles = triangles_of(shape)
    assert len(triangles) > 1
    assert shapely.area(triangles).sum() == pytest.approx(shape.area, rel=1e-9)
    assert shapely.area(shapely.intersection(triangles[:-1], triangles[1:])).max() <= 1e-9 * shape.area


@settings(max_examples=5, deadline=None)
@given(spiky(202, 260), st.sampled_from([20.0, 200.0]))
def test_an_outline_is_widened_to_the_same_ground_piece_by_piece(shape, metres):
    apart, whole = widened(column([shape]), metres)[0], buffer_m(shape, metres)
    assert apart.area == pytest.approx(whole.area, abs=5 * TRUE_TO_M * whole.length)
    assert shapely.area(shapely.symmetric_difference(apart, whole)) <= 10 * TRUE_TO_M * whole.length


@pytest.mark.parametrize(
    ("shape", "metres", "cap"), [(scattered(300, 150), 30.0, "round"), (zigzag(250, 40), 5.0, "flat")]
)
def test_points_and_lines_too(shape, metres, cap):
    apart = widened(column([shape]), metres, cap_style=cap)[0]
    whole = buffer_m(shape, metres, cap_style=cap)
    assert tangles._meetings_when_widened(shape, metres) > tangles.TANGLED
    assert apart.area == pytest.approx(whole.area, rel=1e-4)


def test_ground_in_pieces_that_lie_on_each_other_counts_once():
    shape, pieces = star(1000), column([shapely.box(-900, -900, 100, 900), shapely.box(0, -900, 900, 900)])
    assert is_tangled(shape)
    assert area_on(shape, pieces) == pytest.approx(shape.area, rel=1e-9)


def test_holes_and_parts_are_taken_apart_as_well():
    holes = [shapely.box(x, y, x + 5, y + 5) for x in range(-100, 100, 20) for y in range(-100, 100, 20)]
    body = shapely.difference(star(800, 600, 0.5), shapely.union_all(holes))
    both = shapely.MultiPolygon([body, affinity.translate(body, 2000, 0)])
    window = shapely.box(-50, -300, 2100, 300)
    expected = shapely.area(shapely.intersection(both, window))
    assert shared_area(column([both]), column([window]))[0] == pytest.approx(expected, rel=1e-9)


def test_a_smooth_outline_of_many_vertices_is_no_tangle():
    smooth = shapely.Point(0, 0).buffer(1000, quad_segs=5000)
    assert not is_tangled(smooth)
    assert not is_tangled(shapely.segmentize(shapely.box(0, 0, 1000, 1000), 0.2))


def test_a_small_tangle_on_a_large_outline_is_seen():
    country = shapely.box(1000, -50_000, 100_000, 50_000)
    assert is_tangled(shapely.union(country, affinity.rotate(comb(5000, 400, 5000), 45, origin=(0, 0))))


@pytest.mark.parametrize("shape", [star(700), comb(600, turned=30), star(700, 150, at=(9_900, 0))])
def test_the_opinion_is_the_one_on_the_outline_measured_whole(shape, monkeypatch):
    around = zones(
        zone("z1", "flood", shapely.box(-300, -200, 200, 900), "中"),
        zone("z2", "geological", star(300, 500, at=(400, 100)), "高"),
        zone("z3", "flood", shapely.Point(9_000, 0).buffer(950, quad_segs=90), "高"),
    )
    ground = all_but("flood", extent("flood", shapely.box(-5000, -5000, 10_000, 80)))
    place = site(shape, project_class="K1")
    apart = review_site(place, around, extents_of(ground), BOOK, ON)
    monkeypatch.setattr(tangles, "TANGLED", math.inf)
    whole = review_site(place, around, extents_of(ground), BOOK, ON)
    assert (apart.verdict, apart.borderline, apart.data_gaps) == (whole.verdict, whole.borderline, whole.data_gaps)
    assert apart.sensitivity == whole.sensitivity
    for one, other in zip(apart.themes, whole.themes, strict=True):
        assert (one.status, one.covered_share) == (other.status, pytest.approx(other.covered_share, rel=1e-6))
        assert one.reach_share == pytest.approx(other.reach_share, abs=1e-5)
        assert [finding.zone for finding in one.findings] == [finding.zone for finding in other.findings]
        assert [finding.overlap_m2 for finding in one.findings] == pytest.approx(
            [finding.overlap_m2 for finding in other.findings], rel=1e-6
        )


def extents_of(ground):
    return ground if not isinstance(ground, tuple) else extents(*ground)


@pytest.fixture
def work(monkeypatch):
    """How many vertices are handed to the costly operations, and which shapes with many were overlaid whole."""
    done = {"vertices": 0, "tangled": 0}

    def counted(name):
        original = getattr(shapely, name)

        def count(*shapes, **options):
            arrays = [np.atleast_1d(one) for one in shapes if not isinstance(one, float)]
            many = [one for one in arrays if one.dtype == object]
            done["vertices"] += sum(int(shapely.get_num_coordinates(one).sum()) for one in many)
            done["tangled"] += sum(is_tangled_by_counting(one) for array in many for one in array)
            return original(*shapes, **options)

        monkeypatch.setattr(shapely, name, count)

    for name in ("intersection", "buffer"):
        counted(name)
    return done


def is_tangled_by_counting(shape) -> bool:
    """Whether pairs of edges with meeting boxes, counted one by one, are far more than the edges."""
    if shapely.get_num_coordinates(shape) < 200 or shapely.get_dimensions(shape) < 2:
        return False
    rings = shapely.get_parts(shapely.boundary(shape))
    edges = np.concatenate(
        [shapely.linestrings(np.stack([v[:-1], v[1:]], 1)) for v in map(shapely.get_coordinates, rings)]
    )
    boxes = shapely.box(*shapely.bounds(edges).T)
    return len(shapely.STRtree(boxes).query(boxes)[0]) > 2 * tangles.TANGLED + 20 * len(edges)


def judged_star(vertices: int) -> None:
    around = zones(zone("z", "flood", shapely.box(-300, -2000, 200, 2000), "中"))
    ground = extents_of(all_but("flood", extent("flood", shapely.box(-5000, -5000, 10_000, 80))))
    review_site(site(star(vertices), project_class="K1"), around, ground, BOOK, ON)


def test_work_grows_with_the_vertices_and_nothing_tangled_is_overlaid_whole(work):
    spent = []
    for vertices in (1000, 2000, 4000):
        work["vertices"] = 0
        judged_star(vertices)
        spent.append(work["vertices"])
    assert work["tangled"] == 0
    assert spent[1] <= 2.3 * spent[0]
    assert spent[2] <= 2.3 * spent[1]


def test_looking_for_tangles_counts_pairs_about_right():
    for shape in (star(400), comb(400, turned=40), comb(400, turned=0.0)):
        rings = shapely.get_coordinates(shape)
        boxes = shapely.box(*shapely.bounds(shapely.linestrings(np.stack([rings[:-1], rings[1:]], 1))).T)
        counted = len(shapely.STRtree(boxes).query(boxes)[0])
        assert counted / 8 <= meetings(shape, shapely.bounds(shape)) <= 8 * counted
