"""An incident in the words that go out: where it is, in the names people use and as a coordinate whose system is named; what was set in motion."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import shapely

from app.dispatch.assignment_schemas import AssignmentAnswer
from app.platform.clock import CHINA
from gis_layers.stores.closures import ACTIVE, ClosureQuery, read_closures
from risk_model.codes import code_name
from risk_model.dispatch import ENDED
from risk_model.message import msg

DIGITS = 6
"""A decimetre."""


def moment_words(moment: datetime.datetime) -> str:
    """A moment as people read it, in Beijing."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def position_of(frame: gpd.GeoDataFrame) -> tuple[float, float]:
    """Longitude and latitude of the one incident of a frame."""
    (place,) = shapely.get_coordinates(frame.geometry.to_numpy())
    return float(place[0]), float(place[1])


def place_lines(row: Mapping[str, Any], lon: float, lat: float) -> list[str]:
    """Where it is: village, stake and landmark; the coordinate with its system, and what it was converted from."""
    named = [str(row[name]) for name in ("village", "stake", "landmark") if row[name]]
    told = " · ".join(named) if named else msg("村社、桩号和参照物待核")
    at = {"lon": f"{lon:.{DIGITS}f}", "lat": f"{lat:.{DIGITS}f}"}
    if row["converted_from"] is None:
        return [told, msg("经度 {lon}，纬度 {lat}（CGCS2000）", **at)]
    system = code_name("shifted_system", row["converted_from"])
    return [told, msg("经度 {lon}，纬度 {lat}（CGCS2000，由{system}换算）", **at, system=system)]


def force_lines(assigned: Sequence[AssignmentAnswer]) -> list[str]:
    """Every force that was set in motion, with the verb of the authority there is over it."""
    return [
        msg(
            "{verb}{name}：{state}（{at}）",
            verb=code_name("authority", one["authority"]),
            name=one["name"],
            state=code_name("assignment_state", one["state"]),
            at=moment_words(_last(one)),
        )
        for one in assigned
        if one["state"] != "undone"
    ]


def still_out(assigned: Sequence[AssignmentAnswer]) -> list[AssignmentAnswer]:
    """Those that are not back."""
    return [one for one in assigned if one["state"] not in ENDED]


def closure_lines(session: Any) -> list[str]:
    """Closures in force, each with its reason and when it is looked at again."""
    rows = read_closures(session, ClosureQuery(ACTIVE)).to_dict("records")
    return [
        msg(
            "{what}：{reason}（{reporter}，{at} 前复核）",
            what=code_name("closure_kind", row["kind"]),
            reason=row["reason"],
            reporter=row["reporter"],
            at=moment_words(row["review_at"]),
        )
        for row in rows
    ]


def _last(one: AssignmentAnswer) -> datetime.datetime:
    told = (one["recalled_at"], one["on_scene_at"], one["under_way_at"], one["answered_at"], one["notified_at"])
    return datetime.datetime.fromisoformat(next(moment for moment in told if moment is not None))
