"""Enterprises, stations, forces, facilities and constraint areas as they are delivered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gis_layers.exchange.checks.inspection import AREA, POINT
from gis_layers.exchange.delivery.border import guarded
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.ingest import Received, ingest, receive_apart
from gis_layers.exchange.text import register_words as words
from gis_layers.exchange.text import values
from gis_layers.exchange.text.credit_codes import read_credit_code, says_unlicensed
from gis_layers.exchange.text.days import read_day
from gis_layers.exchange.text.listed_stock import read_equipment, read_inventory, split_words, unread_inventory
from gis_layers.exchange.text.quantities import PERSONS, POINTS, SECONDS, SQUARE_METRES, TONNES
from gis_layers.exchange.text.register_words import WordList
from gis_layers.exchange.text.risk_points import CheckPoint, diagnosis, read_risk_points
from gis_layers.exchange.text.written import as_written, is_nothing
from gis_layers.geometry import promote_to_multi
from risk_model.message import msg
from risk_model.vocabulary import Geometries

_Readers = Mapping[str, Callable[[Any], Any]]

_CONTACT: _Readers = {"contact_name": values.read_text, "contact_phone": values.read_code}
_ENTERPRISE: _Readers = {
    "industry": values.read_text, "staff": PERSONS, "village_code": values.read_code,
    "address": values.read_text, "major_hazard_level": words.read_hazard_level, "last_check": read_day,
    "criteria": values.read_text, **_CONTACT,
}  # fmt: skip
_STATION: _Readers = {
    "village_code": values.read_code, "crew": PERSONS, "duty_phone": values.read_code,
    "last_verified": read_day,
}  # fmt: skip
_FORCE: _Readers = {
    "station": values.read_text, "village_code": values.read_code, "crew": PERSONS, "turnout_s": SECONDS,
    "agreement_expires": read_day, "last_verified": read_day, **_CONTACT,
}  # fmt: skip
_FACILITY: _Readers = {
    "village_code": values.read_code, "capacity": PERSONS, "effective_area_m2": SQUARE_METRES,
    "last_verified": read_day, **_CONTACT,
}  # fmt: skip


@guarded
def read_enterprises(path: Path, options: ReadingOptions, check_point: CheckPoint | None = None) -> Delivery:
    """Read enterprises, points or the outlines of plants, with the columns of their register. A name is required.

    ``risk_points`` is None where the file says nothing of them, or nothing that can be believed: ``check_point`` judges
    the figures, and with one wrong point the whole list is left out, so that no enterprise looks safer than it is.
    """
    listed = (
        "sector",
        "size",
        "base_grade",
        "inventory",
        "credit_code",
        "risk_points",
        "diagnosis_score",
        "direct_red",
    )
    received = receive_apart(path, options, ("name", *listed, *_ENTERPRISE), dimensions=frozenset({POINT, AREA}))
    codes = received.columns.read("credit_code", _code_or_none)
    columns: dict[str, list[Any]] = {
        "name": _names(received),
        "sector": read_words(received, "sector", words.SECTORS),
        "size": read_words(received, "size", words.SIZES),
        "base_grade": read_words(received, "base_grade", words.COLOURS),
        "inventory": _inventories(received),
        "credit_code": [code or None for code in codes],
        "unlicensed": [code == "" for code in codes],
        "risk_points": _risk_points(received, check_point or (lambda _: None)),
        **_plain(received, _ENTERPRISE),
    }
    return _delivered(received, columns, "enterprises")


def _inventories(received: Received) -> list[list[dict[str, Any]]]:
    """Stock lists; a substance without an amount stays in the list, with a problem noted."""
    weight = received.columns.measured("inventory", TONNES)
    lists = received.columns.read("inventory", lambda cell: read_inventory(cell, weight), several=True)
    for feature, (stock, cell) in enumerate(zip(lists, received.columns.unread("inventory"), strict=True)):
        if stock is None:
            lists[feature] = [] if is_nothing(cell) else unread_inventory(cell)
    for feature, stock in enumerate(lists):
        unknown = [item["substance"] for item in stock if item["tonnes"] is None]
        if unknown:
            trouble = msg("「{substances}」没有数量，按资料不足处理", substances=[*unknown])
            received.journal.note(feature, trouble, advice=msg("写作 氯:15（单位吨）后重新导入"))
    return lists


def _code_or_none(value: object) -> str:
    """The credit code; empty for an enterprise that is said to have no licence."""
    return "" if says_unlicensed(value) else read_credit_code(value)


def _risk_points(received: Received, check_point: CheckPoint) -> list[list[dict[str, Any]] | None]:
    def believed(value: object) -> list[dict[str, Any]]:
        points = read_risk_points(value)
        for point in points:
            check_point(point)
        return points

    lists = received.columns.read("risk_points", believed, several=True)
    scores = received.columns.read("diagnosis_score", POINTS)
    conditions = received.columns.read("direct_red", split_words, several=True)
    for feature, score in enumerate(scores):
        if score is None:
            continue
        point = diagnosis(score, conditions[feature] or [])
        try:
            check_point(point)
        except ValueError as error:
            received.journal.note(
                feature, msg("{trouble}；此值按缺失处理", trouble=error), advice=msg("在源数据中改正该值后重新导入")
            )
            continue
        lists[feature] = [*(lists[feature] or []), point]
    return lists


@apart
def read_stations(path: Path, options: ReadingOptions) -> Delivery:
    """Read stations, points with name and kind (an unknown kind becomes village, with a problem noted)."""
    listed = ("name", "kind", "duty", "provisions")
    received = ingest(path, options, (*listed, *_STATION), dimensions=frozenset({POINT}))
    columns: dict[str, list[Any]] = {
        "name": _names(received),
        "kind": read_words(received, "kind", words.STATION_KINDS),
        "duty": read_words(received, "duty", words.DUTIES),
        "provisions": _provisions(received),
        **_plain(received, _STATION),
    }
    return _delivered(received, columns, "stations")


@apart
def read_forces(path: Path, options: ReadingOptions) -> Delivery:
    """Read forces, points with name, kind and capabilities; all of them ready.

    An unknown kind becomes volunteer. A capability no list knows is kept and stands in ``unknown_capabilities`` too.
    """
    listed = ("kind", "team_level", "capabilities", "duty", "equipment")
    received = ingest(path, options, ("name", *listed, *_FORCE), dimensions=frozenset({POINT}))
    known, unknown = _capabilities(received)
    columns: dict[str, list[Any]] = {
        "name": _names(received),
        "kind": read_words(received, "kind", words.FORCE_KINDS),
        "team_level": read_words(received, "team_level", words.TEAM_LEVELS),
        "capabilities": known,
        "unknown_capabilities": unknown,
        "state": ["ready"] * len(received.geometries),
        "duty": read_words(received, "duty", words.DUTIES),
        "equipment": [tools or [] for tools in received.columns.read("equipment", read_equipment, several=True)],
        **_plain(received, _FORCE),
    }
    return _delivered(received, columns, "forces")


@apart
def read_facilities(path: Path, options: ReadingOptions) -> Delivery:
    """Read facilities, points or areas with name and kind (an unknown kind becomes other); shelters with their size."""
    received = ingest(path, options, ("name", "kind", "shelter_term", *_FACILITY), dimensions=frozenset({POINT, AREA}))
    columns: dict[str, list[Any]] = {
        "name": _names(received),
        "kind": read_words(received, "kind", words.FACILITY_KINDS),
        "shelter_term": read_words(received, "shelter_term", words.SHELTER_TERMS),
        **_plain(received, _FACILITY),
    }
    return _delivered(received, columns, "facilities")


@apart
def read_constraints(path: Path, options: ReadingOptions, *, kind: str | None = None) -> Delivery:
    """Read constraint areas: feature, kind, name, source_id, geometry (multi polygon).

    ``kind`` is that of the whole file. A feature whose kind is not known is refused: each kind has another legal effect.
    """
    received = ingest(path, options, ("name", "source_id", *(() if kind else ("kind",))))
    columns = {
        "kind": [kind] * len(received.geometries) if kind else _constraint_kinds(received),
        "name": received.columns.read("name", values.read_text),
        "source_id": received.columns.read("source_id", values.read_code),
    }
    return _delivered(received, columns, "constraints", multi=True)


def _names(received: Received) -> list[str | None]:
    names = received.columns.read("name", values.read_text)
    for feature, name in enumerate(names):
        if name is None and feature not in received.journal.refused:
            received.journal.refuse(
                feature, msg("没有可用的名称"), advice=msg("补上名称，或用 --field name=列名 指明所在的列")
            )
    return names


def _plain(received: Received, readers: _Readers) -> dict[str, list[Any]]:
    return {name: received.columns.read(name, read_value) for name, read_value in readers.items()}


def read_words(received: Received, ours: str, known: WordList, *, usual: bool = False) -> list[str | None]:
    """One word of ours a feature; an unknown word becomes the default of the list, and a problem says so.

    ``usual`` tells that the default goes without saying: neither a missing column nor an empty cell is a problem then.
    """
    journal, column = received.journal, received.columns.found.get(ours)
    count = len(received.geometries)
    if column is None:
        if known.default is not None and journal.whole_file_error is None and not usual:
            journal.note(
                None,
                msg("没有 {ours} 列，全部按 {word} 处理", ours=ours, word=known.default),
                advice=msg("用 --field {ours}=列名 指明所在的列", ours=ours),
            )
        return [known.default] * count
    may_lack = usual or known.default is None
    return [
        known.default if may_lack and is_nothing(cell) else _word(received, feature, ours, cell, known)
        for feature, cell in enumerate(received.columns.cells(ours))
    ]


def _word(received: Received, feature: int, ours: str, cell: object, known: WordList) -> str | None:
    if feature in received.journal.refused:
        return known.default
    word = None if is_nothing(cell) else known.find(cell)
    if word is None:
        trouble = msg("没有填写") if is_nothing(cell) else msg("不认识「{word}」", word=as_written(cell))
        instead = msg("按 {word} 处理", word=known.default) if known.default else msg("按缺失处理")
        received.journal.note(
            feature,
            msg("{ours} {trouble}，{instead}", ours=ours, trouble=trouble, instead=instead),
            advice=msg("可用的词：{known}（或其中文名）", known=[*known.codes]),
        )
        return known.default
    return word


def _capabilities(received: Received) -> tuple[list[list[str]], list[list[str]]]:
    """The capabilities of each feature in our words, and those among them no list knows, as they were written."""
    known, unknown = list[list[str]](), list[list[str]]()
    if "capabilities" not in received.columns.found and received.journal.whole_file_error is None:
        advice = msg("用 --field capabilities=列名 指明所在的列；没有能力的队伍不会被派出")
        received.journal.note(None, msg("没有 capabilities 列，全部按没有登记能力处理"), advice=advice)
    for feature, written in enumerate(received.columns.read("capabilities", split_words, several=True)):
        found = [(word, words.CAPABILITIES.find(word)) for word in written or []]
        strange = list(dict.fromkeys(word for word, ours in found if ours is None))
        known.append(list(dict.fromkeys(ours or word for word, ours in found)))
        unknown.append(strange)
        if strange:
            received.journal.note(
                feature,
                msg("不认识的能力：{words}；照原样保留，只有规则里写明这个词时才会用到", words=[*strange]),
                advice=msg("可用的词：{known}（或其中文名）", known=[*words.CAPABILITIES.codes]),
            )
    return known, unknown


def _provisions(received: Received) -> list[list[str]]:
    """What each station has of what it should have; a word no list knows is left out, with a problem noted."""
    had = list[list[str]]()
    for feature, written in enumerate(received.columns.read("provisions", split_words, several=True)):
        found = [(word, words.STATION_PROVISIONS.find(word)) for word in written or []]
        had.append(list(dict.fromkeys(ours for _, ours in found if ours)))
        strange = list(dict.fromkeys(word for word, ours in found if ours is None))
        if strange:
            received.journal.note(
                feature,
                msg(
                    "{ours} {trouble}，{instead}",
                    ours="provisions",
                    trouble=msg("不认识「{word}」", word=[*strange]),
                    instead=msg("按缺失处理"),
                ),
                advice=msg("可用的词：{known}（或其中文名）", known=[*words.STATION_PROVISIONS.codes]),
            )
    return had


def _constraint_kinds(received: Received) -> list[str | None]:
    journal, column = received.journal, received.columns.found.get("kind")
    known = [*words.CONSTRAINT_KINDS.codes]
    if column is None:
        if journal.whole_file_error is None:
            journal.refuse_file(
                msg("没有说明是哪一条控制线"),
                msg("用 --kind 指明（{known}），或用 --field kind=列名 指明所在的列", known=known),
            )
        return [None] * len(received.geometries)
    kinds = [words.CONSTRAINT_KINDS.find(cell) for cell in received.columns.cells("kind")]
    for feature, kind in enumerate(kinds):
        if kind is None and feature not in journal.refused:
            journal.refuse(
                feature, msg("不认识的控制线类型"), advice=msg("可用的词：{known}（或其中文名）", known=known)
            )
    return kinds


def _delivered(received: Received, columns: dict[str, list[Any]], layer: str, *, multi: bool = False) -> Delivery:
    geometries = promote_to_multi(received.geometries) if multi else _unwrapped(received)
    return deliver(columns, geometries, raw=received.raw, journal=received.journal, layer=(layer, received.crs))


def _unwrapped(received: Received) -> Geometries:
    """Points as points where a file wraps each in a multi point; a feature of several points is refused."""
    geometries = received.geometries.copy()
    for feature in np.flatnonzero(shapely.get_type_id(geometries) == shapely.GeometryType.MULTIPOINT):
        if shapely.get_num_geometries(geometries[feature]) == 1:
            geometries[feature] = shapely.get_geometry(geometries[feature], 0)
        else:
            received.journal.refuse(
                int(feature), msg("一个要素里有几个点"), advice=msg("拆分为每个要素一个点后重新导入")
            )
            geometries[feature] = None
    return geometries
