"""Answers of checks: the opinion, and what else was asked of it."""

from __future__ import annotations

from app.judgement.response import response_to
from app.judgement.screening import CheckedSite
from app.platform.clock import now
from app.platform.work import Work
from app.siting.by_stake import add_stretches
from app.siting.schemas import OpinionAnswer, SiteProperties, check_answer


def answer_of(work: Work, checked: CheckedSite, asked: SiteProperties) -> OpinionAnswer:
    """The answer of a checked site: a line's findings by stake, and the response where it was ``asked`` for."""
    answer = check_answer(checked)
    add_stretches(work, checked, answer)
    if asked.response:
        answer["response"] = response_to(work, checked.opinion.footprint, now())
    return answer
