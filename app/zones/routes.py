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
from app.zones.documents import describe_document
from app.zones.impact_schemas import GroundEvent, GroundHistory
from app.zones.schemas import EditionItem, NumeralProperties, WholeZone, ZoneHistory, ZoneItem, ZoneVersionItem
from app.zones.told_editions import describe_edition
from gis_layers.stores.editions import count_editions, edition_at, find_edition, list_editions
from gis_layers.stores.numerals import NumeralQuery, read_numerals
from gis_layers.stores.published_zones import ZoneQuery, count_zones, read_zones, zone_history
from gis_layers.stores.zone_documents import DocumentQuery, read_documents
from gis_layers.stores.zone_past import read_lineage, read_versions_at
from risk_model.editing.authority import packaged_policy
from risk_model.message import msg

router = APIRouter(prefix="/api", tags=["zones"])

A_MOMENT = r"^([1-9]\d{0,8}|(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|\+08:00)?)?)$"

AsOf = Annotated[
    str | None,
    Query(description="an edition number, a date or a moment (ISO 8601)", json_schema_extra={"pattern": A_MOMENT}),
]


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
    as_of: AsOf = None,
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


@router.get("/zones/ground")
def ground(
    session: SessionOf,
    principal: Viewer,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
) -> GroundHistory:
    """What happened to a place: every version of a zone that ever lay on it, with its edition, its parents and children."""
    versions = read_versions_at(session, lon, lat)
    told = [{**one, "published_at": one["published_at"].isoformat()} for one in versions]
    return {"items": cast("list[GroundEvent]", told)}


@router.get("/zones/{zone}")
def zone(zone: int, session: SessionOf, principal: Viewer, as_of: AsOf = None) -> WholeZone:
    """One zone as it stands, or as it stood; ``to_edition`` is set where it was retired, ``documents`` are its theme's."""
    versions, edition = _versions(session, zone), read_edition(session, as_of)
    if edition is None:
        return _whole(session, versions[-1])
    for one in versions:
        if one["from_edition"] <= edition and (one["to_edition"] is None or one["to_edition"] > edition):
            return _whole(session, one)
    raise NotFound(msg("第 {edition} 版里没有编号为 {zone} 的区划", edition=edition, zone=zone))


@router.get("/zones/{zone}/history")
def history(zone: int, session: SessionOf, principal: Viewer) -> ZoneHistory:
    """Every version of one zone, oldest first, and whose child and parent it is."""
    versions, (parents, children) = _versions(session, zone), read_lineage(session, zone)
    lineage = {"parents": [*map(str, parents)], "children": [*map(str, children)]}
    page = {"total": len(versions), "limit": len(versions), "offset": 0, "links": {}}
    return cast("ZoneHistory", {"items": versions, **page, **lineage})


def _whole(session: Session, one: ZoneVersionItem) -> WholeZone:
    found = read_documents(session, DocumentQuery(one["hazard"], one["product"]))
    ground = packaged_policy().over(one["hazard"]).ground
    return {**one, "ground": ground, "documents": [describe_document(document) for document in found]}


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
