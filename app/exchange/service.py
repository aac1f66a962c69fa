"""Imports told in order: inspected at the gate, loaded into a draft, published where asked, one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from app.exchange.known import without_known_places, without_known_villages
from app.exchange.survey_terms import note_run_out, refuse_contradiction
from app.intake.receipts import enter, take_in, take_in_ground
from app.judgement.screening import declarations_of
from app.platform.errors import Refused
from app.platform.work import Work
from gis_layers.exchange import (
    Delivery,
    ImportReport,
    Problem,
    ReadingOptions,
    SurveyExtent,
    note_extent,
    read_extent,
    read_projects,
    read_villages,
    read_zones,
)
from gis_layers.stores import editions, local_edits, places, projects, staged_zones, surveys
from gis_layers.stores.gazetteer import refresh_names
from gis_layers.stores.records import record_audit
from gis_layers.stores.surveys import NOTHING_STATED, StatedTerms
from risk_model.message import msg
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Grade, Product


@dataclass(frozen=True, slots=True)
class ZonesImport:
    """A delivery of zones as the officer describes it; ``extent`` is ``zones``, ``boundary`` or a file's path."""

    path: Path
    hazard: str
    product: str
    grade_field: str | None = None
    grade: str | None = None
    grade_scheme: str | None = None
    extent: str = "zones"
    source: str | None = None
    survey_date: datetime.date | None = None
    scale: int | None = None
    terms: StatedTerms = NOTHING_STATED
    replaces: bool = False
    options: ReadingOptions = field(default_factory=ReadingOptions)


@dataclass(frozen=True, slots=True)
class Publication:
    """That an import is to be published at once, and why."""

    reason: str
    by_console: bool = True


def import_zones(work: Work, asked: ZonesImport, *, author: str, publication: Publication | None) -> Delivery:
    """Inspect, load into a draft, publish where asked. Nothing is written where nothing of the file is right.

    Raises Refused for an unknown hazard, product or scheme, and for a publication the deployment does not allow.
    """
    scheme = _scheme(work.rulebook, asked)
    if publication is not None:
        allow_console_publication(work, publication)
    asked = replace(asked, options=_with_boundary(work, asked.options))
    taken, ground = (
        take_in(work.deployment, asked.path, asked.options),
        take_in_ground(work.deployment, asked.extent, asked.options),
    )
    layers = [f"zones/{asked.hazard}"]
    delivery = _read_zones(work.rulebook, asked, scheme)
    if delivery.frame.empty:
        enter(work.session, taken, delivery.report, layers=layers, by=author)
        return delivery
    extent = _extent(work.session, asked)
    delivery = note_extent(delivery, extent)
    delivery = note_run_out(_note_unruled(delivery, work.rulebook), asked.terms)
    draft = editions.open_draft(work.session, name=asked.path.name, author=author)
    layer_id = surveys.save_layer(work.session, draft.id, _layer(asked, extent, delivery), work.settings.metric_crs)
    staged_zones.stage_new_zones(work.session, draft.id, layer_id, delivery.frame)
    _audit(work.session, author, f"draft {draft.id}", asked, delivery.report)
    enter(work.session, taken, delivery.report, layers=layers, by=author, detail=asked.product, draft=draft.id)
    if ground is not None and extent.report is not None:
        layers = [f"extent/{asked.hazard}"]
        enter(work.session, ground, extent.report, layers=layers, by=author, detail=asked.product, draft=draft.id)
    delivery = replace(delivery, report=replace(delivery.report, draft=draft.id))
    if publication is None:
        return delivery
    _refuse_undoing(work, draft.id)
    edition = editions.publish_draft(
        work.session, draft, author=author, reason=publication.reason, by_console=publication.by_console
    )
    detail = {"draft": draft.id, "reason": publication.reason, "console": publication.by_console}
    record_audit(work.session, actor=author, action="publish", subject=f"edition {edition.number}", detail=detail)
    return replace(delivery, report=replace(delivery.report, edition=edition.number))


def _refuse_undoing(work: Work, draft: int) -> None:
    edited = local_edits.undecided_zones(work.session, draft)
    if edited:
        raise Refused(
            msg(
                "新交付会取代本地修改过的 {zones}，没有导入；请去掉 --publish 导入，在页面上逐个决定取舍后启用",
                zones=[str(zone) for zone in edited[:20]],
            )
        )


def allow_console_publication(work: Work, publication: Publication) -> None:
    """Raises Refused where ``ANZHI_CONSOLE_PUBLISH`` does not let the console publish now, or no reason is given."""
    rule = work.settings.console_publish
    if not publication.reason.strip():
        raise Refused(msg("启用要写明理由：请加上 --reason TEXT"))
    if rule == "never" or (rule == "first" and editions.current_edition(work.session) is not None):
        raise Refused(
            msg(
                "此处控制台不能启用（ANZHI_CONSOLE_PUBLISH={rule}）：请去掉 --publish 导入后由审批人批准草稿，或为本部署设置 ANZHI_CONSOLE_PUBLISH=always",
                rule=rule,
            )
        )


def _scheme(rulebook: RuleBook, asked: ZonesImport) -> str | None:
    hazard = rulebook.hazards.get(asked.hazard)
    if hazard is None:
        raise Refused(
            msg("不认识的灾种「{hazard}」；可用：{hazards}", hazard=asked.hazard, hazards=[*rulebook.hazards])
        )
    if asked.product not in list(Product):
        raise Refused(
            msg("不认识的成果类型「{product}」；可用：{product_2}", product=asked.product, product_2=[*Product])
        )
    scheme = asked.grade_scheme or rulebook.default_scheme(asked.hazard, asked.product)
    if scheme is not None and scheme not in rulebook.schemes:
        raise Refused(msg("不认识的分级方案「{scheme}」；可用：{schemes}", scheme=scheme, schemes=[*rulebook.schemes]))
    if scheme is not None and scheme not in hazard.schemes:
        raise Refused(
            msg(
                "{hazard} 不按「{scheme}」分级；它的分级方案：{schemes}",
                hazard=asked.hazard,
                scheme=scheme,
                schemes=[*hazard.schemes],
            )
        )
    return scheme


def _read_zones(rulebook: RuleBook, asked: ZonesImport, scheme: str | None) -> Delivery:
    words: Mapping[str, Grade] = rulebook.grade_words(scheme) if scheme else {}
    return read_zones(
        asked.path,
        asked.options,
        hazard=asked.hazard,
        product=asked.product,
        grade_words=words,
        grade_required=rulebook.hazards[asked.hazard].graded,
        grade_field=asked.grade_field,
        fixed_grade=_fixed_grade(rulebook, asked.grade, scheme),
        source=asked.source,
        survey_date=asked.survey_date,
        scale=asked.scale,
    )


def _fixed_grade(rulebook: RuleBook, word: str | None, scheme: str | None) -> Grade | None:
    if word is None:
        return None
    if scheme is None:
        raise Refused(msg("这个灾种自身没有分级方案，给出 --grade 时须同时给出 --grade-scheme"))
    grade = rulebook.read_grade(scheme, word)
    if grade is None:
        raise Refused(msg("--grade {word}：这个词表示没有评估过；请给出 {scheme} 的等级", word=word, scheme=scheme))
    return grade


def _with_boundary(work: Work, options: ReadingOptions) -> ReadingOptions:
    return replace(options, metric_crs=work.settings.metric_crs, boundary=places.find_boundary(work.session))


def _note_unruled(delivery: Delivery, rulebook: RuleBook) -> Delivery:
    """The delivery with a word on every grade that no siting rule knows: sites there will be short of data."""
    columns = ["hazard", "product", "grade", "grade_rank", "grade_scheme"]
    graded: list[list[Any]] = delivery.frame[columns].dropna().drop_duplicates().to_numpy().tolist()
    noted = [
        Problem(
            None,
            msg(
                "选址规则没有收录「{scheme}」的等级「{grade}」，落在其中或附近的项目只能判为资料不足",
                scheme=scheme,
                grade=grade,
            ),
            None,
            msg("换用规则收录的成果或分级方案，或由管理员补充本地规则"),
        )
        for hazard, product, grade, rank, scheme in graded
        if not rulebook.hazards[hazard].knows(product, scheme, int(rank))
    ]
    return replace(delivery, report=replace(delivery.report, problems=(*noted, *delivery.report.problems)))


def _extent(session: Session, asked: ZonesImport) -> SurveyExtent:
    if asked.extent == "zones":
        return SurveyExtent("zones", None)
    if asked.extent == "boundary":
        boundary = places.find_boundary(session)
        if boundary is None:
            raise Refused(msg("--extent boundary：还没有载入行政边界；请改用 --extent FILE"))
        return SurveyExtent("boundary", boundary)
    return read_extent(Path(asked.extent), replace(asked.options, layer=None, fields={}))


def _layer(asked: ZonesImport, extent: SurveyExtent, delivery: Delivery) -> surveys.NewLayer:
    dates = pd.to_datetime(delivery.frame["survey_date"]).dropna()
    survey_date = asked.survey_date or (dates.max().date() if len(dates) else None)
    refuse_contradiction(asked.terms, survey_date)
    return surveys.NewLayer(
        hazard=asked.hazard,
        product=asked.product,
        name=asked.path.name,
        source=asked.source,
        survey_date=survey_date,
        scale=asked.scale,
        extent_kind=extent.kind,
        extent=extent.geometry,
        replaces=asked.replaces,
        report=delivery.report.to_dict(),
        office=asked.terms.office,
        valid_until=asked.terms.valid_until,
        max_age_days=asked.terms.max_age_days,
    )


def _audit(session: Session, author: str, subject: str, asked: ZonesImport, report: ImportReport) -> None:
    detail = {
        "file": asked.path.name,
        "hazard": asked.hazard,
        "product": asked.product,
        "features_loaded": report.features_loaded,
        "features_refused": report.features_refused,
    }
    record_audit(session, actor=author, action="import zones", subject=subject, detail=detail)


def import_places(work: Work, kind: str, path: Path, options: ReadingOptions, *, author: str) -> Delivery:
    """Load ``villages`` or ``projects``; the whole file in one transaction."""
    ready = _with_boundary(work, options)
    taken = take_in(work.deployment, path, ready)
    if kind == "villages":
        delivery = without_known_villages(work.session, read_villages(path, ready))
    else:
        delivery = read_projects(path, ready, declarations_of(work.rulebook))
        delivery = without_known_places(delivery, projects.read_projects(work.session), work.settings.metric_crs)
    if not delivery.frame.empty:
        frame = delivery.frame.drop(columns="feature")
        _append(work.session, kind, frame)
        refresh_names(work.session, work.settings.metric_crs)
        detail = {"file": path.name, "features_loaded": delivery.report.features_loaded}
        record_audit(work.session, actor=author, action=f"import {kind}", subject=kind, detail=detail)
    counted = kind == "villages" and bool(delivery.frame["population"].notna().any())
    enter(work.session, taken, delivery.report, layers=[kind, "population"] if counted else [kind], by=author)
    return delivery


def _append(session: Session, kind: str, frame: gpd.GeoDataFrame) -> None:
    if kind == "villages":
        places.append_places(session, "villages", frame)
    else:
        projects.append_projects(session, frame)
