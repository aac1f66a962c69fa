"""``/api/zones`` and ``/api/editions``: what is published, now or as it stood."""

from __future__ import annotations

import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from app.http.bbox import FOUR_NUMBERS, WindowOf, read_window
from app.http.dependencies import SessionOf, Viewer
from app.http.drawn_layers import DrawingOf
from app.http.geojson import DRAWN, answer_collection, answer_list, collection_of, plain_rows
from app.http.geojson_shapes import geometry_of
from app.http.pagination import Listing, PageOf, listing
from app.platform.clock import CHINA
from app.platform.errors import BadParameter, NotFound
from app.zones.schemas import EditionItem, NumeralProperties, ZoneItem, ZoneVersionItem
from app.zones.told_editions import describe_edition
from gis_layers.stores.editions import count_editions, edition_at, find_edition, list_editions
from gis_layers.stores.numerals import NumeralQuery, read_numerals
from gis_layers.stores.published_zones import ZoneQuery, count_zones, read_zones, zone_history
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["zones"])

A_MOMENT = r"^([1-9]\d{0,8}|(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|\+08:00)?)?)$"


@router.get("/zones", response_model=Listing[ZoneItem], responses=DRAWN)
def zones(
    request: Request,
    session: SessionOf,
    principal: Viewer,
    page: PageOf,
    bbox: WindowOf,
    drawing: DrawingOf,
    hazard: str | None = None,
    product: str | None = None,
    as_of: Annotated[
        str | None,
        Query(description="an edition number, a date or a moment (ISO 8601)", json_schema_extra={"pattern": A_MOMENT}),
    ] = None,
) -> Response:
    """Published zones, geometry unrounded but where they are only drawn (``decimals``)."""
    query = ZoneQuery(hazard, product, bbox, read_edition(session, as_of))
    frame = read_zones(session, query, limit=page.limit, offset=page.offset)
    frame.insert(0, "id", frame["zone"])
    return drawing.kept(answer_list(request, drawing.thinned(frame), total=count_zones(session, query), page=page))


@router.get("/zones/numerals", **collection_of(NumeralProperties))
def numerals(
    session: SessionOf,
    principal: Viewer,
    hazard: str,
    product: str,
    bbox: Annotated[
        str, Query(description="west,south,east,north in degrees", json_schema_extra={"pattern": FOUR_NUMBERS})
    ],
    least: Annotated[float, Query(gt=0, le=180, description="degrees of latitude the ground must be wide")],
) -> Response:
    """Numerals of a theme in a window, on ground that is wide enough for them: points, the widest first."""
    window = read_window(bbox)
    assert window is not None
    return answer_collection(read_numerals(session, NumeralQuery(hazard, product, window, least)))


@router.get("/zones/{zone}")
def zone(zone: int, session: SessionOf, principal: Viewer) -> ZoneVersionItem:
    """One zone as it stands; ``to_edition`` is set where it was retired."""
    return _versions(session, zone)[-1]


@router.get("/zones/{zone}/history")
def history(zone: int, request: Request, session: SessionOf, principal: Viewer) -> Listing[ZoneVersionItem]:
    """Every version of one zone, oldest first."""
    versions = _versions(session, zone)
    return {"items": versions, "total": len(versions), "limit": len(versions), "offset": 0, "links": {}}


def _versions(session: Session, zone: int) -> list[ZoneVersionItem]:
    frame = zone_history(session, zone)
    if frame.empty:
        raise NotFound(msg("没有编号为 {zone} 的区划", zone=zone))
    frame.insert(0, "id", frame["zone"])
    rows = zip(plain_rows(frame), frame.geometry, strict=True)
    return [cast("ZoneVersionItem", {**row, "geometry": geometry_of(shape)}) for row, shape in rows]


@router.get("/editions")
def editions(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[EditionItem]:
    """Editions, newest first."""
    items = [describe_edition(one) for one in list_editions(session, limit=page.limit, offset=page.offset)]
    return listing(request, items, total=count_editions(session), page=page)


@router.get("/editions/{number}")
def edition(number: int, session: SessionOf, principal: Viewer) -> EditionItem:
    """One edition."""
    found = find_edition(session, number)
    if found is None:
        raise NotFound(msg("没有第 {number} 版；全部版次见 /api/editions", number=number))
    return describe_edition(found)


def read_edition(session: Session, as_of: str | None) -> int | None:
    """The edition ``as_of`` names; a date means the end of that day in China. 0 where nothing was published by then.

    Raises BadParameter for what is neither a number nor a date.
    """
    if as_of is None or (as_of.isascii() and as_of.isdigit()):
        return None if as_of is None else int(as_of)
    try:
        moment = datetime.datetime.fromisoformat(as_of)
    except ValueError as error:
        wrong = [{"field": "as_of", "message": as_of}]
        raise BadParameter(msg("as_of 应为版次号、日期（2024-05-01）或时刻"), errors=wrong) from error
    if len(as_of) == len("2024-05-01"):
        moment = datetime.datetime.combine(moment.date(), datetime.time.max)
    edition = edition_at(session, moment if moment.tzinfo else moment.replace(tzinfo=CHINA))
    return 0 if edition is None else edition.number
