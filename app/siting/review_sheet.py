"""The sheet of a joint review for signatures and seals, told in one language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.http.figures import area_words
from app.http.i18n import tell_in
from app.reports.review_sheet import ReviewPaper, SheetDepartment
from app.reports.told import Say, ToldOpinion
from app.siting.review_schemas import DepartmentAnswer, ReviewConditionAnswer, WholeReview
from risk_model.codes import code_name
from risk_model.message import Message, msg
from risk_model.reviews.vocabulary import ReviewDocumentKind

MOST_REASONS: Final = 6
DIGITS: Final = 16
"""So many digits of the evidence's digest stand on the sheet."""


def tell_sheet(review: WholeReview, opinion: ToldOpinion, house: Message, language: str) -> ReviewPaper:
    """The review as a page to be signed; ``opinion`` is what it rests on in sentences."""

    def say(words: str) -> str:
        return tell_in(words, language)

    facts = (
        (msg("编号"), " ".join(filter(None, (review["office"], review["number"])))),
        (msg("项目"), f"{review['name'] or say(msg('未命名'))} · {review['project_class']}"),
        (msg("审批方式"), say(code_name("review_route", review["route"]))),
        (msg("环节"), say(code_name("review_stage", review["stage"]))),
        (msg("用地面积"), say(area_words(review["evidence"]["site"]["area_m2"]))),
        (msg("登记编号"), review["check"]),
        (msg("区划版次"), say(opinion.grounds.edition)),
        (msg("规则库"), say(opinion.grounds.rulebook)),
        (msg("结果摘要"), review["evidence_digest"][:DIGITS]),
    )
    return ReviewPaper(
        title=say(msg("联审联查意见表")),
        house=say(house),
        language=language,
        facts=tuple((say(name), words) for name, words in facts),
        verdict=say(code_name("verdict", review["verdict"])),
        reasons=tuple(_reasons(opinion, say)),
        departments=tuple(_department(one, say) for one in review["departments"]),
        conditions=tuple(_condition(one, say, language) for one in review["conditions"]),
        documents=tuple(_documents(review, say)),
        decision=tuple(_decision(review, say)),
        synthetic=review["synthetic"],
    )


def _reasons(opinion: ToldOpinion, say: Say) -> Iterator[str]:
    yield say(opinion.reason)
    if opinion.gaps:
        yield say(msg("没有资料、不作判断：{themes}", themes=[gap.name for gap in opinion.gaps[:MOST_REASONS]]))


def _department(one: DepartmentAnswer, say: Say) -> SheetDepartment:
    opinion = one["opinion"]
    said = () if opinion is None else tuple(filter(None, (opinion["comment"], *opinion["conditions"])))
    signed = ""
    if opinion is not None:
        signed = f"{opinion['signer']} {opinion['signed_on']}" + (
            f" {opinion['document']}" if opinion["document"] else ""
        )
        signed += say(msg("（代录，未附扫描件）")) if opinion["entered_for"] and opinion["scan"] is None else ""
    due = "" if one["due_on"] is None or opinion is not None else say(msg("{day} 前复函", day=one["due_on"]))
    standing = code_name("department_standing", one["standing"])
    return SheetDepartment(say(code_name("review_department", one["department"])), say(standing), said, signed, due)


def _condition(one: ReviewConditionAnswer, say: Say, language: str) -> str:
    words = one["wording_en"] if language == "en" and one["wording_en"] else one["wording"]
    if one["carried_to"] is not None:
        return say(msg("{words}（带入{stage}环节）", words=words, stage=code_name("review_stage", one["carried_to"])))
    if one["state"] == "closed":
        return say(msg("{words}（已关闭：{document}）", words=words, document=one["document"]))
    return say(msg("{words}（未关闭）", words=words))


def _documents(review: WholeReview, say: Say) -> Iterator[str]:
    """The documents on record and those that lack; letters stand beside their departments."""
    named = [
        msg("{kind}（{number}）", kind=code_name("review_document", one["kind"]), number=one["number"])
        for one in review["documents"]
        if one["struck"] is None and one["kind"] is not ReviewDocumentKind.REPLY
    ]
    if named:
        yield say(msg("在案：{documents}", documents=named))
    lacking = [code_name("review_document", one["kind"]) for one in review["documents_needed"] if not one["on_record"]]
    if lacking:
        yield say(msg("缺：{what}", what=lacking))


def _decision(review: WholeReview, say: Say) -> Iterator[str]:
    decided = review["decision"]
    if decided is None:
        return
    yield say(
        msg("{decision}：{reason}", decision=code_name("review_state", decided["decision"]), reason=decided["reason"])
    )
    if decided["override"]:
        against = [code_name("review_objection", one) for one in decided["overriding"]]
        yield say(
            msg(
                "越过筛查与意见作出；原结论：{verdict}；{against}",
                verdict=code_name("verdict", decided["verdict"]),
                against=against,
            )
        )
    yield f"{decided['by']} {decided['at'][:10]}"
