"""Whose ground it is: the hazards and the area of an account hold for every edit, and for the ground it moves in neighbours."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from app.platform.errors import NotAllowed
from app.platform.principals import Principal, Role
from gis_layers.crs import to_metric
from gis_layers.stores.draft_zones import DELETE, SeenZone
from risk_model.message import msg
from risk_model.shapes import as_array

UNMOVED_M2 = 1.0
"""Ground that a vertex put on a neighbour's border may move, by the tolerance within which it lies on it."""

Move = tuple[SeenZone | None, SeenZone | None]
"""A zone as the draft had it and as it would have it; None where there is none."""


def require_rights(principal: Principal, moves: Iterable[Move], metric_crs: str) -> None:
    """Raises NotAllowed, with the zone, where an edit touches a hazard or ground that is not this officer's."""
    for before, after in moves:
        for one in (before, after):
            if one is not None and not principal.may_edit(one.attributes["hazard"]):
                raise NotAllowed(
                    msg("您的账号不编制 {hazard} 的区划；请由有权限的人修改", hazard=one.attributes["hazard"]),
                    zone=str(one.zone),
                )
        _require_area(principal, before, after, metric_crs)


def _require_area(principal: Principal, before: SeenZone | None, after: SeenZone | None, metric_crs: str) -> None:
    if principal.area is None or principal.role is Role.ADMIN:
        return
    outside = shapely.difference(ground_touched(before, after), principal.area)
    metric = to_metric(as_array([outside]), metric_crs)[0]
    ground = shapely.area(metric)
    if ground > UNMOVED_M2 or (ground == 0 and shapely.length(metric) > 0):
        place = shapely.get_coordinates(shapely.point_on_surface(outside))[0].tolist()
        touched = before or after
        raise NotAllowed(
            msg("这次修改触及您账号范围以外的地面；请只改范围以内的部分，或由有权限的人修改"),
            zone=None if touched is None else str(touched.zone),
            location=place,
        )


def ground_touched(before: SeenZone | None, after: SeenZone | None) -> BaseGeometry:
    """The ground an edit touches of one zone: all of it where it comes, goes or reads otherwise, else what it gains and loses."""
    shapes = [one.geometry for one in (before, after) if one is not None and one.change != DELETE]
    alike = before is not None and after is not None and before.attributes == after.attributes
    if alike and len(shapes) == 2:
        return shapely.symmetric_difference(shapes[0], shapes[1])
    return shapely.union_all(shapes)
