"""Enterprises as they are listed, found, kept and brought up to date; who lives near them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
from geoalchemy2.shape import from_shape
from sqlalchemy import ColumnElement, Double, Select, case, cast, delete, func, insert, or_, select, true, update
from sqlalchemy.orm import Session

from gis_layers.crs import STORAGE_SRID, Bounds
from gis_layers.stores.frames import plain_value, read_frame
from gis_layers.stores.hidden_dangers import is_ended
from gis_layers.stores.word_search import holding_every_word
from gis_layers.tables.enterprises import EnterpriseGrade, Inspection, RiskPoint
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.names import PlaceName
from gis_layers.tables.places import Village
from gis_layers.tables.town import Building, Enterprise, Group, StockEntry
from risk_model.codes import enumeration

__all__ = [
    "EnterpriseQuery",
    "Inspection",
    "InspectionsDue",
    "RiskPoint",
    "StockEntry",
    "change_enterprise",
    "count_by_colour",
    "count_enterprises",
    "dwellings_near",
    "find_by_code_or_name",
    "find_doubles",
    "find_enterprise",
    "keep_enterprises",
    "keep_risk_points",
    "lock_enterprise",
    "read_enterprises",
    "read_inspections",
    "read_risk_points",
    "record_inspection",
]
UNASSESSED = "unassessed"
KEPT = (
    "name", "credit_code", "sector", "industry", "size", "staff", "village_code", "address", "declared_grade",
    "declared_hazard_level", "criteria", "unlicensed", "inventory", "contact_name", "contact_phone", "last_check", "synthetic",
)  # fmt: skip
"""The columns a delivery or a form may fill."""
WHOLE = ("id", "staff", "major_hazard_level", "declared_hazard_level", "version", "open_dangers")


@dataclass(frozen=True, slots=True)
class InspectionsDue:
    """Inspections that are overdue on a day, those never made included: ``months`` between two by effective colour, or ``unassessed``."""

    on: datetime.date
    months: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EnterpriseQuery:
    """Query of the register; None means: any. Every word of ``q`` is part of a name, credit code or village, or pinyin initials.

    ``colour`` is the effective one, or ``unassessed``; ``due`` finds those whose inspection is.
    """

    q: str | None = None
    colour: str | None = None
    sector: str | None = None
    village: str | None = None
    window: Bounds | None = None
    limit: int | None = None
    offset: int = 0
    due: InspectionsDue | None = None


def read_enterprises(session: Session, query: EnterpriseQuery | None = None) -> gpd.GeoDataFrame:
    """Enterprises, worst first and those nobody assessed last, with all columns of the register.

    Besides them ``village``; of the newest grade ``overlay_grade working graded_at cause rulebook_version rulebook_fingerprint``;
    ``last_inspection``; ``open_dangers``. Unknown values are None, never NaN.
    """
    asked = query or EnterpriseQuery()
    statement = _narrowed(_columns(), asked)
    rank = case(
        {colour: place for place, colour in enumerate(enumeration("colour"))}, value=Enterprise.effective_grade, else_=9
    )
    frame = read_frame(session, statement.order_by(rank, Enterprise.id).limit(asked.limit).offset(asked.offset))
    return _as_plain(frame)


def count_enterprises(session: Session, query: EnterpriseQuery) -> int:
    """Number of enterprises ``query`` finds in all."""
    return session.scalar(_narrowed(select(func.count()).select_from(_joined()), query)) or 0


def count_by_colour(session: Session, query: EnterpriseQuery) -> dict[str, int]:
    """Number of each effective colour, and ``unassessed``; the colour of ``query`` is passed over."""
    colour = func.coalesce(Enterprise.effective_grade, UNASSESSED)
    everywhere = replace(query, colour=None)
    columns: list[Any] = [colour, func.count()]
    rows = session.execute(_narrowed(select(*columns).select_from(_joined()), everywhere).group_by(colour))
    counted = {name: count for name, count in rows}  # noqa: C416 - rows are no pairs to a type checker
    return {name: counted.get(name, 0) for name in (*enumeration("colour"), UNASSESSED)}


def find_enterprise(session: Session, number: int) -> gpd.GeoDataFrame:
    """The enterprise of this number as ``read_enterprises`` answers it, a frame of one row or of none."""
    frame = read_frame(session, _columns().where(Enterprise.id == number))
    return _as_plain(frame)


def keep_enterprises(session: Session, frame: gpd.GeoDataFrame) -> tuple[list[int], list[int]]:
    """Add enterprises, or bring those up to date that are registered: ids in the order of ``frame``, and which were known.

    Known is who has the same credit code, or without one the same name in the same village. Only values that are there
    replace older ones; a list of ``risk_points`` that is there replaces the whole list.
    """
    known_as = _Registered(session)
    ids, known = list[int](), list[int]()
    for row in frame.to_dict("records"):
        values = {name: row[name] for name in KEPT if name in row and _there(row[name])}
        number = known_as.find(values)
        shape = from_shape(row["geometry"], srid=STORAGE_SRID)
        if number is None:
            added = session.execute(insert(Enterprise).values(**values, geom=shape).returning(Enterprise.id))
            number = added.scalar_one()
        else:
            known.append(number)
            change_enterprise(session, number, values, row["geometry"])
        if _there(row.get("risk_points")):
            keep_risk_points(session, number, row["risk_points"], synthetic=bool(values.get("synthetic")))
        ids.append(number)
        known_as.add(number, values)
    session.flush()
    return ids, known


def find_doubles(session: Session, frame: gpd.GeoDataFrame) -> dict[int, int]:
    """By place the rows of ``frame`` that speak of the same enterprise as an earlier one, with the place of that one.

    ``keep_enterprises`` would write the later over the earlier.
    """
    known_as = _Registered(session)
    first: dict[int, int] = {}
    doubles: dict[int, int] = {}
    for place, row in enumerate(frame.to_dict("records")):
        values = {name: row[name] for name in KEPT if name in row and _there(row[name])}
        number = known_as.find(values)
        if number in first:
            doubles[place] = first[number]
            continue
        number = -1 - place if number is None else number
        first[number] = place
        known_as.add(number, values)
    return doubles


def change_enterprise(session: Session, number: int, values: Mapping[str, Any], geometry: Any | None = None) -> None:
    """Set columns of an enterprise and, where given, its ground; its version grows by one."""
    place = {} if geometry is None else {"geom": from_shape(geometry, srid=STORAGE_SRID)}
    statement = update(Enterprise).where(Enterprise.id == number)
    session.execute(statement.values(**values, **place, version=Enterprise.version + 1))


def lock_enterprise(session: Session, number: int) -> int | None:
    """The version of an enterprise, its row held until the transaction ends; None where there is none."""
    return session.scalar(select(Enterprise.version).where(Enterprise.id == number).with_for_update())


def keep_risk_points(
    session: Session, number: int, points: Sequence[Mapping[str, Any]], *, synthetic: bool = False
) -> None:
    """Make ``points`` (``name method figures conditions``) the risk points of an enterprise."""
    session.execute(delete(RiskPoint).where(RiskPoint.enterprise_id == number))
    rows = [{**point, "enterprise_id": number, "synthetic": synthetic} for point in points]
    if rows:
        session.execute(insert(RiskPoint), rows)


def read_risk_points(session: Session, numbers: Sequence[int] | None = None) -> list[RiskPoint]:
    """Risk points of these enterprises (of all where None), in the order they were given."""
    statement = select(RiskPoint).order_by(RiskPoint.enterprise_id, RiskPoint.id)
    return list(
        session.scalars(statement if numbers is None else statement.where(RiskPoint.enterprise_id.in_(numbers)))
    )


def record_inspection(
    session: Session, number: int, *, day: datetime.date, department: str, result: str | None, synthetic: bool = False
) -> Inspection:
    """Keep that ``department`` inspected an enterprise on ``day``."""
    row = Inspection(enterprise_id=number, day=day, department=department, result=result, synthetic=synthetic)
    session.add(row)
    session.flush()
    return row


def read_inspections(session: Session, number: int) -> list[Inspection]:
    """Inspections of an enterprise, newest first."""
    newest = select(Inspection).where(Inspection.enterprise_id == number).order_by(Inspection.day.desc(), Inspection.id)
    return list(session.scalars(newest))


def find_by_code_or_name(session: Session, code: str | None, name: str | None) -> int | None:
    """The one enterprise of this credit code, else the one of this name; None where none or several."""
    for column, value in ((Enterprise.credit_code, code), (Enterprise.name, name)):
        if value is not None:
            found = list(session.scalars(select(Enterprise.id).where(column == value).limit(2)))
            if len(found) == 1:
                return found[0]
    return None


def dwellings_near(session: Session, window: Bounds) -> tuple[gpd.GeoDataFrame, str | None]:
    """``people geometry`` of the dwellings in ``window`` and how people were told.

    ``buildings``: households times what a household of the same village group counts, NaN where that is not known.
    ``groups``: each village group at its point, where no buildings are registered. None: neither is.
    """
    box = func.ST_MakeEnvelope(*window, STORAGE_SRID)
    if session.scalar(select(Building.id).limit(1)) is not None:
        a_household = Group.population / cast(func.nullif(Group.households, 0), Double)
        same = (Group.village_code == Building.village_code) & (Group.name == Building.group_name)
        joined = Building.__table__.outerjoin(Group.__table__, same)
        people = case((Building.households == 0, 0.0), else_=Building.households * a_household).label("people")
        statement = select(people, Building.geom).select_from(joined)
        return _people(read_frame(session, statement.where(Building.geom.op("&&")(box)))), "buildings"
    if session.scalar(select(Group.id).limit(1)) is not None:
        columns: list[Any] = [Group.population.label("people"), Group.geom]
        return _people(read_frame(session, select(*columns).where(Group.geom.op("&&")(box)))), "groups"
    return gpd.GeoDataFrame({"people": []}, geometry=[], crs=STORAGE_SRID), None


def _people(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame["people"] = pd.to_numeric(frame["people"]).astype("float64")
    return frame


def _joined() -> Any:
    table: Any = Enterprise.__table__
    return table.outerjoin(Village.__table__, Village.code == Enterprise.village_code)


def _columns() -> Select[Any]:
    columns: list[Any] = [
        column for column in Enterprise.__table__.columns if column.name not in ("created_at", "grade_id")
    ]
    grade = [
        EnterpriseGrade.overlay_grade, EnterpriseGrade.working, EnterpriseGrade.at.label("graded_at"), EnterpriseGrade.cause,
        EnterpriseGrade.rulebook_version, EnterpriseGrade.rulebook_fingerprint,
    ]  # fmt: skip
    dangers = select(func.count()).where(
        HiddenDanger.enterprise_id == Enterprise.id, ~is_ended()
    ).scalar_subquery()  # fmt: skip
    table = _joined().outerjoin(EnterpriseGrade.__table__, EnterpriseGrade.id == Enterprise.grade_id)
    last = _last_inspected().label("last_inspection")
    return select(*columns, Village.name.label("village"), *grade, last, dangers.label("open_dangers")).select_from(
        table
    )


def _last_inspected() -> ColumnElement[datetime.date | None]:
    inspected = select(func.max(Inspection.day)).where(Inspection.enterprise_id == Enterprise.id).scalar_subquery()
    return func.greatest(inspected, Enterprise.last_check)


def _is_due(due: InspectionsDue) -> ColumnElement[bool]:
    """What ``risk_model.enterprises.next_inspection`` says of one, asked of all."""
    last = _last_inspected()
    months = case(dict(due.months), value=func.coalesce(Enterprise.effective_grade, UNASSESSED))
    return or_(last.is_(None), last + func.make_interval(0, months) < due.on)


def _narrowed(statement: Select[Any], query: EnterpriseQuery) -> Select[Any]:
    for word in (query.q or "").split():
        statement = statement.where(or_(*_spoken(word)))
    if query.colour is not None:
        same = Enterprise.effective_grade == query.colour
        statement = statement.where(Enterprise.effective_grade.is_(None) if query.colour == UNASSESSED else same)
    if query.sector is not None:
        statement = statement.where(Enterprise.sector == query.sector)
    if query.village is not None:
        statement = statement.where(Enterprise.village_code == query.village)
    if query.due is not None:
        statement = statement.where(_is_due(query.due))
    if query.window is not None:
        box = func.ST_MakeEnvelope(*query.window, STORAGE_SRID)
        statement = statement.where(func.ST_Intersects(Enterprise.geom, box))
    return statement.where(true())


def _spoken(word: str) -> list[Any]:
    typed: list[Any] = [Enterprise.name, Enterprise.credit_code, Village.name]
    written = list(holding_every_word(word, typed))
    if not word.isascii():
        return written
    line = f"%{_escaped(word.lower())}%"
    said = or_(PlaceName.initials.like(line, escape="\\"), PlaceName.pinyin.like(line, escape="\\"))
    spelt = select(PlaceName.id).where(PlaceName.kind == "enterprise", PlaceName.owner_id == Enterprise.id, said)
    return [*written, spelt.exists()]


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class _Registered:
    """Registered enterprises, by credit code, by name and village. A name never stands for one of another code."""

    def __init__(self, session: Session) -> None:
        columns: list[Any] = [Enterprise.id, Enterprise.credit_code, Enterprise.name, Enterprise.village_code]
        self._by_code: dict[str, int] = {}
        self._by_name: dict[tuple[str, str | None], tuple[int, str | None]] = {}
        for number, code, name, village in session.execute(select(*columns)).all():
            self.add(number, {"credit_code": code, "name": name, "village_code": village})

    def find(self, values: Mapping[str, Any]) -> int | None:
        """The one these values speak of, None where nobody is."""
        code = values.get("credit_code")
        if code in self._by_code:
            return self._by_code[code]
        number, theirs = self._by_name.get((values["name"], values.get("village_code")), (None, None))
        return None if code is not None and theirs is not None else number

    def add(self, number: int, values: Mapping[str, Any]) -> None:
        """Remember one more."""
        code = values.get("credit_code")
        if code is not None:
            self._by_code[code] = number
        self._by_name[values["name"], values.get("village_code")] = (number, code)


def _there(value: Any) -> bool:
    return isinstance(value, list | dict) or not (value is None or pd.isna(value))


def _as_plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    for name in frame.columns.drop("geometry"):
        values = [plain_value(value, whole=name in WHOLE) for value in frame[name]]
        frame[name] = pd.Series(values, index=frame.index, dtype=object)
    return frame
