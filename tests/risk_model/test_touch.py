"""A site that only touches a zone as both were drawn is not concerned by it, whatever projecting makes of the edge."""

import datetime
from dataclasses import replace

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from risk_model.rulebook import load_rulebook
from risk_model.siting import review_site
from risk_model.vocabulary import ExtentSet, ProjectClass, Site, ThemeStatus, Verdict, ZoneSet

BOOK = load_rulebook()
ON = datetime.date(2026, 11, 23)


def bend(geometry: shapely.Geometry) -> shapely.Geometry:
    """A plane in which lines that were straight are not: only vertices are carried over."""
    return shapely.transform(geometry, lambda xy: np.column_stack([xy[:, 0] + 1e-6 * (xy[:, 1] - 500) ** 2, xy[:, 1]]))


def river(zone: shapely.Geometry) -> ZoneSet:
    def words(value: str) -> np.ndarray:
        return np.array([value], dtype=object)

    unknown = np.array([np.nan])
    return ZoneSet(
        words("1"), np.array([1]), words("river_management"), words("hazard"), words(""), np.array([0]), words(""),
        words(""), unknown, unknown, unknown, words(""), np.array([1]),
        np.array([bend(zone)], dtype=object), np.array([zone], dtype=object),
    )  # fmt: skip


NOWHERE = ExtentSet(*(np.array([], dtype=kind) for kind in (np.int64, object, object, bool, object)))
ZONE = shapely.Polygon([(0, -1000), (0, 2000), (-500, 2000), (-500, -1000)])


def review(site: shapely.Geometry, zones: ZoneSet, *, drawn: bool = True):
    asked = Site(bend(site), ProjectClass.K4, drawn=site if drawn else None)
    opinion = review_site(asked, zones, NOWHERE, BOOK, ON)
    theme = next(theme for theme in opinion.themes if theme.theme == "river_management")
    return opinion, theme.findings


def test_an_edge_shared_as_drawn_is_a_touch_though_projecting_bends_it():
    plot = shapely.box(0, 400, 100, 600)
    opinion, findings = review(plot, river(ZONE))
    assert findings == ()
    assert opinion.verdict is Verdict.INSUFFICIENT_DATA
    assert opinion.borderline
    _, unaware = review(plot, river(ZONE), drawn=False)
    assert unaware[0].overlap_m2 > 1.0


def test_an_overlap_that_was_drawn_counts_however_thin():
    opinion, findings = review(shapely.box(-0.001, 400, 100, 600), river(ZONE))
    assert opinion.verdict is Verdict.PROHIBITED
    assert findings[0].overlap_m2 > 0


@given(st.floats(-50.0, -0.001), st.floats(10.0, 900.0))
def test_knowing_how_a_site_was_drawn_changes_nothing_where_it_overlaps(west, south):
    plot = shapely.box(west, south, 100, south + 50)
    aware, _ = review(plot, river(ZONE))
    unaware, _ = review(plot, replace(river(ZONE), drawn=None))
    assert aware == unaware


def test_a_theme_that_is_only_touched_is_not_concerned():
    surveyed = ExtentSet(
        np.array([1]), np.array(["river_management"], dtype=object), np.array(["hazard"], dtype=object),
        np.array([False]), np.array([shapely.box(-5000, -5000, 5000, 5000)], dtype=object),
    )  # fmt: skip
    asked = Site(bend(shapely.box(0, 400, 100, 600)), ProjectClass.K4, drawn=shapely.box(0, 400, 100, 600))
    opinion = review_site(asked, river(ZONE), surveyed, BOOK, ON)
    statuses = {theme.theme: theme.status for theme in opinion.themes}
    assert statuses["river_management"] is ThemeStatus.NOT_CONCERNED
