"""Footprints: what ground is judged when a polygon, a line or a point was handed in."""

import numpy as np
import pytest
import shapely

from risk_model.errors import UnreadableSite
from risk_model.siting.footprints import lay_footprints
from risk_model.vocabulary import ProjectClass, Site
from tests.risk_model.ground import BOOK, FIELD, site
from tests.saying import refusing


def laid(*sites):
    return lay_footprints(sites, BOOK.terms)


def test_a_polygon_is_judged_as_it_is():
    prints = laid(site(FIELD))
    assert prints.geometry[0] is FIELD
    assert (prints.area_m2[0], prints.perimeter_m[0], prints.buffered_m[0]) == (10_000, 400, 0)


def test_a_point_gets_thirty_metres_of_ground_around_it():
    prints = laid(site(shapely.Point(5, 5)), site(shapely.MultiPoint([(0, 0), (500, 0)])))
    assert prints.buffered_m.tolist() == [30, 30]
    assert prints.area_m2[0] == pytest.approx(np.pi * 900, rel=0.01)
    assert prints.area_m2[1] == pytest.approx(2 * np.pi * 900, rel=0.01)


def test_a_line_gets_ten_metres_on_each_side_and_none_beyond_its_ends():
    prints = laid(site(shapely.LineString([(0, 0), (100, 0)]), "K7"))
    assert prints.buffered_m[0] == 10
    assert prints.area_m2[0] == pytest.approx(2000)
    assert prints.geometry[0].bounds == (0, -10, 100, 10)


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        (None, "usable type"),
        (shapely.GeometryCollection([FIELD]), "usable type"),
        (shapely.Polygon(), "empty"),
        (shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]), "invalid"),
        (shapely.LineString([(0, 0), (0, 0)]), "invalid"),
    ],
)
def test_a_site_without_readable_ground_is_refused_by_name(geometry, told):
    with refusing(UnreadableSite, match=told) as refusal:
        laid(site(FIELD), Site(geometry, ProjectClass.K4, name="粮库"))
    assert "粮库" in str(refusal.value)


def test_a_nameless_site_is_refused_by_its_number():
    with refusing(UnreadableSite, match="number 1"):
        laid(site(FIELD), site(shapely.Polygon()))
