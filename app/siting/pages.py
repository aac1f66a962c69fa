"""The siting check as a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import AllowanceOf, Received, Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.legend import legend_of
from app.maps.siting_map import SitingMapView, draw_siting_map
from app.platform.deployment import Deployment
from app.platform.errors import NotFound
from app.platform.work import Work
from app.reports.findings import Sources
from app.reports.grounds import read_surveys
from app.reports.opinion import tell_opinion
from app.reports.paper import OFFERED
from app.reports.places import tell_places
from app.reports.visits import VISITS
from app.siting.alternative_schemas import AlternativeAnswer, AlternativesAsked
from app.siting.alternatives import compare
from app.siting.evidence_schemas import SiteMoveAnswer
from app.siting.places_again import places_asked
from app.siting.schemas import SiteFeature
from app.siting.single_check import Judged, judge
from gis_layers.crs import STORAGE_CRS, GaussKrueger, gauss_krueger_of
from gis_layers.stores.checks import find_check
from risk_model.codes import enumeration
from risk_model.message import msg
from risk_model.vocabulary import ProjectClass

router = APIRouter(include_in_schema=False)

CrsChoice = tuple[str, str, dict[str, str | int]]


@router.get("/siting")
def siting(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """The form, the map and the place where the opinion will stand."""
    legend = legend_of(work.rulebook)
    return render(
        request,
        "siting.html",
        town=page_context(work),
        legend=legend,
        map=draw_siting_map(SitingMapView(legend, town_bounds(work))),
        project_classes=_project_classes(work),
        building_types=list(work.rulebook.terms.building_types.values()),
        crs_choices=_crs_choices(work.deployment),
        visits=VISITS,
    )


@router.post("/siting/opinion")
def opinion(
    request: Request, feature: SiteFeature, work: WorkOf, principal: Viewer, asked: Received, allowed: AllowanceOf
) -> Response:
    """The check of ``POST /api/siting/check`` as a piece of the page, with its answer for the map embedded."""
    judged = judge(work, feature=feature, principal=principal, asked=asked, allowed=allowed)
    return _piece(request, work, judged)


@router.post("/siting/places/opinion")
def opinion_with_places(
    request: Request, places: AlternativesAsked, work: WorkOf, principal: Viewer, asked: Received, allowed: AllowanceOf
) -> Response:
    """The check of ``POST /api/siting/alternatives/check`` as a piece of the page."""
    judged = judge(work, feature=places, principal=principal, asked=asked, allowed=allowed, places=places)
    return _piece(request, work, judged)


def _piece(request: Request, work: Work, judged: Judged) -> Response:
    answer = judged.answer
    sources = Sources(judged.checked.rulebook, read_surveys(work.session, answer))
    return render(
        request,
        "opinion/piece.html",
        opinion=tell_opinion(answer, sources),
        on_screen=True,
        papers=OFFERED,
        # Nothing in the answer may end the element it stands in.
        facts=judged.document.decode().replace("<", "\\u003c"),
    )


@router.post("/siting/places")
def places(
    request: Request, asked: AlternativesAsked, work: WorkOf, principal: Viewer, allowed: AllowanceOf
) -> Response:
    """The places of ``POST /api/siting/alternatives`` as a piece of the page, with their outlines for the map embedded."""
    told = compare(work, asked, allowed)
    move = told["smallest_move"]
    facts = {"places": [_ground(one) for one in told["alternatives"]], "move": None if move is None else _ground(move)}
    return render(
        request,
        "opinion/places.html",
        told=tell_places(told, work.rulebook),
        # Nothing in the answer may end the element it stands in.
        facts=orjson.dumps(facts).decode().replace("<", "\\u003c"),
    )


def _ground(moved: AlternativeAnswer | SiteMoveAnswer) -> dict[str, Any]:
    """Outline of a place with the named parts of the site there."""
    parts = [{"name": one["name"], "geometry": one["geometry"]} for one in moved.get("parts", ()) if one["name"]]
    return {"geometry": moved["geometry"], "parts": parts}


@router.post("/siting/checks/{number}/again")
def again(number: str, work: WorkOf, principal: Viewer, allowed: AllowanceOf) -> Response:
    """One's own check made again of what was handed in then, and shown as it is on record."""
    found = find_check(work.session, number)
    if found is None or found.actor != principal.name or found.kind != "single" or found.input is None:
        raise NotFound(msg("没有您自己的、内容在案的筛查记录「{number}」", number=number[:40]))
    asked = orjson.loads(found.input)
    feature = SiteFeature.model_validate(asked)
    places = places_asked(work.session, found)
    judged = judge(work, feature=feature, principal=principal, asked=asked, allowed=allowed, places=places)
    return RedirectResponse(f"/checks/{quote(judged.answer['record']['number'])}", 303)


def _project_classes(work: Work) -> list[tuple[str, str, str]]:
    names = work.rulebook.terms.class_names
    return [(one.value, names[one][0], enumeration("project_class")[one].hint) for one in ProjectClass]


def _crs_choices(deployment: Deployment) -> list[CrsChoice]:
    """Code, name and what stands in the name: found out, degrees, the measuring CRS and its zone with the number."""
    metric_crs = deployment.settings.metric_crs
    zone = gauss_krueger_of(metric_crs)
    choices: list[CrsChoice] = [("", "自动识别", {}), (STORAGE_CRS, "CGCS2000 经纬度（度）", {})]
    if zone is None:
        return [*choices, (metric_crs, "%(crs)s（米）", {"crs": metric_crs})]
    for each in (zone, *_sisters(zone)):
        title = "高斯 %(width)s 度带 %(zone)s 带，带带号" if each.prefixed else "高斯，中央经线 %(meridian)s°，不带带号"
        values = {"width": each.width_deg, "zone": each.zone} if each.prefixed else {"meridian": each.central_meridian}
        choices.append((each.code or metric_crs, title, dict(values)))
    return choices


def _sisters(zone: GaussKrueger) -> list[GaussKrueger]:
    """The zones of the same central meridian that write their number before the easting: 3° and, where there is one, 6°."""
    three = GaussKrueger(zone.central_meridian // 3, 3, prefixed=True)
    six = GaussKrueger((zone.central_meridian + 3) // 6, 6, prefixed=True)
    return [each for each in (three, six) if each.code and each.central_meridian == zone.central_meridian]
