"""Imports of enterprises and hidden dangers told in order: inspected, kept, graded anew, one transaction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from app.exchange.registers import audit_import, placed
from app.intake.receipts import enter, take_in
from app.judgement.enterprise_grades import regrade
from app.platform.work import Work
from gis_layers.exchange import (
    Delivery,
    Problem,
    ReadingOptions,
    read_enterprises,
    read_hidden_dangers,
)
from gis_layers.stores import enterprises, hidden_dangers
from gis_layers.stores.gazetteer import refresh_names
from risk_model.enterprises import AssessedRiskPoint, assess_point, enterprise_terms
from risk_model.errors import InvalidAssessment
from risk_model.message import msg

ALREADY_THERE = msg("已登记，没有重复登记")


def import_enterprises(work: Work, path: Path, options: ReadingOptions, *, author: str) -> Delivery:
    """Load enterprises with risk points, stock and outline; who is registered already is brought up to date."""
    terms = enterprise_terms(work.rulebook)

    def check_point(point: dict[str, Any]) -> None:
        try:
            assess_point(AssessedRiskPoint(**point), terms)
        except InvalidAssessment as error:
            raise ValueError(msg("{trouble}", trouble=error)) from error

    taken = take_in(work.deployment, path, options)
    delivery = read_enterprises(path, placed(work, options), check_point)
    if delivery.frame.empty:
        enter(work.session, taken, delivery.report, layers=["enterprises"], by=author)
        return delivery
    delivery = _each_once(work.session, delivery)
    told = {"base_grade": "declared_grade", "major_hazard_level": "declared_hazard_level"}
    delivery = _with_known_criteria(delivery, {one.id for one in terms.criteria})
    ids, known = enterprises.keep_enterprises(work.session, delivery.frame.rename(columns=told))
    refresh_names(work.session, work.settings.metric_crs)
    regrade(work, cause="import_enterprises", actor=author, numbers=sorted(set(ids)))
    audit_import(work.session, author, "enterprises", path, delivery.report)
    enter(work.session, taken, delivery.report, layers=["enterprises"], by=author)
    if not known:
        return delivery
    note = Problem(
        None,
        msg("{n} 家企业已登记，按新内容更新", n=len(known)),
        None,
        msg("以信用代码、否则以名称和所在村认定为同一家"),
    )
    return replace(delivery, report=replace(delivery.report, problems=(note, *delivery.report.problems)))


def import_hidden_dangers(work: Work, path: Path, options: ReadingOptions, *, author: str) -> Delivery:
    """Load a ledger of hidden dangers; a code that is registered is refused, since its state changes by steps only."""
    taken = take_in(work.deployment, path, options)
    delivery = read_hidden_dangers(path, placed(work, options))
    delivery = _without_known_codes(work.session, delivery)
    if delivery.frame.empty:
        enter(work.session, taken, delivery.report, layers=["hidden-dangers"], by=author)
        return delivery
    owners, problems = _owners(work.session, delivery)
    frame = delivery.frame.assign(enterprise_id=pd.Series(owners, index=delivery.frame.index, dtype=object))
    hidden_dangers.keep_dangers(work.session, frame, by=author)
    numbers = sorted({number for number in owners if number is not None})
    regrade(work, cause="import_dangers", actor=author, numbers=numbers)
    audit_import(work.session, author, "hidden-dangers", path, delivery.report)
    enter(work.session, taken, delivery.report, layers=["hidden-dangers"], by=author)
    return replace(delivery, report=replace(delivery.report, problems=(*delivery.report.problems, *problems)))


def _each_once(session: Session, delivery: Delivery) -> Delivery:
    """Of several rows of one enterprise the first; the others are refused, for one would be written over the other."""
    doubles = enterprises.find_doubles(session, delivery.frame)
    features = [int(feature) for feature in delivery.frame["feature"]]
    names = list(delivery.frame["name"])
    problems = [
        Problem(
            features[place],
            msg("「{name}」与第 {number} 号要素是同一家企业，没有登记", name=names[place], number=features[first]),
            None,
            msg("以信用代码、否则以名称和所在村认定为同一家；不是同一家的，补上信用代码或所在村后重新导入"),
        )
        for place, first in doubles.items()
    ]
    rows = [place for place in range(len(delivery.frame)) if place not in doubles]
    return replace(delivery, frame=delivery.frame.iloc[rows], report=delivery.report.refusing(problems))


def _with_known_criteria(delivery: Delivery, documents: set[str]) -> Delivery:
    """A criteria document the rulebook does not list is left out, with a problem noted."""
    frame, problems = delivery.frame, list(delivery.report.problems)
    for row, feature, named in frame[["feature", "criteria"]].itertuples():
        if named is not None and named not in documents:
            advice = msg("可用的编号：{known}", known=[*sorted(documents)])
            problems.append(
                Problem(int(feature), msg("不认识的判定标准「{named}」；按行业取用", named=named), None, advice)
            )
            frame.loc[row, "criteria"] = None
    return replace(delivery, report=replace(delivery.report, problems=tuple(problems)))


def _without_known_codes(session: Session, delivery: Delivery) -> Delivery:
    known = hidden_dangers.known_codes(session, list(delivery.frame["code"]))
    if not known:
        return delivery
    twice = delivery.frame["code"].isin(known)
    problems = [
        Problem(
            int(feature),
            msg("隐患「{code}」{trouble}", code=code, trouble=ALREADY_THERE),
            None,
            msg("状态变化请逐步记录，不要重新导入"),
        )
        for feature, code in delivery.frame.loc[twice, ["feature", "code"]].itertuples(index=False)
    ]
    return replace(delivery, frame=delivery.frame[~twice], report=delivery.report.refusing(problems))


def _owners(session: Session, delivery: Delivery) -> tuple[list[int | None], list[Problem]]:
    """The enterprise each danger is in, None with a problem where the one it names is not, or not only once, registered."""
    owners, problems = list[int | None](), list[Problem]()
    for feature, code, name in delivery.frame[["feature", "credit_code", "enterprise"]].itertuples(index=False):
        owner = enterprises.find_by_code_or_name(session, code, name)
        owners.append(owner)
        if owner is None and (code or name):
            nobody = msg(
                "没有（或不只一家）名为「{name}」的企业；隐患按地点登记，不影响任何企业的等级", name=name or code
            )
            problems.append(Problem(int(feature), nobody, None, msg("先导入企业，或改正单位名称、信用代码")))
    return owners, problems
