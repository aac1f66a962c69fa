"""The handbook for villages that are cut off: who comes first to each by road, whom to call there, where to take shelter."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import geopandas as gpd
import shapely

from app.dispatch.schemas import ForceAnswer, NearestAnswer, NearestQuery
from app.dispatch.service import nearest_forces
from app.dispatch.told_incident import closure_lines, moment_words
from app.http.figures import count_words, length_words
from app.http.i18n import in_language
from app.judgement.forces import village_places
from app.platform.work import Work
from app.reports.handbook import Handbook, VillageSheet
from app.reports.imprint import house_of
from app.reports.phrases import DISCLAIMER, STATEMENT
from gis_layers.crs import to_metric, to_storage
from gis_layers.stores.duty import read_contacts
from gis_layers.stores.frames import plain_value
from gis_layers.stores.publication import read_publication_state
from gis_layers.stores.town import RegisterQuery, read_register
from risk_model.codes import code_name
from risk_model.dispatch import authorities
from risk_model.message import msg

FORCES: Final = 6
SHELTERS: Final = 3
"""So many forces and shelters stand on a sheet: what fits on one side of paper."""
UNKNOWN: Final = "—"

Say = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Registers:
    """What every sheet looks up: the forces by key, kinds of stations, people to call by village, shelters (metric CRS)."""

    forces: dict[str, Any]
    station_kinds: dict[int, str]
    contacts: dict[str, list[Any]]
    shelters: gpd.GeoDataFrame
    metric_crs: str


def read_handbook(work: Work, at: datetime.datetime, language: str = "zh") -> Handbook:
    """The handbook as of a moment, from the roads as they are driven then. Raises Refused where no roads are loaded."""
    say = partial(in_language, language=language)
    state, registers = read_publication_state(work.session), _registers(work)
    villages, points = village_places(work)
    seats = to_storage(points, work.settings.metric_crs)
    told, version = list[VillageSheet](), ""
    for row, point, seat in zip(villages.to_dict("records"), points, seats, strict=True):
        answer = nearest_forces(work, NearestQuery(seat.x, seat.y, None, FORCES, None), at)
        told.append(_sheet(row, (point, seat), answer, registers, say=say))
        version = answer["graph"]["version"]
    edition = state.edition
    return Handbook(
        title=say(msg("三断应急手册")),
        house=say(house_of(work)),
        language=language,
        printed=say(msg("{at}（北京时间）", at=moment_words(at))),
        basis=tuple(
            (say(name), say(words))
            for name, words in (
                (msg("路网"), version or UNKNOWN),
                (msg("区划版次"), msg("尚未启用区划") if edition is None else msg("第 {n} 版区划", n=edition.number)),
                (msg("数据日期"), UNKNOWN if state.data_date is None else str(state.data_date)),
                (STATEMENT, DISCLAIMER),
            )
        ),
        closures=tuple(say(line) for line in closure_lines(work.session)),
        sheets=tuple(told),
        synthetic=bool(state.synthetic),
    )


def _registers(work: Work) -> Registers:
    forces, stations = read_register(work.session, "forces"), read_register(work.session, "stations")
    shelters = read_register(work.session, "facilities", RegisterQuery(kind="shelter"))
    places = to_metric(shelters.geometry.to_numpy(), work.settings.metric_crs)
    contacts: dict[str, list[Any]] = {}
    for contact, _, _ in read_contacts(work.session):
        contacts.setdefault(contact.village_code, []).append(contact)
    return Registers(
        {str(row.id): row for row in forces.itertuples(index=False)},
        dict(zip(stations["id"], stations["kind"], strict=True)),
        contacts,
        shelters.assign(place=places),
        work.settings.metric_crs,
    )


def _sheet(
    row: Mapping[Any, Any], place: tuple[Any, Any], answer: NearestAnswer, registers: Registers, *, say: Say
) -> VillageSheet:  # fmt: skip
    point, seat = place
    people = plain_value(row["population"], whole=True)
    cut_off = next((one for one in answer["cut_off_villages"] if one["id"] == str(row["id"])), None)
    blocked = say(msg("、")).join(cut_off["blocked_by"]) if cut_off else ""
    told = msg("今日没有待命的力量能从道路到达：{by}", by=blocked or code_name("unreachable", "no_way"))
    return VillageSheet(
        name=str(row["name"]),
        cut_off=say(told) if cut_off else "",
        facts=(
            (say(msg("人口")), UNKNOWN if people is None else count_words(people)),
            (say(msg("村部坐标（CGCS2000）")), f"{seat.x:.5f}, {seat.y:.5f}"),
            (say(msg("村部到道路")), length_words(answer["incident"]["snapped_m"])),
        ),
        people=tuple(_person(one, say) for one in registers.contacts.get(str(row["code"]), ())),
        forces=tuple(_force(one, registers, say) for one in answer["forces"] if one["reachable"]),
        shelters=tuple(_shelters(point, registers.shelters)),
    )


def _person(one: Any, say: Say) -> tuple[str, ...]:
    verified = "" if one.last_verified is None else one.last_verified.isoformat()
    words = (one.name, one.contact_phone, one.satellite_phone, verified)
    return (say(code_name("contact_role", one.role)), *(word or UNKNOWN for word in words))


def _force(one: ForceAnswer, registers: Registers, say: Say) -> tuple[str, ...]:
    row = registers.forces[one["id"]]
    verb = authorities().over(row.kind, registers.station_kinds.get(row.station_id)).verb
    phone = " ".join(filter(None, (row.contact_name, row.contact_phone))) or UNKNOWN
    marked = "" if one["lapse"] is None else say(msg("（先电话核实）"))
    arrival_s = one["arrival_s"]
    assert arrival_s is not None, "whoever is reachable arrives"
    return (
        f"{one['name']}{marked}",
        say(code_name("authority", verb)),
        say(msg("、")).join(say(code_name("capability", word)) for word in one["capabilities"]) or UNKNOWN,
        phone,
        say(msg("{n} 分钟", n=round(arrival_s / 6) / 10)),
        length_words(one["road_m"]),
    )


def _shelters(point: Any, shelters: gpd.GeoDataFrame) -> Sequence[tuple[str, ...]]:
    rows: list[Any] = shelters.drop(columns="geometry").to_dict("records")
    away = [(float(shapely.distance(row["place"], point)), row["id"], row) for row in rows]
    return [
        (
            row["name"],
            UNKNOWN if row["capacity"] is None else count_words(row["capacity"]),
            length_words(metres),
            " ".join(filter(None, (row["contact_name"], row["contact_phone"]))) or UNKNOWN,
        )
        for metres, _, row in sorted(away, key=lambda one: one[:2])[:SHELTERS]
    ]


def handbook_name(on: datetime.date) -> str:
    """Name of its file."""
    return f"anzhi-handbook-{on.isoformat()}.pdf"
