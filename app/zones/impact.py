"""Impact of a draft before it is published: ground, who and what stands on it, and projects that would be judged otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from app.judgement.inventory import COUNTED, exposed_under_each, read_inventory
from app.judgement.screening import check_site, sites_of
from app.platform.work import Work
from app.zones.impact_schemas import DraftImpact, GradeGround, GroundMove, ProjectFlip, ThemeImpact
from app.zones.themes import Theme, by_theme, edited_zones, windows_around
from gis_layers.crs import to_metric
from gis_layers.stores import draft_zones, editions, staged_zones
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from gis_layers.stores.projects import read_projects
from risk_model.editing.impact import UNGRADED, GroundChange, GroundImpact, Mark, ground_impact
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries, Site


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
    worse = [change.shape for one in moved for change in one.ground.changes if _worsens(change.before, change.after)]
    better = [change.shape for one in moved for change in one.ground.changes if _worsens(change.after, change.before)]
    inventory = read_inventory(work, (*COUNTED, "stations"))
    entering, leaving = exposed_under_each([as_array(worse), as_array(better)], inventory)
    counted, flips = _flips(work, draft, [shape for one in moved for shape in one.shapes], on)
    return {
        "themes": [_told(work.rulebook, one) for one in moved],
        "entering": entering,
        "leaving": leaving,
        "projects_judged": counted,
        "projects": flips,
        "judged_on": on.isoformat(),
        "next_edition": editions.following_number(work.session),
    }


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


def _told(rulebook: RuleBook, one: _Moved) -> ThemeImpact:
    gained, lost = one.ground.gained_m2, one.ground.lost_m2
    marks = sorted({*gained, *lost} - {None})
    hazard, product = one.theme
    return {
        "hazard": hazard,
        "product": product,
        "grades": [
            {**_grade(rulebook, mark), "gained_m2": gained.get(mark, 0.0), "lost_m2": lost.get(mark, 0.0)}
            for mark in marks
        ],
        "changes": [_change(rulebook, change) for change in one.ground.changes],
    }  # fmt: skip


def _change(rulebook: RuleBook, change: GroundChange) -> GroundMove:
    before, after = (None if mark is None else _grade(rulebook, mark) for mark in (change.before, change.after))
    return {"before": before, "after": after, "area_m2": change.area_m2}


def _grade(rulebook: RuleBook, mark: Mark) -> GradeGround:
    scheme, rank = mark
    if mark == UNGRADED or scheme not in rulebook.schemes or not 1 <= rank <= len(rulebook.scheme(scheme)):
        return {"grade_scheme": scheme or None, "grade_rank": rank or None, "grade": None}
    return {"grade_scheme": scheme, "grade_rank": rank, "grade": rulebook.grade(scheme, rank).name}


def _flips(work: Work, draft: Draft, shapes: Sequence[Any], on: datetime.date) -> tuple[int, list[ProjectFlip]]:
    """How many projects lie near what a draft changes, and those whose verdict would be another."""
    projects = read_projects(work.session)
    sites = sites_of(projects, work.settings.metric_crs)
    near = [number for number, site in enumerate(sites) if _reached(work.rulebook, site, shapes)]
    before = _verdicts(work, [sites[number] for number in near], on)
    after = _verdicts_under(work, draft, [sites[number] for number in near], on)
    told = zip(near, before, after, strict=True)
    return len(near), [_flip(projects, number, one, other) for number, one, other in told if one != other]


def _reached(rulebook: RuleBook, site: Site, shapes: Sequence[Any]) -> bool:
    if not len(shapes):
        return False
    terms, kind = rulebook.terms, site.project_class
    reach_m = max(rulebook.reach_by_hazard(site).values()) + max(terms.point_m[kind], terms.line_m[kind])
    return bool(np.any(shapely.dwithin(as_array(list(shapes)), site.geometry, reach_m + 1.0)))


def _verdicts(work: Work, sites: Iterable[Site], on: datetime.date) -> list[str]:
    return [check_site(work, site, on=on).opinion.verdict.value for site in sites]


def _verdicts_under(work: Work, draft: Draft, sites: Sequence[Site], on: datetime.date) -> list[str]:
    """Verdicts as they would be: the draft is put in force inside the transaction, looked at, and taken back whole."""
    if not sites:
        return []
    with work.session.begin_nested() as there:
        editions.lock_publication(work.session)
        staged_zones.publish_staged_zones(work.session, draft.id, editions.following_number(work.session))
        judged = _verdicts(work, sites, on)
        there.rollback()
    return judged


def _flip(projects: gpd.GeoDataFrame, number: int, before: str, after: str) -> ProjectFlip:
    row = projects.iloc[number]
    return {
        "id": int(row["id"]),
        "name": str(row["name"]),
        "project_class": str(row["project_class"]),
        "before": before,
        "after": after,
    }
