"""Places to compare with (可比选范围): read around a site, searched by the model, told with what differs from the original."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final, cast

import shapely

from app.http.geojson_shapes import Geometry, geometry_of
from app.judgement.screening import CheckedSite, read_grounds
from app.platform.allowance import MANY_VERTICES, Allowance
from app.platform.clock import today
from app.platform.errors import Refused
from app.platform.work import Work
from app.reports.places import TITLE, no_cut_because, no_move_because, none_because
from app.siting.alternative_schemas import (
    AlternativeAnswer,
    AlternativesAnswer,
    AlternativesAsked,
)
from app.siting.evidence_schemas import (
    ComparedPlace,
    ComparedPlaces,
    CutAnswer,
    MovedParts,
    PartPlace,
    SiteMoveAnswer,
    ThemeDifference,
)
from app.siting.schemas import DISCLAIMER, theme_answer
from app.siting.service import read_site, refuse_declaration
from gis_layers.crs import to_storage
from gis_layers.stores.roads import read_roads_near
from risk_model.message import msg
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.siting.alternatives import Place, PlaceComparison, Wanted, compare_places
from risk_model.siting.cuts import OutlineCut
from risk_model.vocabulary import Opinion, Site, ThemeReport

ROADS_BEYOND_M: Final = 5000.0
"""Roads are looked for this far beyond the places; farther ones count as that far."""


def compare(
    work: Work, asked: AlternativesAsked, allowed: Allowance, *, on: datetime.date | None = None
) -> AlternativesAnswer:
    """Places the same outline could stand on today or ``on`` a day, milder and surveyed, with the smallest move and cut.

    Nothing is kept.
    """
    refuse_declaration(asked.properties, work.likely_rulebook().terms)
    site, _ = read_site(asked, work.settings.metric_crs, allowed)
    grounds, standing = read_grounds(work, site, asked.within_m, on=on or today())
    roads = read_roads_near(work.session, site.geometry, asked.within_m + ROADS_BEYOND_M, work.settings.metric_crs)
    wanted = Wanted(asked.within_m, asked.count, roads)
    compared = allowed.reckon(MANY_VERTICES + 1, compare_places, site, grounds, wanted)
    return _told(work, compared, grounds.rulebook, {"edition": standing.edition, "asked": asked})


def places_beside(work: Work, asked: AlternativesAsked, checked: CheckedSite, allowed: Allowance) -> ComparedPlaces:
    """Places to compare with the site just ``checked``, by the same zones and rules.

    Raises Refused where others came into force in between.
    """
    told = compare(work, asked, allowed, on=checked.on)
    edition = None if checked.edition is None else checked.edition.number
    if (told["edition"], told["rulebook"]) != (edition, checked.rulebook.version):
        raise Refused(msg("筛查期间启用了新的区划或规则，请再筛查一次"))
    return kept_places(told)


def _told(work: Work, compared: PlaceComparison, rulebook: RuleBook, of: dict[str, Any]) -> AlternativesAnswer:
    metric_crs, edition, asked = work.settings.metric_crs, of["edition"], of["asked"]
    told: AlternativesAnswer = {
        "title": TITLE,
        "original": {"verdict": compared.original.verdict.value, "data_gaps": list(compared.original.data_gaps)},
        "alternatives": [_place(one, compared.original, rulebook, metric_crs) for one in compared.places],
        "smallest_move": _move(compared.smallest_move, metric_crs),
        "smallest_cut": _cut(compared.smallest_cut, metric_crs),
        "no_cut": compared.no_cut and compared.no_cut.value,
        "none_because": None,
        "no_move_because": None,
        "no_cut_because": None,
        "within_m": asked.within_m,
        "tried": compared.tried,
        "unsurveyed": compared.unsurveyed,
        "set_aside": compared.set_aside,
        "slope": None,
        "edition": None if edition is None else edition.number,
        "rulebook": rulebook.version,
        "disclaimer": DISCLAIMER,
    }
    return {
        **told,
        "none_because": none_because(told),
        "no_move_because": no_move_because(told),
        "no_cut_because": no_cut_because(told),
    }


def kept_places(told: AlternativesAnswer) -> ComparedPlaces:
    """The comparison as an opinion keeps it: figures and outlines, from which papers make their sentences."""
    kept = ComparedPlaces.__annotations__.keys() - {"alternatives"}
    named = ComparedPlace.__annotations__.keys()
    places = [{name: value for name, value in one.items() if name in named} for one in told["alternatives"]]
    return cast("ComparedPlaces", {**{name: told[name] for name in kept}, "alternatives": places})  # type: ignore[literal-required]


def _place(place: Place, original: Opinion, rulebook: RuleBook, metric_crs: str) -> AlternativeAnswer:
    return {
        "geometry": _stored(place.geometry, metric_crs),
        "moved_m": place.moved_m,
        "bearing_deg": place.bearing_deg,
        "verdict": place.opinion.verdict.value,
        "borderline": place.opinion.borderline,
        "data_gaps": list(place.opinion.data_gaps),
        "themes": [theme_answer(theme, rulebook) for theme in place.opinion.themes],
        "differences": list(_differences(original, place.opinion, rulebook)),
        "road_distance_m": place.road_m,
        "score": place.score,
        **_with_parts(place.opinion, metric_crs),
    }


def _differences(before: Opinion, after: Opinion, rulebook: RuleBook) -> Iterator[ThemeDifference]:
    """Themes whose status, verdict or grade differs between two opinions."""
    then = {theme.theme: theme for theme in before.themes}
    for theme in after.themes:
        was, now = _summary(then.get(theme.theme)), _summary(theme)
        if was != now:
            yield {
                "theme": theme.theme,
                "name": rulebook.hazard_name(theme.theme),
                "before": {"status": was[0], "verdict": was[1], "grade": was[2]},
                "after": {"status": now[0], "verdict": now[1], "grade": now[2]},
            }


def _summary(theme: ThemeReport | None) -> tuple[str | None, str | None, str | None]:
    """Status of a theme, its worst verdict, and the grade that stands behind it."""
    if theme is None:
        return None, None, None
    worst = max(theme.findings, key=lambda one: (one.verdict.severity, -(one.grade_rank or 99)), default=None)
    return (theme.status.value, None, None) if worst is None else (theme.status.value, worst.verdict.value, worst.grade)


def _move(place: Place | None, metric_crs: str) -> SiteMoveAnswer | None:
    if place is None:
        return None
    return {
        "geometry": _stored(place.geometry, metric_crs),
        "moved_m": place.moved_m,
        "bearing_deg": place.bearing_deg,
        "verdict": place.opinion.verdict.value,
        **_with_parts(place.opinion, metric_crs),
    }


def _cut(cut: OutlineCut | None, metric_crs: str) -> CutAnswer | None:
    if cut is None:
        return None
    return {
        "geometry": _stored(cut.geometry, metric_crs),
        "cut_m2": cut.cut_m2,
        "kept_share": cut.kept_share,
        "verdict": cut.opinion.verdict.value,
        **_with_parts(cut.opinion, metric_crs),
    }


def _with_parts(opinion: Opinion, metric_crs: str) -> MovedParts:
    """The parts of a site where they were judged; nothing of a site without."""
    if not opinion.parts:
        return {}
    return {"parts": [_part(site, of, metric_crs) for site, of in opinion.parts]}


def _part(site: Site, opinion: Opinion, metric_crs: str) -> PartPlace:
    return {
        "name": site.name or None,
        "geometry": _stored(site.geometry, metric_crs),
        "verdict": opinion.verdict.value,
    }


def _stored(shape: shapely.Geometry, metric_crs: str) -> Geometry:
    return geometry_of(cast("Any", to_storage(as_array([shape]), metric_crs)[0]))
