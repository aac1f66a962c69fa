"""``/api/geohazard-sites``: the register of geohazard sites."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.geohazard_sites import service
from app.geohazard_sites.schemas import (
    POSITION,
    NewPatrol,
    NewSite,
    SiteActAnswer,
    SiteChange,
    SiteItem,
    SiteStep,
    WholeSite,
    ZoneOfSite,
)
from app.http.bbox import WindowOf
from app.http.dependencies import Officer, SessionOf, Viewer, WorkOf
from app.http.etags import IfMatch, require_if_match
from app.http.geojson import CREATED, LISTED, answer_list, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.masking import masked_for
from app.http.next_steps import describe_step
from app.http.pagination import Listing, PageOf
from app.http.request_geometry import read_sound_shape
from app.platform.clock import today
from app.platform.etags import etag_of
from app.platform.principals import Principal
from app.platform.work import Work
from gis_layers.stores.geohazard_sites import SiteAct, SiteZone, read_site_acts
from gis_layers.stores.town import RegisterQuery, count_register, read_register

router = APIRouter(prefix="/api/geohazard-sites", tags=["geohazard sites"])


@router.get("", response_model=Listing[SiteItem], responses=LISTED)
def sites(
    request: Request,
    session: SessionOf,
    principal: Viewer,
    page: PageOf,
    bbox: WindowOf,
    kind: str | None = None,
    village: str | None = None,
) -> Response:
    """Geohazard sites, struck off or not."""
    query = RegisterQuery(kind, village, bbox, page.limit, page.offset)
    frame = read_register(session, service.REGISTER, query)
    total = count_register(session, service.REGISTER, query)
    return answer_list(request, masked_for(principal, frame), total=total, page=page)


@router.get("/{number}", response_model=WholeSite)
def site(number: int, session: SessionOf, principal: Viewer) -> Response:
    """One site, with the risk zones it lies in, what was done and what may follow."""
    return _answer(session, number, principal)


@router.post("", response_model=WholeSite, status_code=201)
def register(new: NewSite, work: WorkOf, principal: Officer) -> Response:
    """Register a site that a document recognised."""
    shape = _shape(work, new)
    assert shape is not None
    number = service.register_site(work, new.values(), shape, by=principal, on=today())
    return _answer(work.session, number, principal, status=CREATED)


@router.patch("/{number}", response_model=WholeSite)
def change(
    number: int, changes: SiteChange, work: WorkOf, principal: Officer, if_match: IfMatch = None
) -> Response:  # fmt: skip
    """Change what is on record of a site; its state changes by steps."""
    require_if_match(if_match, service.held_version(work.session, number))
    shape = _shape(work, changes)
    service.change_site(work, number, changes.values(), geometry=shape, by=principal, on=today())
    return _answer(work.session, number, principal)


@router.post("/{number}/steps", response_model=WholeSite, status_code=201)
def step(number: int, taken: SiteStep, work: WorkOf, principal: Officer, if_match: IfMatch = None) -> Response:
    """Put a site under watch, or strike it off by document. With If-Match only where nothing changed since."""
    version = service.held_version(work.session, number)
    if if_match is not None:
        require_if_match(if_match, version)
    service.take_step(work, number, taken.step, taken.brought(), by=principal, on=today())
    return _answer(work.session, number, principal, status=CREATED)


@router.post("/{number}/patrols", response_model=WholeSite, status_code=201)
def patrol(number: int, told: NewPatrol, work: WorkOf, principal: Officer) -> Response:
    """Keep a patrol of a site; what is kept is never changed."""
    service.held_version(work.session, number)
    service.patrol(work, number, told, by=principal, on=today())
    return _answer(work.session, number, principal, status=CREATED)


def _shape(work: Work, given: SiteChange) -> BaseGeometry | None:
    if given.geometry is None:
        return None
    return read_sound_shape(given.geometry, POSITION, crs=given.crs, metric_crs=work.settings.metric_crs)


def _answer(session: Session, number: int, principal: Principal, *, status: int = 200) -> Response:
    frame, acts = service.find_site(session, number), read_site_acts(session, number)
    following = [describe_step(one) for one in service.next_steps_of(frame.iloc[0].to_dict(), acts, today())]
    (row,) = plain_rows(masked_for(principal, frame))
    told = {
        **row,
        "geometry": geometry_of(frame.geometry.iloc[0]),
        "zones": [_told_zone(one) for one in service.zones_of(session, number)],
        "acts": [_told_act(one) for one in acts],
        "next_steps": following,
    }
    headers = {"ETag": etag_of(row["version"])}
    if status == CREATED:
        headers["Location"] = f"/api/geohazard-sites/{number}"
    return Response(orjson.dumps(told), status, headers, media_type="application/json")


def _told_zone(one: SiteZone) -> ZoneOfSite:
    return {
        "zone": str(one.zone),
        "hazard": one.hazard,
        "product": one.product,
        "grade": one.grade,
        "name": one.name,
    }


def _told_act(act: SiteAct) -> SiteActAnswer:
    return {
        "kind": act.kind,
        "step": act.step,
        "state": act.state,
        "by": act.taken_by,
        "at": act.taken_at.isoformat(),
        "comment": act.comment,
        "content": act.content,
    }
