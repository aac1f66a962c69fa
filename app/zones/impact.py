"""Impact of a draft before it is published: ground, who and what stands on it, and projects that would be judged otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

import geopandas as gpd
import numpy as np
import shapely

from app.http.geojson_shapes import geometry_of
from app.judgement.screening import check_site, check_sites, sites_of
from app.platform.clock import CHINA
from app.platform.work import Work
from app.zones.impact_areas import Grades, count_judged, grade_touched, shifts_of, touched_areas
from app.zones.impact_coverage import Covered, cover, not_reckoned, tell_coverage, why_not_reckoned
from app.zones.impact_schemas import CoverageImpact, DraftImpact, GradeGround, GroundMove, ProjectFlip, ThemeImpact
from app.zones.impact_things import SIDES, Side, first_things, stand_on_each
from app.zones.themes import Theme, by_theme, edited_zones, windows_around
from gis_layers.crs import to_metric, to_storage
from gis_layers.stores import draft_zones, editions, staged_zones
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from gis_layers.stores.projects import read_projects
from risk_model.editing.impact import UNGRADED, GroundChange, GroundImpact, Mark, ground_impact
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries, Site

Turns = Literal["entering", "leaving", "both"]
Judged = TypeVar("Judged")

MOST_PROJECTS: Final = 1_000
"""Projects judged for one impact, twice each."""
FEW: Final = 40
"""Up to so many sites the ground around each is read; of more that of the whole town is read once."""
MOST_VERTICES: Final = 100_000
"""Vertices of changed ground that an answer draws."""
DIGITS: Final = 8
"""Changed ground is drawn to the millimetre."""


@dataclass(frozen=True, slots=True)
class _Moved:
    """What a draft moves of one theme: its ground by grade, and every shape it changes (metric CRS)."""

    theme: Theme
    ground: GroundImpact
    shapes: Geometries


def impact_of(work: Work, draft: Draft, on: datetime.date) -> DraftImpact:
    """Impact a draft would have if it came in force now; nothing of it stays."""
    moved = [
        _moved(work, draft, theme, ones)
        for theme, ones in by_theme(draft_zones.read_proposals(work.session, draft.id)).items()
    ]
    turned = {side: [shape for one in moved for shape in _turned(one, side)] for side in SIDES}
    (entering, leaving), things = stand_on_each(work, turned)
    shapes = as_array([shape for one in moved for shape in one.shapes])
    near, projects = _near(work, shapes)
    touched = touched_areas(work, shapes)
    present = editions.following_number(work.session) - 1
    why_not = why_not_reckoned(work)
    at = datetime.datetime.combine(on, datetime.time(12), CHINA)

    def judged(edition: int) -> tuple[list[str], list[Grades], Covered | None]:
        covered = cover(work, at) if why_not is None else None
        return _verdicts(work, near, on), grade_touched(work, touched, edition, on), covered

    before, after = judged(present), _under(work, draft, judged)
    drawn = _is_drawable(moved)
    return {
        "themes": [_told(work, one, drawn=drawn) for one in moved],
        "entering": entering,
        "leaving": leaving,
        "things": first_things(things),
        "things_in_all": len(things),
        "projects_near": len(projects),
        "projects_judged": len(near),
        "projects": [
            _flip(projects, number, one, other)
            for number, (one, other) in enumerate(zip(before[0], after[0], strict=True))
            if one != other
        ],
        "areas_judged": count_judged(touched),
        "areas": shifts_of(touched, before[1], after[1]),
        "coverage": _coverage(work, turned, (before[2], after[2]), why_not),
        "judged_on": on.isoformat(),
        "next_edition": present + 1,
        "against": present or None,
        "in_force": present or None,
        "kept_at": None,
    }


def _coverage(
    work: Work,
    turned: Mapping[Side, Sequence[Any]],
    covered: tuple[Covered | None, Covered | None],
    why_not: str | None,
) -> CoverageImpact:
    before, after = covered
    if before is None or after is None:
        return not_reckoned(why_not or "")
    return tell_coverage(work, turned, before, after)


def _moved(work: Work, draft: Draft, theme: Theme, changes: Mapping[int, SeenZone]) -> _Moved:
    in_force = draft_zones.read_in_force(work.session, list(changes))
    touched = [one for ones in (changes, in_force) for one in ones.values()]
    asked = ZonesAsked(None, *theme, near=windows_around(touched, 0.0))
    metric_crs = work.settings.metric_crs
    before = edited_zones(draft_zones.read_in_force(work.session, None, asked), metric_crs)
    after = edited_zones(draft_zones.read_draft_zones(work.session, draft.id, asked), metric_crs)
    shapes = to_metric(as_array([one.geometry for one in touched]), metric_crs)
    return _Moved(theme, ground_impact(before, after), shapes)


def _worsens(before: Mark | None, after: Mark | None) -> bool:
    """Whether ground comes under a worse grade, or under one at all; of two schemes nobody can say, so it counts as both."""
    if after is None or after == UNGRADED:
        return after is not None and before is None
    return before is None or before == UNGRADED or before[0] != after[0] or after[1] < before[1]


def _turned(one: _Moved, side: str) -> list[Any]:
    """The ground that comes under a worse grade, or under a better one."""
    return [change.shape for change in one.ground.changes if _turns(change) in {side, "both"}]


def _turns(change: GroundChange) -> Turns:
    worse, better = _worsens(change.before, change.after), _worsens(change.after, change.before)
    return "both" if worse and better else "entering" if worse else "leaving"


def _is_drawable(moved: Sequence[_Moved]) -> bool:
    shapes = as_array([change.shape for one in moved for change in one.ground.changes])
    return int(shapely.get_num_coordinates(shapes).sum()) <= MOST_VERTICES


def _told(work: Work, one: _Moved, *, drawn: bool) -> ThemeImpact:
    gained, lost = one.ground.gained_m2, one.ground.lost_m2
    marks = sorted({*gained, *lost} - {None})
    hazard, product = one.theme
    return {
        "hazard": hazard,
        "product": product,
        "grades": [
            {**_grade(work.rulebook, mark), "gained_m2": gained.get(mark, 0.0), "lost_m2": lost.get(mark, 0.0)}
            for mark in marks
        ],
        "changes": [_change(work, change, drawn=drawn) for change in one.ground.changes],
    }  # fmt: skip


def _change(work: Work, change: GroundChange, *, drawn: bool) -> GroundMove:
    before, after = (None if mark is None else _grade(work.rulebook, mark) for mark in (change.before, change.after))
    shape = to_storage(as_array([change.shape]), work.settings.metric_crs)[0] if drawn else None
    geometry = None if shape is None else geometry_of(shapely.transform(shape, lambda at: np.round(at, DIGITS)))
    return {
        "before": before,
        "after": after,
        "area_m2": change.area_m2,
        "turns": _turns(change),
        "geometry": geometry,
    }


def _grade(rulebook: RuleBook, mark: Mark) -> GradeGround:
    scheme, rank = mark
    if mark == UNGRADED or scheme not in rulebook.schemes or not 1 <= rank <= len(rulebook.scheme(scheme)):
        return {"grade_scheme": scheme or None, "grade_rank": rank or None, "grade": None}
    return {"grade_scheme": scheme, "grade_rank": rank, "grade": rulebook.grade(scheme, rank).name}


def _near(work: Work, shapes: Geometries) -> tuple[list[Site], gpd.GeoDataFrame]:
    """The registered projects near what a draft changes, as rows and, the first of them, as sites to be judged."""
    projects = read_projects(work.session)
    sites = sites_of(projects, work.settings.metric_crs)
    near = [number for number, site in enumerate(sites) if _reached(work.rulebook, site, shapes)]
    return [sites[number] for number in near[:MOST_PROJECTS]], projects.iloc[near]


def _reached(rulebook: RuleBook, site: Site, shapes: Geometries) -> bool:
    if not len(shapes):
        return False
    terms, kind = rulebook.terms, site.project_class
    reach_m = max(rulebook.reach_by_hazard(site).values()) + max(terms.point_m[kind], terms.line_m[kind])
    return bool(np.any(shapely.dwithin(shapes, site.geometry, reach_m + 1.0)))


def _verdicts(work: Work, sites: Sequence[Site], on: datetime.date) -> list[str]:
    if len(sites) <= FEW:
        return [check_site(work, site, on=on).opinion.verdict.value for site in sites]
    return [opinion.verdict.value for opinion in check_sites(work, sites, on=on)[0]]


def _under(work: Work, draft: Draft, judged: Callable[[int], Judged]) -> Judged:
    """What is judged as it would be: the draft is put in force inside the transaction, looked at, and taken back whole."""
    with work.session.begin_nested() as there:
        editions.lock_publication(work.session)
        edition = editions.following_number(work.session)
        staged_zones.publish_staged_zones(work.session, draft.id, edition)
        found = judged(edition)
        there.rollback()
    return found


def _flip(projects: gpd.GeoDataFrame, number: int, before: str, after: str) -> ProjectFlip:
    row = projects.iloc[number]
    return {
        "id": int(row["id"]),
        "name": str(row["name"]),
        "project_class": str(row["project_class"]),
        "before": before,
        "after": after,
        "place": shapely.get_coordinates(shapely.point_on_surface(row.geometry))[0].tolist(),
    }
