"""The gate every file goes through: feature by feature, what is right comes in and what is not is named and placed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from gis_layers.crs import STORAGE_CRS, transform, transform_points
from gis_layers.errors import CoordinatesOutsideCrs
from gis_layers.exchange.checks.crs_check import check_plausible, note_systems, resolve_crs, why_elsewhere
from gis_layers.exchange.checks.plausibility import Points, bounds_of, centres_of, vicinity_of
from gis_layers.exchange.checks.stray_vertices import refuse_astray
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Journal, RepairMade, RepairProposal, UntrustedFile
from gis_layers.geometry import drop_height, explain_invalid, find_excess, has_height, propose_repair
from risk_model.message import Message, msg
from risk_model.shapes import as_array
from risk_model.vocabulary import Geometries

POINT, LINE, AREA = 0, 1, 2
_KINDS = {POINT: msg("点"), LINE: msg("线"), AREA: msg("面")}
_MEND = msg("在源软件中改正该要素后重新导入")
_DRAW = msg("在源软件中补画该要素后重新导入")
_SPLIT = msg("在源软件中简化或拆分该要素后重新导入")
_SIMPLE_TYPES = {0, 1, 3, 4, 5, 6}


@dataclass(frozen=True, slots=True)
class Gate:
    """Gate for geometries of these dimensions, read as the officer asked; notes go to the journal."""

    options: ReadingOptions
    journal: Journal
    dimensions: frozenset[int] = field(default_factory=lambda: frozenset({AREA}))


def pass_gate(raw: RawLayer, gate: Gate) -> tuple[Geometries, CRS | None]:
    """Carry what is right to the storage CRS (flat, valid, None where refused); the CRS the file was read in.

    A file that cannot be believed as a whole leaves nothing and says so in the journal.
    """
    crs: CRS | None = None
    try:
        _refuse_undecidable(raw)
        bounds = bounds_of(_with_traces(raw))
        crs = resolve_crs(raw, bounds, gate.options)
        _remember_places(centres_of(bounds), crs, gate.journal)
        believed = check_plausible(bounds, crs, gate.options)
        note_systems(raw, crs, gate.journal)
    except UntrustedFile as trouble:
        gate.journal.refuse_file(trouble.problem, trouble.advice)
        return as_array([None] * len(raw.geometries)), crs or raw.declared
    geometries = _refuse_far(_readable(raw, gate), believed, gate, why=partial(why_elsewhere, bounds=bounds, crs=crs))
    geometries = _carried(geometries, crs, gate)
    geometries = refuse_astray(geometries, gate.journal, metric_crs=gate.options.metric_crs)
    _note_beyond_boundary(geometries, gate)
    return _valid(geometries, gate), crs


def _refuse_undecidable(raw: RawLayer) -> None:
    if raw.untrusted:
        raise UntrustedFile(*raw.untrusted)
    if raw.undecidable:
        raise UntrustedFile(raw.undecidable, msg("用 --encoding 指明编码，或请资料提供单位另存为 UTF-8 或 GeoPackage"))


def _readable(raw: RawLayer, gate: Gate) -> Geometries:
    """Geometries that exist, are of a wanted kind and have finite coordinates; the others are refused."""
    geometries = raw.geometries.copy()
    for feature in np.flatnonzero(_suspicious(geometries, gate.dimensions)):
        trouble = _trouble_with(raw, int(feature), geometries[feature], gate.dimensions)
        if trouble:
            gate.journal.refuse(int(feature), trouble[0], advice=trouble[1])
            geometries[feature] = None
    _refuse_excess(geometries, gate)
    if has_height(geometries):
        gate.journal.note(None, msg("坐标带有高程（Z）或量测值（M），导入时略去"), advice=msg("需要高程时请保留原文件"))
    return drop_height(geometries)


def _refuse_excess(geometries: Geometries, gate: Gate) -> None:
    """Take out what holds more than the gate lets in; nothing costly has been asked of it yet."""
    bounds = gate.options.bounds
    least = min(bounds.vertices, bounds.parts)
    for feature in np.flatnonzero(shapely.get_num_coordinates(geometries) > least).tolist():
        excess = find_excess(geometries[feature], bounds)
        if excess:
            gate.journal.refuse(feature, excess.advice, advice=_SPLIT)
            geometries[feature] = None


def _with_traces(raw: RawLayer) -> Geometries:
    geometries = raw.geometries.copy()
    for feature, trace in raw.traces.items():
        geometries[feature] = trace
    return geometries


def _suspicious(geometries: Geometries, wanted: frozenset[int]) -> npt.NDArray[np.bool_]:
    """Features that are missing, empty, of another kind or not finite; the bulk of a large file is passed at once."""
    plain = np.isin(shapely.get_type_id(geometries), list(_SIMPLE_TYPES))
    right = np.isin(shapely.get_dimensions(geometries), list(wanted)) & ~shapely.is_empty(geometries)
    vertices, owners = shapely.get_coordinates(geometries, return_index=True)
    endless = np.zeros(len(geometries), dtype=bool)
    endless[owners[~np.isfinite(vertices).all(axis=1)]] = True
    suspicious: npt.NDArray[np.bool_] = ~plain | ~right | endless
    return suspicious


def _trouble_with(raw: RawLayer, feature: int, geometry: Any, wanted: frozenset[int]) -> tuple[str, str] | None:
    if feature in raw.broken:
        return raw.broken[feature], _MEND
    if geometry is None or geometry.is_empty:
        return msg("没有几何，或几何无法解析") if geometry is None else msg("几何为空"), _DRAW
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return msg("坐标值不是有效数字"), _MEND
    return _wrong_kind(geometry, wanted)


def _wrong_kind(geometry: Any, wanted: frozenset[int]) -> tuple[str, str] | None:
    kinds = reduce(_either, (_KINDS[dimension] for dimension in sorted(wanted, reverse=True)))
    if int(shapely.get_type_id(geometry)) not in _SIMPLE_TYPES:
        return (
            msg("几何类型 {kind} 不能导入，这里只要{kinds}", kind=geometry.geom_type, kinds=kinds),
            msg("在源软件中拆分集合、把曲线转为折线后重新导出"),
        )
    dimension = int(shapely.get_dimensions(geometry))
    return (
        None
        if dimension in wanted
        else (msg("几何是{kind}，这里只要{kinds}", kind=_KINDS[dimension], kinds=kinds), msg("检查是否选错了图层"))
    )


def _either(before: Message, after: Message) -> Message:
    return msg("{before}或{after}", before=before, after=after)


def _remember_places(centres: Points, crs: CRS, journal: Journal) -> None:
    for feature, (lon, lat) in enumerate(transform_points(centres, crs, STORAGE_CRS)):
        if np.isfinite(lon) and np.isfinite(lat):
            journal.places[feature] = (float(lon), float(lat))


def _refuse_far(
    geometries: Geometries, believed: npt.NDArray[np.bool_], gate: Gate, *, why: Callable[..., str]
) -> Geometries:
    kept = geometries.copy()
    for feature in np.flatnonzero(~believed & ~shapely.is_missing(geometries)).tolist():
        trouble = why(feature, options=gate.options)
        gate.journal.refuse(feature, trouble, advice=msg("检查该要素的坐标、坐标轴顺序与带号后重新导入"))
        kept[feature] = None
    return kept


def _carried(geometries: Geometries, crs: CRS, gate: Gate) -> Geometries:
    with suppress(CoordinatesOutsideCrs):
        return transform(geometries, crs, STORAGE_CRS)
    carried = geometries.copy()
    for feature in np.flatnonzero(~shapely.is_missing(geometries)):
        try:
            carried[feature] = transform(geometries[feature : feature + 1], crs, STORAGE_CRS)[0]
        except CoordinatesOutsideCrs:
            carried[feature] = None
            gate.journal.refuse(
                int(feature), msg("有坐标不能转换到 CGCS2000"), advice=msg("检查该要素的坐标后重新导入")
            )
    return carried


def _note_beyond_boundary(geometries: Geometries, gate: Gate) -> None:
    vicinity = vicinity_of(gate.options)
    if vicinity is None:
        return
    beyond = ~shapely.is_missing(geometries) & ~shapely.intersects(shapely.box(*vicinity), geometries)
    for feature in np.flatnonzero(beyond):
        gate.journal.note(
            int(feature), msg("要素远离本辖区（0.5 度以外）"), advice=msg("核对该要素的位置；属实可不处理")
        )


def _valid(geometries: Geometries, gate: Gate) -> Geometries:
    checked = geometries.copy()
    for feature in np.flatnonzero(~shapely.is_missing(geometries) & ~shapely.is_valid(geometries)):
        checked[feature] = _mended(int(feature), geometries[feature], gate)
    return checked


def _mended(feature: int, geometry: Any, gate: Gate) -> Any:
    """The repaired geometry where repairs are accepted, else None and a refusal that tells what a repair would do."""
    explained = explain_invalid(geometry)
    reason, place = explained or (msg("几何无效"), gate.journal.places.get(feature))
    repair = propose_repair(geometry, metric_crs=gate.options.metric_crs)
    if repair is None:
        gate.journal.refuse(
            feature,
            msg("{reason}，且无法修复", reason=reason),
            advice=msg("在源软件中重画该要素后重新导入"),
            location=place,
        )
        return None
    before, after = repair.area_before_m2, repair.area_after_m2
    made = RepairMade(feature, reason, place, before, after)
    gate.journal.propose(RepairProposal(made, geometry, repair.geometry))
    if not gate.options.accepts_repair(feature):
        gate.journal.refuse(
            feature,
            msg(
                "{reason}；建议的修复使面积由 {before} m² 变为 {after} m²",
                reason=reason,
                before=f"{before:,.1f}",
                after=f"{after:,.1f}",
            ),
            advice=msg("在源软件中改正，或核对面积变化后接受修复（命令行加 --accept-repairs）"),
            location=place,
        )
        return None
    gate.journal.mend(made)
    return repair.geometry
