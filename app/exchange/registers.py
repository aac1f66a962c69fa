"""Imports of the registers told in order: inspected at the gate, kept, named in the gazetteer, one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
from sqlalchemy.orm import Session

from app.exchange.known import without_known_places
from app.intake.receipts import enter, take_in, take_in_ground
from app.platform.errors import Refused
from app.platform.work import Work
from gis_layers.exchange import (
    Delivery,
    ImportReport,
    Problem,
    ReadingOptions,
    SurveyExtent,
    read_constraints,
    read_extent,
    read_facilities,
    read_forces,
    read_regional_assessments,
    read_stations,
)
from gis_layers.stores import constraints, forces, places, regional_assessments, town
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.records import record_audit
from risk_model.codes import enumeration
from risk_model.message import msg

READERS: Mapping[str, Callable[[Path, ReadingOptions], Delivery]] = {
    "stations": read_stations,
    "forces": read_forces,
    "facilities": read_facilities,
}


@dataclass(frozen=True, slots=True)
class ConstraintsImport:
    """A delivery of constraint areas as the officer describes it; ``extent`` is zones, boundary or a file's path."""

    path: Path
    kind: str | None = None
    extent: str = "zones"
    source: str | None = None
    options: ReadingOptions = field(default_factory=ReadingOptions)


def import_register(work: Work, register: str, path: Path, options: ReadingOptions, *, author: str) -> Delivery:
    """Load ``stations``, ``forces`` or ``facilities``; the whole file in one transaction."""
    taken = take_in(work.deployment, path, options)
    delivery = READERS[register](path, placed(work, options))
    known = town.read_register(work.session, register)
    delivery = without_known_places(delivery, known, work.settings.metric_crs)
    if register == "forces":
        delivery = _with_stations_checked(work.session, delivery)
    if not delivery.frame.empty:
        town.append_register(work.session, register, delivery.frame.drop(columns="feature"))
        if register in ("forces", "stations"):
            forces.station_forces(work.session)
        refresh_names(work.session, work.settings.metric_crs)
        audit_import(work.session, author, register, path, delivery.report)
    sheltering = register == "facilities" and bool((delivery.frame["kind"] == "shelter").any())
    enter(work.session, taken, delivery.report, layers=[register, "shelters"] if sheltering else [register], by=author)
    return delivery


def import_constraints(work: Work, asked: ConstraintsImport, *, author: str) -> Delivery:
    """Load constraint areas, one survey a kind. Raises Refused for a kind that does not exist."""
    if asked.kind is not None and asked.kind not in enumeration("constraint_kind"):
        raise Refused(
            msg(
                "不认识的限制类型「{kind}」；可用：{constraint_kinds}",
                kind=asked.kind,
                constraint_kinds=[*enumeration("constraint_kind")],
            )
        )
    options = placed(work, asked.options)
    taken, ground = (
        take_in(work.deployment, asked.path, options),
        take_in_ground(work.deployment, asked.extent, options),
    )
    delivery = read_constraints(asked.path, options, kind=asked.kind)
    if delivery.frame.empty:
        enter(work.session, taken, delivery.report, layers=["constraints"], by=author)
        return delivery
    extent = _extent(asked, options)
    for kind, areas in delivery.frame.groupby("kind", sort=True):
        survey = constraints.NewConstraints(
            kind=str(kind),
            name=asked.path.name,
            source=asked.source,
            extent_kind=extent.kind,
            extent=extent.geometry,
        )
        kept = gpd.GeoDataFrame(areas, geometry="geometry")
        constraints.save_constraints(work.session, survey, kept, work.settings.metric_crs)
    audit_import(work.session, author, "constraints", asked.path, delivery.report)
    kinds = sorted({str(kind) for kind in delivery.frame["kind"]})
    enter(work.session, taken, delivery.report, layers=[f"constraints/{kind}" for kind in kinds], by=author)
    if ground is not None and extent.report is not None:
        enter(work.session, ground, extent.report, layers=[f"extent/{kind}" for kind in kinds], by=author)
    return delivery


def import_assessments(work: Work, path: Path, options: ReadingOptions, *, author: str) -> Delivery:
    """Load regional assessments; one whose number is known takes the place of what was known of it, and the report says so."""
    taken = take_in(work.deployment, path, options)
    delivery = read_regional_assessments(path, placed(work, options))
    report = delivery.report
    if not delivery.frame.empty:
        replaced = regional_assessments.save_assessments(work.session, delivery.frame)
        if replaced:
            told = Problem(None, msg("{n} 个文号已经登记过，以本次导入为准", n=replaced), None, msg("无须处理"))
            report = replace(report, problems=(*report.problems, told))
        audit_import(work.session, author, "regional-assessments", path, report)
    enter(work.session, taken, report, layers=["regional-assessments"], by=author)
    return replace(delivery, report=report)


def placed(work: Work, options: ReadingOptions) -> ReadingOptions:
    """The options with the ground this deployment knows."""
    return replace(options, metric_crs=work.settings.metric_crs, boundary=places.find_boundary(work.session))


def _extent(asked: ConstraintsImport, options: ReadingOptions) -> SurveyExtent:
    if asked.extent == "boundary" and options.boundary is None:
        raise Refused(msg("--extent boundary：还没有载入行政边界；请改用 --extent FILE"))
    return read_extent(asked.extent, options)


def _with_stations_checked(session: Session, delivery: Delivery) -> Delivery:
    """The delivery with a problem for each force whose station is not, or not only once, in the register."""
    known = forces.station_names(session)
    problems = list(delivery.report.problems)
    for feature, station, place in delivery.frame[["feature", "station", "geometry"]].itertuples(index=False):
        count = known.get(station, 0)
        if station is not None and count != 1:
            why = msg("登记了 {count} 个同名站点", count=count) if count else msg("没有登记这个站点")
            advice = msg("先导入站点或改正名称；在此之前按队伍自己的位置出动")
            problems.append(
                Problem(
                    int(feature),
                    msg("驻地「{station}」：{why}", station=station, why=why),
                    (place.x, place.y),
                    advice,
                )
            )
    return replace(delivery, report=replace(delivery.report, problems=tuple(problems)))


def audit_import(session: Session, author: str, register: str, path: Path, report: ImportReport) -> None:
    """Write down that a file was loaded."""
    detail = {
        "file": path.name,
        "features_loaded": report.features_loaded,
        "features_refused": report.features_refused,
    }
    record_audit(session, actor=author, action=f"import {register}", subject=register, detail=detail)
