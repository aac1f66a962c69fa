"""The gazetteer as it is asked: every place a text may mean, best first, and the aliases people gave."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from gis_layers.errors import GisError
from gis_layers.spelling import search_key, spell, stem
from gis_layers.stores.records import read_facts, save_fact
from gis_layers.tables.names import PlaceName
from gis_layers.tables.places import Village
from risk_model.codes import enumeration
from risk_model.message import msg

STAKES_FACT = "road_stakes"
_SYLLABLES = 3
"""Letters it takes before pinyin is looked for in the middle of a name."""

_Found = aliased(PlaceName, name="found")
_Meant = aliased(PlaceName, name="meant")


_TOLD = (
    PlaceName.kind, PlaceName.owner, PlaceName.owner_id, PlaceName.name, PlaceName.lon, PlaceName.lat, PlaceName.west,
    PlaceName.south, PlaceName.east, PlaceName.north, PlaceName.village, PlaceName.detail,
)  # fmt: skip
"""Columns of a place as it is told; whole rows of the mapper cost three times as much, and nothing here is changed."""


class AliasTaken(GisError):
    """The place already answers to this alias."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One candidate. ``matched`` says how it was found and ``matched_text`` which of its names did.

    ``id`` is kind and owner and outlives a rebuild. Position and ``bbox`` (west, south, east, north) in degrees,
    storage CRS. ``detail`` tells places of one name apart.
    """

    id: str
    kind: str
    name: str
    matched: str
    matched_text: str
    lon: float
    lat: float
    bbox: tuple[float, float, float, float]
    village: str | None
    owner: str
    owner_id: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Alias:
    """Name people use for a place beside its own. ``name`` is None where the place is no longer in its register."""

    id: int
    alias: str
    place: str
    name: str | None
    created_by: str | None
    created_at: datetime.datetime


def search_names(
    session: Session, text: str, *, limit: int, offset: int = 0, leaving_out: Sequence[str] = ()
) -> tuple[list[FoundPlace], int]:
    """One page of the places ``text`` may mean, best first, and how many there are in all, but for some ids.

    The order: its very name, its name without 村 or 社, a beginning, pinyin or initials, their beginnings, anything
    inside the name, pinyin inside, each of several words somewhere in name or village; at equal rank a name before an
    alias, a village before what lies in it.
    """
    asked = _Asked.of(text)
    if not asked.whole:
        return [], 0
    best = _best(asked, leaving_out)
    order = (best.c.rank, best.c.source.desc(), _kind_order(best.c.kind), func.length(best.c.name))
    by_owner = func.length(best.c.owner), best.c.owner
    page = select(best, func.count().over().label("total")).order_by(*order, *by_owner).limit(limit).offset(offset)
    rows = session.execute(page).all()
    if not rows:
        return [], session.scalar(select(func.count()).select_from(best)) or 0
    meant = session.execute(select(PlaceName.id, *_TOLD).where(PlaceName.id.in_([row.meant_id for row in rows])))
    by_id = {row.id: row for row in meant}
    places = [
        _place(by_id[row.meant_id], "alias" if row.source == "alias" else _HOW[row.rank], row.text) for row in rows
    ]
    return places, int(rows[0].total)


_HOW = ("name", "name", "prefix", "pinyin", "initials", "pinyin", "initials", "contains", "pinyin", "contains")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A text as it is looked for: ``whole`` as one name, and as ``words`` where space parts it into several."""

    whole: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Asked:
        words = tuple(key for key in map(search_key, text.split()) if key)
        return cls(search_key(text), words if len(words) > 1 else ())


def _best(asked: _Asked, leaving_out: Sequence[str]) -> Subquery:
    """Each place that ``asked`` finds, with its best rank and the name that gave it."""
    rank = case(*((condition, number) for number, condition in _ranks(asked.whole)), else_=len(_HOW) - 1).label("rank")
    told = (rank, _Found.name.label("text"), _Found.source.label("source"))
    of_register = select(_Found.id.label("meant_id"), _Found.kind, _Found.owner, _Found.name, *told)
    of_aliases = select(_Meant.id, _Meant.kind, _Meant.owner, _Meant.name, *told).join(
        _Meant, and_(_Meant.kind == _Found.kind, _Meant.owner == _Found.owner, _Meant.source == "register")
    )
    found = union_all(
        of_register.where(_Found.source == "register", _held(asked, _Found.village)),
        of_aliases.where(_Found.source == "alias", _held(asked, _Meant.village)),
    ).subquery()
    order = func.row_number().over(partition_by=found.c.meant_id, order_by=(found.c.rank, found.c.source.desc()))
    ordered = select(found, order.label("turn")).subquery()
    wanted = ordered.c.turn == 1, (ordered.c.kind + ":" + ordered.c.owner).not_in(leaving_out)
    return select(ordered).where(*wanted).subquery()


def _held(asked: _Asked, village: SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    """Filter of names that hold the whole, or every one of its words, be it the place's own or that of its village."""
    home = func.lower(func.coalesce(village, ""))
    each = [or_(_anywhere(word), _has(home, word)) for word in asked.words]
    return or_(_anywhere(asked.whole), and_(*each)) if each else _anywhere(asked.whole)


def _anywhere(asked: str) -> ColumnElement[bool]:
    """Filter of names any rank accepts, cheap: every name is looked at once a search."""
    looked_for = [(_Found.words, asked), (_Found.words, f" {stem(asked)} ")]
    if asked.isascii():
        looked_for += [
            (_Found.initials, f" {asked}"),
            (_Found.pinyin, asked if len(asked) >= _SYLLABLES else f" {asked}"),
        ]
    return or_(*(_has(words, part) for words, part in looked_for))


def _ranks(asked: str) -> list[tuple[int, ColumnElement[bool]]]:
    words, pinyin, initials = _Found.words, _Found.pinyin, _Found.initials
    ranks: list[tuple[int, ColumnElement[bool]]] = [
        (0, words.startswith(f" {asked} ", autoescape=True)),
        (1, or_(_has(words, f" {asked} "), _has(words, f" {stem(asked)} "))),
        (2, _has(words, f" {asked}")),
    ]
    if asked.isascii():
        ranks += [
            (3, _has(pinyin, f" {asked} ")),
            (4, _has(initials, f" {asked} ")),
            (5, _has(pinyin, f" {asked}")),
            (6, _has(initials, f" {asked}")),
        ]
    ranks.append((7, _has(words, asked)))
    if asked.isascii() and len(asked) >= _SYLLABLES:
        ranks.append((8, _has(pinyin, asked)))
    return ranks


def _has(words: Any, part: str) -> ColumnElement[bool]:
    """Whether ``part`` stands in a line of words, letter by letter: signs are no wildcards here."""
    return func.strpos(words, part) > 0


def _kind_order(kind: ColumnElement[str]) -> ColumnElement[Any]:
    return func.array_position(literal(list(enumeration("place_kind"))), kind)


def _place(row: PlaceName | Row[*tuple[Any, ...]], matched: str, text: str) -> FoundPlace:
    assert row.lon is not None
    assert row.lat is not None
    bbox: Any = (row.west, row.south, row.east, row.north)
    return FoundPlace(
        f"{row.kind}:{row.owner}", row.kind, row.name, matched, text, row.lon, row.lat, bbox, row.village, row.owner,
        row.owner_id, row.detail,
    )  # fmt: skip


def places_called(
    session: Session, name: str, kinds: Sequence[str] = tuple(enumeration("place_kind"))
) -> list[FoundPlace]:
    """Every place of ``kinds`` that has this very name, an alias of this name included; never just the first."""
    forms = [f" {form} " for form in {search_key(name), search_key(name).removesuffix("线")} if form]
    called = or_(*(_has(_Found.words, form) for form in forms)) if forms else literal(False)
    meant = and_(_Meant.kind == _Found.kind, _Meant.owner == _Found.owner, _Meant.source == "register")
    statement = select(_Meant).join(_Found, meant).where(called, _Meant.kind.in_(kinds)).distinct()
    return [_place(row, "name", row.name) for row in session.scalars(statement.order_by(_Meant.kind, _Meant.owner))]


def find_place(session: Session, place_id: str) -> FoundPlace | None:
    """The register's place of an id such as ``village:620724102207``."""
    kind, _, owner = place_id.partition(":")
    row = session.scalar(
        select(PlaceName).where(PlaceName.kind == kind, PlaceName.owner == owner, PlaceName.source == "register")
    )
    return None if row is None else _place(row, "name", row.name)


def village_at(session: Session, lon: float, lat: float) -> str | None:
    """The village whose ground holds a point of the storage CRS."""
    point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), func.ST_SRID(Village.geom))
    return session.scalar(select(Village.name).where(func.ST_Covers(Village.geom, point)).order_by(Village.id).limit(1))


def save_alias(session: Session, place: FoundPlace, alias: str, *, author: str) -> Alias:
    """Let ``place`` answer to ``alias`` too. Raises AliasTaken where it already does.

    Two people who name one place at the same time are heard one after the other.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"anzhi alias {place.id}"))))
    same = select(PlaceName.id).where(
        PlaceName.kind == place.kind,
        PlaceName.owner == place.owner,
        PlaceName.words.startswith(f" {search_key(alias)} ", autoescape=True),
    )
    if session.scalar(same) is not None:
        raise AliasTaken(msg("{name} 已经有这个名称：{alias}", name=place.name, alias=alias))
    spelling = spell(alias)
    row = PlaceName(
        kind=place.kind, owner=place.owner, owner_id=None, name=alias.strip(), source="alias", words=spelling.words,
        pinyin=spelling.pinyin, initials=spelling.initials, created_by=author,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return Alias(row.id, row.name, place.id, place.name, author, row.created_at)


def read_aliases(session: Session, *, alias_id: int | None = None, places: Sequence[str] | None = None) -> list[Alias]:
    """Every alias by id, also those whose place is gone; or the one of ``alias_id``, or those of ``places`` (ids)."""
    register = and_(_Meant.kind == _Found.kind, _Meant.owner == _Found.owner, _Meant.source == "register")
    statement = select(_Found, _Meant.name).outerjoin(_Meant, register).where(_Found.source == "alias")
    if alias_id is not None:
        statement = statement.where(_Found.id == alias_id)
    if places is not None:
        statement = statement.where((_Found.kind + ":" + _Found.owner).in_(places))
    return [
        Alias(row.id, row.name, f"{row.kind}:{row.owner}", name, row.created_by, row.created_at)
        for row, name in session.execute(statement.order_by(_Found.id))
    ]


def delete_alias(session: Session, alias_id: int) -> None:
    """Forget one alias; a register's name is never touched."""
    row = session.get(PlaceName, alias_id)
    if row is not None and row.source == "alias":
        session.delete(row)
        session.flush()


def read_origins(session: Session) -> dict[str, Any]:
    """Origin of the stakes of each numbered road: ``west_end_m`` and ``eastward`` by number, as told."""
    origins: dict[str, Any] = read_facts(session).get(STAKES_FACT, {})
    return origins


def save_origin(session: Session, reference: str, *, west_end_m: float, eastward: bool) -> None:
    """Tell what the stakes of road ``reference`` say at its western end and whether they grow towards the east."""
    told = {"west_end_m": west_end_m, "eastward": eastward}
    save_fact(session, STAKES_FACT, {**read_origins(session), reference: told})
