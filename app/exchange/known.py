"""Repeats in a delivery: refused by name, so that nothing is kept twice and nothing breaks a constraint."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis_layers.crs import to_metric
from gis_layers.exchange import Delivery, Problem
from gis_layers.exchange.text.plain_text import plain
from gis_layers.stores import places
from risk_model.message import msg


def without_known_villages(session: Session, delivery: Delivery) -> Delivery:
    """The delivery without villages that are registered: of a known code, or without one of the same name and outline."""
    known = places.read_places(session, "villages")
    codes: dict[str, str] = dict(known.loc[known["code"].notna(), ["code", "name"]].itertuples(index=False))
    rows = delivery.frame[["feature", "code", "name", "geometry"]].itertuples(index=False)
    problems = [
        Problem(int(feature), _told(code, name, codes), (centre.x, centre.y), _ADVICE)
        for feature, code, name, shape in rows
        if code in codes or (code is None and _is_drawn(name, shape, known))
        for centre in [shape.representative_point()]
    ]
    twice = delivery.frame["feature"].isin([problem.feature for problem in problems])
    return replace(delivery, frame=delivery.frame[~twice], report=delivery.report.refusing(problems))


def without_known_places(delivery: Delivery, known: gpd.GeoDataFrame, metric_crs: str) -> Delivery:
    """The delivery without places that are registered under their name where they lie; namesakes elsewhere are told.

    ``known`` has ``id name geometry`` in the storage CRS. What has moved by no more than a metre has not moved.
    """
    before = dict(zip(known["id"], to_metric(known.geometry.to_numpy(), metric_crs), strict=True))
    numbers: dict[str, list[int]] = {}
    for number, name in known[["id", "name"]].itertuples(index=False):
        numbers.setdefault(plain(name), []).append(int(number))
    shapes = to_metric(delivery.frame.geometry.to_numpy(), metric_crs)
    twice, elsewhere = list[Problem](), list[Problem]()
    for feature, name, shape, place in zip(
        delivery.frame["feature"], delivery.frame["name"], shapes, delivery.frame.geometry, strict=True
    ):
        namesakes = numbers.get(plain(name), [])
        same = next((one for one in namesakes if shapely.hausdorff_distance(before[one], shape) <= _SAME_PLACE_M), None)
        centre = place.representative_point()
        if same is not None:
            told = msg("「{name}」已经登记（编号 {number}），位置相同", name=name, number=same)
            twice.append(Problem(int(feature), told, (centre.x, centre.y), _ONCE))
        elif namesakes:
            told = msg("「{name}」在别处已有同名的登记（编号 {number}），另记为一处", name=name, number=namesakes[0])
            elsewhere.append(Problem(int(feature), told, (centre.x, centre.y), _MOVED))
    kept = delivery.frame[~delivery.frame["feature"].isin([problem.feature for problem in twice])]
    report = delivery.report.refusing(twice)
    return replace(delivery, frame=kept, report=replace(report, problems=(*report.problems, *elsewhere)))


_SAME_PLACE_M = 1.0
_ONCE = "已经登记，没有重复导入；资料有变化时在登记中更正"
_MOVED = "核对是否同一处；是同一处时删去其中之一，或改正位置后重新导入"
_ADVICE = "村庄已经登记，没有重复导入；资料有变化时在登记中更正"


def _is_drawn(name: str, shape: BaseGeometry, known: gpd.GeoDataFrame) -> bool:
    namesakes = known.geometry[known["name"] == name]
    return any(shape.equals(other) for other in namesakes)


def _told(code: str | None, name: str, codes: dict[str, str]) -> str:
    if code is None:
        return msg("「{name}」已经登记，范围相同", name=name)
    return msg("「{name}」的代码 {code} 已经登记为「{known}」", name=name, code=code, known=codes[code])
