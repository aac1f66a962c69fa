"""A search told in order: coordinates and stakes are read out of the text, then every name it may mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import reduce
from typing import Any, TypeAlias

import shapely
from sqlalchemy.orm import Session

from app.places.aliases import read_alias
from app.places.coordinates import read_coordinates
from app.places.labels import remark
from app.platform.errors import NotFound, Refused
from app.platform.work import Work
from gis_layers.crs import area_of_use
from gis_layers.stakes import read_stake, road_reference, stake_label
from gis_layers.stores import gazetteer_search
from gis_layers.stores.gazetteer import find_road, place_on, refresh_names
from gis_layers.stores.gazetteer_search import Alias, FoundPlace
from gis_layers.stores.records import record_audit
from risk_model.message import msg

OF_A_PLACE = (
    "id", "kind", "name", "matched", "matched_text", "lon", "lat", "bbox", "village", "owner", "owner_id",
)  # fmt: skip
PlaceRow: TypeAlias = dict[str, Any]
"""``OF_A_PLACE`` with ``detail`` and ``nameable``; ``lon`` and ``lat`` in degrees, storage CRS."""
ORIGIN_UNKNOWN = msg("里程桩起点未登记，不能推算桩号位置；请管理员运行 anzhi place stakes 登记")
BEYOND = msg("桩号不在已绘道路范围内")


def find_places(work: Work, text: str, *, limit: int, offset: int = 0) -> tuple[list[PlaceRow], int]:
    """One page of every place ``text`` may mean, best first, and how many candidates there are in all.

    Coordinates come first, then the point of a stake, then names.
    """
    metric_crs = work.settings.metric_crs
    read = [*_coordinates(work.session, text, metric_crs), *_stakes(work.session, text, metric_crs)]
    shown = read[offset : offset + limit]
    found, total = gazetteer_search.search_names(
        work.session,
        text,
        limit=limit - len(shown),
        offset=max(0, offset - len(read)),
        leaving_out=[at.id for at in read],
    )
    return as_rows(shown + found), total + len(read)


def as_rows(places: Iterable[FoundPlace]) -> list[PlaceRow]:
    """Places as plain values, without their points: no frame, which for a screenful of places costs more than the search."""
    return [
        {
            **{name: getattr(place, name) for name in OF_A_PLACE},
            "detail": remark(place.kind, place.detail),
            "nameable": _in_the_gazetteer(place),
        }
        for place in places
    ]


def add_alias(session: Session, name: str, alias: str, *, author: str) -> Alias:
    """Let the place of ``name`` (or of an id such as ``village:620724102207``) answer to ``alias`` too; audited.

    Raises NotFound where there is no such place, BadParameter for what is no name, and Refused where several places are
    called so or it has this name already.
    """
    place = _the_one_place(session, name)
    try:
        kept = gazetteer_search.save_alias(session, place, read_alias(alias, place.name), author=author)
    except gazetteer_search.AliasTaken as taken:
        raise Refused(msg("{trouble}，没有重复登记；请换一个叫法", trouble=taken), code="taken") from taken
    detail = {"alias": kept.alias, "name": place.name}
    record_audit(session, actor=author, action="add place alias", subject=place.id, detail=detail)
    return kept


def find_alias(session: Session, alias_id: int) -> Alias:
    """One alias; raises NotFound."""
    found = gazetteer_search.read_aliases(session, alias_id=alias_id)
    if not found:
        raise NotFound(msg("没有编号为 {number} 的别名，它可能已被撤回；请重新打开别名列表", number=alias_id))
    return found[0]


def remove_alias(session: Session, alias_id: int, *, author: str) -> None:
    """Forget an alias; audited. Raises NotFound."""
    found = find_alias(session, alias_id)
    gazetteer_search.delete_alias(session, alias_id)
    detail = {"alias": found.alias}
    record_audit(session, actor=author, action="remove place alias", subject=found.place, detail=detail)


def tell_stakes(work: Work, road: str, *, west_end_km: float, eastward: bool, author: str) -> int:
    """Tell where the stakes of a numbered road begin and make the names anew; audited. Answers how many names.

    Raises NotFound for a road that is not numbered or not drawn.
    """
    reference = road_reference(road)
    if reference is None or gazetteer_search.find_place(work.session, f"road:{reference}") is None:
        raise NotFound(msg("没有编号道路 {road}；请写道路编号，例如 G312", road=road))
    gazetteer_search.save_origin(work.session, reference, west_end_m=west_end_km * 1000.0, eastward=eastward)
    detail = {"west_end_km": west_end_km, "eastward": eastward}
    record_audit(work.session, actor=author, action="tell road stakes", subject=reference, detail=detail)
    return refresh_names(work.session, work.settings.metric_crs)


def _the_one_place(session: Session, name: str) -> FoundPlace:
    by_id = gazetteer_search.find_place(session, name)
    if by_id is not None:
        return by_id
    called = gazetteer_search.places_called(session, name)
    if not called:
        raise NotFound(
            msg("没有叫 {name} 的地方，它可能已不在台账中；请重新查找（GET /api/places?q=）后再试", name=name)
        )
    if len(called) > 1:
        each = (msg("{id}（{remark}）", id=place.id, remark=place.detail or place.kind) for place in called)
        which = reduce(lambda before, after: msg("{before}；{after}", before=before, after=after), each)
        raise Refused(
            msg("叫 {name} 的地方有 {n} 处，请改用编号指明：{which}", name=name, n=len(called), which=which),
            code="ambiguous",
        )
    return called[0]


def _coordinates(session: Session, text: str, metric_crs: str) -> list[FoundPlace]:
    return [
        _point(
            "coordinates",
            f"{lon:g},{lat:g}",
            text,
            shapely.Point(lon, lat),
            village=gazetteer_search.village_at(session, lon, lat),
        )
        for lon, lat in read_coordinates(text, area_of_use(metric_crs))
    ]


def _stakes(session: Session, text: str, metric_crs: str) -> list[FoundPlace]:
    asked = read_stake(text)
    if asked is None:
        return []
    roads = gazetteer_search.places_called(session, asked.road, ("road",))
    return [_stake(session, road, asked.at_m, text, metric_crs) for road in roads if road_reference(road.owner)]


def _stake(session: Session, road: FoundPlace, at_m: float, text: str, metric_crs: str) -> FoundPlace:
    """The point of a stake; the road itself with the reason where there is none."""
    label = stake_label(road.owner, at_m)
    measured = find_road(session, road.owner, metric_crs)
    point = None if measured is None else place_on(measured, at_m, metric_crs)
    if point is None:
        why = ORIGIN_UNKNOWN if measured is None else BEYOND
        return FoundPlace(
            **{
                **asdict(road),
                "matched": "road",
                "matched_text": text,
                "detail": msg("{label}：{why}", label=label, why=why),
            }
        )
    village = gazetteer_search.village_at(session, point.x, point.y)
    owner = f"{road.owner}:{round(at_m)}"
    return _point("stake", label, text, point, owner=owner, village=village, detail=road.name)


def _in_the_gazetteer(place: FoundPlace) -> bool:
    """Whether a candidate is a place that can be given an alias: not a typed point, nor a stake between kilometres."""
    if place.kind == "stake":
        return place.owner.rpartition(":")[2].endswith("000") or place.owner.endswith(":0")
    return place.kind != "coordinates"


def _point(kind: str, name: str, text: str, at: shapely.Point, *, village: str | None, **told: str) -> FoundPlace:
    owner = told.get("owner", name)
    return FoundPlace(
        f"{kind}:{owner}", kind, name, kind, text, at.x, at.y, (at.x, at.y, at.x, at.y), village, owner, None,
        told.get("detail", ""),
    )  # fmt: skip
