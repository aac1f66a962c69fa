"""Villages, units to be graded, project sites already approved, and the deployment's own boundary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gis_layers.exchange.delivery.border import guarded
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.declarations import (
    ANYTHING,
    BUILDING_FIELDS,
    Declarations,
    read_project_class,
    refuse_parts,
    refuse_slips,
)
from gis_layers.exchange.layers.ingest import Received, ingest, receive_apart
from gis_layers.exchange.text import values
from gis_layers.exchange.text.quantities import PERSONS
from gis_layers.geometry import promote_to_multi
from risk_model.message import Message, msg


@apart
def read_villages(path: Path, options: ReadingOptions) -> Delivery:
    """Read villages: feature, code, name, population, geometry (multi polygon).

    A village without a name is refused, and one whose code another has already.
    """
    received = ingest(path, options, ("code", "name", "population"))
    columns = {
        "code": received.columns.read("code", values.read_code),
        "name": _required(received, "name", values.read_text, what=msg("名称")),
        "population": received.columns.read("population", PERSONS),
    }
    _refuse_doubles(columns["code"], received)
    return _delivered(received, columns, "villages")


@apart
def read_units(path: Path, options: ReadingOptions) -> Delivery:
    """Read units to be graded: feature, code, name, population, geometry (multi polygon).

    A unit without a name is called by its number in the file; one whose code another has already is refused.
    """
    received = ingest(path, options, ("code", "name", "population"))
    codes = received.columns.read("code", values.read_code)
    names = received.columns.read("name", values.read_text)
    numbered = [f"{feature} 号单元" if name is None else name for feature, name in enumerate(names)]
    columns = {
        "code": _only_once(codes, received),
        "name": numbered,
        "population": received.columns.read("population", PERSONS),
    }
    return _delivered(received, columns, "units")


@guarded
def read_projects(path: Path, options: ReadingOptions, declarations: Declarations = ANYTHING) -> Delivery:
    """Read projects: feature, name, project_class (K1 to K7, else refused), seismic_class, building_type, polygons."""
    received = receive_apart(path, options, ("name", "project_class", *BUILDING_FIELDS))
    refuse_slips(received.geometries, received.journal, metric_crs=options.metric_crs)
    refuse_parts(received.raw.attributes, received.journal)
    names = _required(received, "name", values.read_text, what=msg("名称"))
    classes = _required(received, "project_class", read_project_class, what=msg("项目类别"))
    columns = {"name": names, "project_class": classes, **declarations.read(received.columns, classes)}
    return _delivered(received, columns, "projects", multi=False)


@apart
def read_boundary(path: Path, options: ReadingOptions) -> Delivery:
    """Read the deployment's outline: feature, name, geometry (multi polygon); several features are parts of it."""
    received = ingest(path, options, ("name",))
    return _delivered(received, {"name": received.columns.read("name", values.read_text)}, "boundary")


def _required(received: Received, ours: str, read_value: Any, *, what: Message) -> list[Any]:
    """A column every feature must have a readable value in; features without one are refused."""
    read = received.columns.read(ours, read_value)
    for feature, value in enumerate(read):
        if value is None and feature not in received.journal.refused:
            received.journal.refuse(
                feature,
                msg("没有可用的{what}", what=what),
                advice=msg("补上{what}，或用 --field {ours}=列名 指明所在的列", what=what, ours=ours),
            )
    return read


def _refuse_doubles(codes: list[Any], received: Received) -> None:
    first: dict[str, int] = {}
    for feature, code in enumerate(codes):
        if code is None or feature in received.journal.refused:
            continue
        if code in first:
            received.journal.refuse(
                feature,
                msg("代码 {code} 与第 {number} 号要素相同", code=code, number=first[code]),
                advice=msg("村庄以代码区分，核对后改正其中之一"),
            )
        first.setdefault(code, feature)


def _only_once(codes: list[Any], received: Received) -> list[str]:
    """A code for every feature: the file's, else ``unit-<number>``; later features of a known code are refused."""
    named: dict[str, int] = {}
    told: list[str] = []
    for feature, given in enumerate(codes):
        code = f"unit-{feature}" if given is None else str(given)
        told.append(code)
        if feature in received.journal.refused:
            continue
        if code in named:
            received.journal.refuse(
                feature,
                msg("代码 {code} 与第 {number} 号要素相同", code=code, number=named[code]),
                advice=msg("单元以代码区分，改正其中之一后重新导入"),
            )
        named.setdefault(code, feature)
    return told


def _delivered(received: Received, columns: dict[str, list[Any]], layer: str, *, multi: bool = True) -> Delivery:
    geometries = promote_to_multi(received.geometries) if multi else received.geometries
    return deliver(columns, geometries, raw=received.raw, journal=received.journal, layer=(layer, received.crs))
