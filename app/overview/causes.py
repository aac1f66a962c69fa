"""Causes of a project's verdict, as the map shows them: the zones and objects that decide it, ground nobody surveyed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any, cast

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.http.geojson_shapes import geometry_of
from app.judgement.projects import find_registered
from app.judgement.screening import CheckedSite, check_site, decisive_of, sites_of
from app.overview.gaps import unsurveyed_ground
from app.overview.schemas import CausesAnswer, VerdictCause
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.stores.met_objects import Mark, read_object_shapes
from gis_layers.stores.met_zones import read_zone_shapes
from risk_model.shapes import as_array
from risk_model.vocabulary import Finding, Verdict


def causes_of(work: Work, number: int, *, on: datetime.date) -> CausesAnswer:
    """The causes of the verdict on a stored project as judged on day ``on``. Raises NotFound."""
    (site,) = sites_of(find_registered(work.session, number), work.settings.metric_crs)
    checked = check_site(work, site, on=on)
    findings = decisive_of(checked.opinion)
    shapes = _shapes(work.session, findings)
    met = [(one, shapes[_mark(one)]) for one in findings if _mark(one) in shapes]
    causes = [_met(one, shape, checked, work.settings.metric_crs) for one, shape in met]
    if checked.opinion.verdict is Verdict.INSUFFICIENT_DATA:
        causes += _gaps(work, checked)
    return {
        "id": number,
        "verdict": checked.opinion.verdict,
        "site": geometry_of(cast("BaseGeometry", checked.footprint)),
        "causes": causes,
    }


def _mark(finding: Finding) -> Mark:
    """Zone and version, or the kind and number of an object; no kind of object is a number."""
    if finding.object is not None:
        return finding.object.kind, finding.object.id
    return str(finding.zone), finding.zone_version or 0


def _shapes(session: Session, findings: list[Finding]) -> Mapping[Mark, Any]:
    zones = read_zone_shapes(session, [_mark(one) for one in findings if one.object is None])
    objects = read_object_shapes(session, [_mark(one) for one in findings if one.object is not None])
    return {(one.zone, one.version): one.geometry for one in zones} | objects


def _met(finding: Finding, shape: Any, checked: CheckedSite, metric_crs: str) -> VerdictCause:
    line = None
    if finding.overlap_m2 == 0 and finding.distance_m > 0:
        (metric,) = to_metric(as_array([shape]), metric_crs)
        shortest = shapely.shortest_line(checked.opinion.footprint, metric)
        line = geometry_of(to_storage(as_array([shortest]), metric_crs)[0])
    met = finding.object
    return {
        "theme": finding.hazard,
        "product": finding.product or None,
        "rule": finding.rule,
        "zone": finding.zone,
        "kind": met.kind if met else None,
        "number": met.id if met else None,
        "name": met.name if met else finding.zone_name,
        "grade_scheme": finding.grade_scheme,
        "grade_rank": finding.grade_rank,
        "distance_m": finding.distance_m,
        "geometry": geometry_of(shape),
        "line": line,
    }


def _gaps(work: Work, checked: CheckedSite) -> Iterator[VerdictCause]:
    """The pieces of ground nobody surveyed for the themes that are unknown on the site or as far around as they look."""
    reaches = {one.theme: one.reach_m for one in checked.opinion.themes}
    for theme in checked.opinion.data_gaps:
        if theme not in work.rulebook.hazards:
            continue
        ground = unsurveyed_ground(work, theme).geometry.to_numpy()
        metric = to_metric(ground, work.settings.metric_crs)
        near = shapely.dwithin(metric, checked.opinion.footprint, reaches.get(theme, 0.0))
        yield from (_unknown(theme, piece) for piece in ground[near])


def _unknown(theme: str, piece: Any) -> VerdictCause:
    return {
        "theme": theme,
        "product": None,
        "rule": None,
        "zone": None,
        "kind": None,
        "number": None,
        "name": "",
        "grade_scheme": None,
        "grade_rank": None,
        "distance_m": 0.0,
        "geometry": geometry_of(piece),
        "line": None,
    }
