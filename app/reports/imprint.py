"""The printing of an opinion: what stands around its sentences, read from the deployment, for whom it may be."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

from app import __version__
from app.http.i18n import in_language
from app.platform.clock import CHINA
from app.platform.errors import Refused
from app.platform.work import Work
from app.reports.attached import NO_EVIDENCE, Evidence
from app.reports.evidence import evidence_of
from app.reports.findings import Sources, Told
from app.reports.grounds import read_surveys
from app.reports.map_ground import MapOrder, picture_of
from app.reports.opinion import tell_opinion
from app.reports.paper import Paper
from app.reports.phrases import UNRECORDED
from app.reports.recognition import recognition_of
from app.reports.told import as_written
from app.reports.visits import tell_visits
from gis_layers.stores.records import read_facts
from risk_model.message import Message, msg
from risk_model.rulebook import RuleBook

SHORT: Final = 16
"""So many digits of a fingerprint tell two of them apart on paper."""


class Profile(StrEnum):
    """Profile of a paper: whom it may be shown to."""

    INTERNAL = "internal"
    PUBLIC = "public"

    @property
    def words(self) -> Message:
        """What stands on every sheet."""
        return msg("内部资料") if self is Profile.INTERNAL else msg("公开版（坐标概略）")


@dataclass(frozen=True, slots=True)
class Order:
    """Order to print: in which language, for whom, and at which moment by the service's clock.

    ``visits``: whether a record of visits follows; it holds corners, which no public paper does.
    """

    language: str
    profile: Profile
    at: datetime.datetime
    visits: bool = False


def paper_of(work: Work, answer: Told, *, rulebook: RuleBook, order: Order) -> Paper:
    """The ``answer`` of a check as a paper.

    Raises Refused for a public one where the deployment has no 审图号.
    """
    refuse_unapproved(work, order.profile)
    if order.profile is Profile.PUBLIC:
        answer = _for_everybody(answer)
    opinion = tell_opinion(answer, Sources(rulebook, read_surveys(work.session, answer)))
    say = partial(in_language, language=order.language)
    coarse = order.profile is Profile.PUBLIC
    picture = picture_of(work, answer, MapOrder(rulebook, coarse, say))
    evidence = NO_EVIDENCE if coarse else evidence_of(work, answer, order.at)
    return Paper(
        opinion=opinion,
        house=house_of(work),
        profile=order.profile.words,
        language=order.language,
        provenance=tuple(_provenance(answer, work, order, evidence)),
        picture=picture,
        visits=tell_visits(answer) if order.visits and not coarse else None,
        evidence=evidence,
        recognition=recognition_of(work, answer["record"]),
    )


def _for_everybody(answer: Told) -> Told:
    """What a public paper tells of an ``answer``: not who made the check, nor which forces come, nor where they would be kept from coming."""
    record = answer["record"] and {**answer["record"], "by": "—"}
    return {**{name: told for name, told in answer.items() if name != "response"}, "record": record}


def refuse_unapproved(work: Work, profile: Profile) -> None:
    """Raises Refused for a public paper where the deployment has no 审图号."""
    if profile is Profile.PUBLIC and not work.settings.map_approval_number:
        raise Refused(
            msg("没有审图号，不能输出公开版；请管理员送审后设置 ANZHI_MAP_APPROVAL_NUMBER，或改用内部版"),
            code="unready",
        )


def house_of(work: Work) -> Message:
    """Name of whoever prints: the town's map."""
    township = read_facts(work.session).get("township")
    return msg("{town}灾害风险一张图", town=as_written(str(township))) if township else msg("灾害风险一张图")


def issued(work: Work, order: Order) -> Iterator[tuple[str, str | Message]]:
    """The facts of the printing itself: approval number, moment, software."""
    yield msg("审图号"), as_written(work.settings.map_approval_number) or msg("待填（公开使用前须送审）")
    printed = order.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    yield msg("打印时间（服务器）"), msg("{at}（北京时间）", at=printed)
    yield msg("软件版本"), __version__


def _provenance(answer: Told, work: Work, order: Order, evidence: Evidence) -> Iterator[tuple[str, str | Message]]:
    edition, rulebook, record = answer["edition"], answer["rulebook"], answer["record"]
    yield msg("登记编号"), as_written(record["number"]) if record else UNRECORDED
    yield msg("区划版次"), stamped(edition["number"], edition["fingerprint"]) if edition else msg("尚未启用区划")
    yield msg("规则库"), stamped(rulebook["version"], rulebook["fingerprint"])
    yield msg("判断日期"), answer["judged_on"]
    yield msg("数据日期"), answer["data_date"] or msg("未注明")
    yield msg("坐标系"), work.settings.metric_crs
    if record:
        yield msg("送审内容摘要 SHA-256"), record["input_digest"]
        yield msg("结果摘要 SHA-256"), record["result_digest"]
    if code := recognition_of(work, record):
        yield msg("二维码内容"), as_written(code.words)
    if evidence.words:
        yield msg("PDF 所附证据"), evidence.words
    yield from issued(work, order)


def stamped(name: object, fingerprint: str) -> Message:
    """A name with the first digits of what proves it."""
    return msg("{name} · {mark}", name=name, mark=fingerprint[:SHORT])
