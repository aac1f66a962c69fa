"""Stored layers as they leave the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from app.platform.errors import NotFound, Refused
from gis_layers.exchange.text.risk_points import FIGURES
from gis_layers.stores import runs
from gis_layers.stores.enterprises import RiskPoint, read_enterprises, read_risk_points
from gis_layers.stores.hidden_dangers import read_dangers
from gis_layers.stores.lists import ListQuery, read_list
from gis_layers.stores.places import read_places
from gis_layers.stores.projects import read_projects
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from gis_layers.stores.runs import GradingRun
from gis_layers.stores.staged_zones import ATTRIBUTES
from gis_layers.stores.town import REGISTERS, RegisterQuery, read_register
from risk_model.grading import hidden_extremes
from risk_model.message import msg

LAYERS = ("zones", "areas", "villages", "projects", "roads", "water", "boundary", "hidden-dangers", *REGISTERS)
WRITTEN_AT_NIGHT = ("incidents", "village-contacts")
"""What the desk writes: taken away from its register, no layer of the console."""
RETIRED = ("retired_at", "retired_by")
MOST_ROWS = 1_000_000
ZONE_COLUMNS = ["zone", "version", *ATTRIBUTES, "from_edition", "geometry"]


def read_layer(session: Session, layer: str) -> gpd.GeoDataFrame:
    """A layer of ``LAYERS`` as a frame in the storage CRS, unrounded."""
    if layer == "zones":
        return gpd.GeoDataFrame(read_zones(session, ZoneQuery())[ZONE_COLUMNS], geometry="geometry")
    if layer == "projects":
        projects = read_projects(session)
        projects["created_at"] = projects["created_at"].map(lambda moment: moment.isoformat())
        return projects.drop(columns="version")
    if layer == "enterprises":
        return read_enterprises_layer(session)
    if layer == "hidden-dangers":
        return read_dangers(session).drop(
            columns=["created_at", "changed_at", "level", "version", "responsible_person"]
        )
    if layer in REGISTERS:
        return _flat(read_register(session, layer)).drop(columns="version", errors="ignore")
    return read_places(session, layer)


def read_download(session: Session, layer: str) -> gpd.GeoDataFrame:
    """A layer as the registers offer it: those of ``LAYERS`` but the graded areas, and the shelters of the facilities."""
    offered = sorted({*LAYERS, "shelters", *WRITTEN_AT_NIGHT} - {"areas"})
    if layer not in offered:
        raise NotFound(msg("没有可下载的图层 {layer}；可下载：{known}", layer=layer, known=[*offered]))
    if layer in WRITTEN_AT_NIGHT:
        return read_list(session, layer, ListQuery(limit=MOST_ROWS)).drop(
            columns=["version", *RETIRED], errors="ignore"
        )
    if layer != "shelters":
        return read_layer(session, layer)
    return _flat(read_register(session, "facilities", RegisterQuery(kind="shelter"))).drop(columns="version")


def graded_run(session: Session, unit: str, run: int | None) -> GradingRun:
    """The run of this number, of ``unit``, or where none is given the published one. Refused where there is none."""
    found = runs.latest_run(session, unit) if run is None else runs.find_run(session, run)
    if found is None or found.unit != unit:
        if run is not None:
            raise Refused(
                msg("没有编号为 {run} 的 {unit} 单元分级；请先运行：anzhi grade --unit {unit}", run=run, unit=unit)
            )
        raise Refused(msg("还没有 {unit} 单元的分级；请先运行：anzhi grade --unit {unit}", unit=unit))
    return found


def read_areas_layer(session: Session, unit: str, run: int | None) -> gpd.GeoDataFrame:
    """The areas of a run (the published one of ``unit`` unless given) with one column ``<hazard>_score`` a hazard.

    Refused where there is no such run.
    """
    found = graded_run(session, unit, run)
    areas = runs.read_areas(session, found.id)
    flat = areas.drop(columns=["id", "contributions", "measurements", "risk", "data_gaps", "geometry"])
    flat["data_gaps"] = [";".join(gaps) for gaps in areas["data_gaps"]]
    for hazard in [part["hazard"] for part in areas["contributions"].iloc[0]]:
        values = [next(part["value"] for part in parts if part["hazard"] == hazard) for parts in areas["contributions"]]
        flat[f"{hazard}_score"] = pd.array(values, dtype="Float64")
    for name in ("area_m2", "population"):
        flat[name] = pd.array([told[name] for told in areas["measurements"]], dtype="Float64")
    extremes = [hidden_extremes(*row) for row in zip(areas["measurements"], areas["grade_rank"], strict=True)]
    flat["extremes"] = [
        ";".join(f"{one['hazard']} {one['grade']} {one['area_m2']:.0f} m2" for one in row) for row in extremes
    ]
    flat["risk_grade"] = [told["grade"] for told in areas["risk"]]
    flat["risk_score"] = pd.array([told["score"] for told in areas["risk"]], dtype="Float64")
    for name in ("score", "maximum"):
        flat[name] = pd.array(list(flat[name]), dtype="Float64")
    flat["grade_rank"] = pd.array(list(flat["grade_rank"]), dtype="Int64")
    flat["unit"], flat["edition"] = unit, found.edition
    return gpd.GeoDataFrame(flat, geometry=areas.geometry)


def read_enterprises_layer(session: Session) -> gpd.GeoDataFrame:
    """Enterprises with their colours, and in the words the gate reads: stock, risk points, diagnosis, last inspection."""
    frame = read_enterprises(session)
    points: dict[int, list[RiskPoint]] = {}
    for point in read_risk_points(session):
        points.setdefault(point.enterprise_id, []).append(point)
    lists = [points.get(number, []) for number in frame["id"]]
    diagnosed = [next((one for one in known if one.method == "diagnosis"), None) for known in lists]
    frame["risk_points"] = _column(frame, [_told_points(known) for known in lists])
    frame["diagnosis_score"] = _column(frame, [one and one.figures["score"] for one in diagnosed])
    frame["direct_red"] = _column(frame, [one and (";".join(one.conditions) or None) for one in diagnosed])
    frame["last_check"] = frame["last_inspection"]
    frame["graded_at"] = _column(frame, [moment and moment.isoformat() for moment in frame["graded_at"]])
    frame["rulebook"] = frame["rulebook_fingerprint"]
    kept = frame.drop(
        columns=[
            "contact_name",
            "contact_phone",
            "working",
            "last_inspection",
            "cause",
            "rulebook_version",
            "rulebook_fingerprint",
            "version",
        ]
    )
    return _flat(kept.rename(columns={"base_grade": "reckoned_grade", "declared_grade": "base_grade",
                                      "major_hazard_level": "reckoned_hazard_level",
                                      "declared_hazard_level": "major_hazard_level"}))  # fmt: skip


def _column(frame: gpd.GeoDataFrame, values: Sequence[object]) -> pd.Series[Any]:
    return pd.Series(values, index=frame.index, dtype=object)


def _told_points(points: list[RiskPoint]) -> str | None:
    told = [
        f"{one.name}:{'LEC' if one.method == 'lec' else 'LS'} "
        + "*".join(f"{one.figures[name]:g}" for name in FIGURES[one.method])
        for one in points
        if one.method in FIGURES
    ]
    return ";".join(told) or None


def _flat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame with lists as files hold them and the gate reads them: ``a;b``, ``挖掘机:2;装载机:1``."""
    for name in frame.columns.drop("geometry"):
        if any(isinstance(value, list) for value in frame[name]):
            frame[name] = pd.Series([_listed(value) for value in frame[name]], index=frame.index, dtype=object)
    return frame


def _listed(value: Sequence[Any]) -> str:
    return ";".join(entry if isinstance(entry, str) else _amount(entry) for entry in value)


def _amount(entry: dict[str, Any]) -> str:
    """``name:count`` or ``unit/substance[class]:tonnes``."""
    name = str(entry.get("name", entry.get("substance")))
    if entry.get("unit"):
        name = f"{entry['unit']}/{name}"
    if entry.get("classes"):
        name = f"{name}[{'+'.join(entry['classes'])}]"
    amount = entry.get("count", entry.get("tonnes"))
    return name if amount is None else f"{name}:{amount}"
