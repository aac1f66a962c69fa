"""The call sheet: who was set in motion, whom to telephone, when each arrives, and what all of that rests on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from typing_extensions import TypedDict

from app.dispatch.incidents import find_incident
from app.dispatch.road_sources import road_sources
from app.dispatch.scene import Scene, arrival, coming, set_scene, way
from app.dispatch.schemas import Condition, NearestQuery
from app.dispatch.told_incident import closure_lines, moment_words, place_lines, position_of, still_out
from app.judgement.avoided import ZONE, AvoidedAnswer
from app.judgement.forces import read_forces
from app.platform.work import Work
from gis_layers.stores.assignments import AssignedForce, read_assigned
from gis_layers.stores.publication import read_publication_state
from risk_model.codes import code_name
from risk_model.dispatch import ENDED, turnout_s
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class SheetQuery:
    """What the arrivals on a sheet are reckoned with: what slows the drivers, the zones they keep out of as they were named."""

    condition: Condition | None = None
    avoid_zones: str | None = None


class SheetForce(TypedDict):
    """A force on the sheet; whoever cannot come has no number. ``arrival_s`` is ``turnout_s``, ``drive_s`` and ``walk_s``."""

    id: int
    name: str
    verb: str
    state: str
    capabilities: list[str]
    equipment: list[str]
    crew: int | None
    contact: str | None
    phone: str | None
    station: str | None
    station_phone: str | None
    turnout_s: float | None
    drive_s: float | None
    walk_s: float | None
    arrival_s: float | None
    road_m: float | None


class CallSheet(TypedDict):
    """A call sheet as values: everything a paper or a text of it says, in words of the service."""

    number: int
    title: str
    facts: list[tuple[str, str]]
    forces: list[SheetForce]
    closures: list[str]
    synthetic: bool
    graph: str
    condition: Condition | None
    avoided: list[str]
    danger_m: float | None
    lon: float
    lat: float


def tell_sheet(work: Work, number: int, asked: SheetQuery, at: datetime.datetime) -> CallSheet:
    """The call sheet of an incident at a moment. Raises NotFound, UnknownHazard, Refused where no roads are loaded."""
    frame = find_incident(work, number)
    (row,), (lon, lat) = frame.to_dict("records"), position_of(frame)
    scene = set_scene(work, NearestQuery(lon, lat, row["kind"], 1, asked.condition, asked.avoid_zones), at)
    standing = {force.record.key: force for force in read_forces(work, scene.avoided.whole, scene.speeds)}
    out = [one for one in read_assigned(work.session, [number]) if one.assignment.state not in ENDED]
    state = read_publication_state(work.session)
    zones = [one for one in scene.avoided.told if one["what"] == ZONE]
    reckoned = _reckoned(work, row, asked, zones)
    return {
        "number": number,
        "title": msg("调派单 {number}", number=number),
        "facts": _facts(work, row, (lon, lat), version=scene.avoided.whole.version, at=at) + reckoned,
        "forces": [_told(scene, one, standing[str(one.assignment.force_id)]) for one in out],
        "closures": closure_lines(work.session),
        "synthetic": bool(state.synthetic),
        "graph": scene.avoided.whole.version,
        "condition": asked.condition,
        "avoided": [one["id"] for one in zones],
        "danger_m": row["danger_m"],
        "lon": lon,
        "lat": lat,
    }


def _facts(
    work: Work, row: Any, place: tuple[float, float], *, version: str, at: datetime.datetime
) -> list[tuple[str, str]]:
    where, coordinate = place_lines(row, *place)
    edition = read_publication_state(work.session).edition
    roads = road_sources(work, version)
    told = msg("{name}，{at} 收到", name=roads["source"], at=roads["date"])
    unread = msg("演示数据(合成)") if roads["synthetic"] else msg("没有收件记录")
    return [
        (msg("事件"), code_name("incident_kind", row["kind"])),
        (msg("发生时间"), moment_words(row["occurred_at"])),
        (msg("地点"), where),
        (msg("坐标"), coordinate),
        (msg("情况"), row["said"]),
        (msg("道路来源"), told if roads["source"] else unread),
        (msg("区划版次"), msg("尚未启用区划") if edition is None else msg("第 {n} 版区划", n=edition.number)),
        (msg("已派力量"), str(len(still_out(row["assignments"])))),
        (msg("打印时间（服务器）"), msg("{at}（北京时间）", at=moment_words(at))),
    ]


def _reckoned(work: Work, row: Any, asked: SheetQuery, zones: list[AvoidedAnswer]) -> list[tuple[str, str]]:
    """What the arrivals rest on besides the roads, and where nobody goes before it is safe."""
    condition = msg("平常") if asked.condition is None else code_name("driving_condition", asked.condition)
    return [
        (msg("行车条件"), condition),
        (msg("避开的灾害区"), _zones_words(work, asked, zones)),
        (msg("危险范围"), _danger_words(row)),
    ]


def _zones_words(work: Work, asked: SheetQuery, zones: list[AvoidedAnswer]) -> str:
    if asked.avoid_zones is None:
        return msg("没有避开，灾害区内的道路照常通行")
    met = [one for one in zones if one["road_m"] > 0]
    if not met:
        return msg("最高两级灾害区内没有道路")
    hazards = [work.rulebook.hazard_name(key) for key in dict.fromkeys(str(one["hazard"]) for one in met)]
    metres = round(sum(one["road_m"] for one in met))
    return msg("{hazards}（最高两级），共 {n} 处，占道路 {metres} m", hazards=hazards, n=len(met), metres=metres)


def _danger_words(row: Any) -> str:
    wind = row["wind_from"]
    around = msg("未说明") if row["danger_m"] is None else msg("现场周围 {m} m", m=round(row["danger_m"]))
    said = around if row["danger"] is None else msg("在图上画出的范围内")
    return said if wind is None else msg("{said}；风从 {degrees}° 来", said=said, degrees=wind)


def _told(scene: Scene, one: AssignedForce, standing: Any) -> SheetForce:
    comes = coming(scene, standing)
    found, seconds = way(scene, comes), arrival(scene, comes).seconds
    reached = found is not None and seconds is not None
    return {
        "id": one.assignment.force_id,
        "name": one.name,
        "verb": code_name("authority", one.assignment.authority),
        "state": code_name("assignment_state", one.assignment.state),
        "capabilities": [code_name("capability", word) for word in one.capabilities],
        "equipment": [f"{item['name']}×{item['count']}" for item in one.equipment],
        "crew": one.crew,
        "contact": one.contact_name,
        "phone": one.contact_phone,
        "station": one.station,
        "station_phone": one.duty_phone,
        "turnout_s": float(turnout_s(standing.record)) if reached else None,
        "drive_s": None if found is None else found.drive_s,
        "walk_s": None if found is None else found.walk_s,
        "arrival_s": seconds,
        "road_m": None if found is None else found.drive.road_m,
    }
