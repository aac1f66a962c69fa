"""Answers of checks: the opinion, and what else was asked of it."""

from __future__ import annotations

from app.judgement.response import response_to
from app.judgement.screening import CheckedSite
from app.platform.clock import now
from app.platform.work import Work
from app.reports.findings import Survey
from app.reports.grounds import read_surveys
from app.siting.by_stake import add_stretches
from app.siting.evidence_schemas import SurveyAnswer
from app.siting.firmness_schemas import own_scale_answer
from app.siting.schemas import OpinionAnswer, SiteProperties, check_answer


def answer_of(work: Work, checked: CheckedSite, asked: SiteProperties) -> OpinionAnswer:
    """The answer of a checked site: how its zones were surveyed, a line's findings by stake, the response where it was ``asked`` for."""
    answer = check_answer(checked)
    if checked.opinion.own_scale is not None:
        answer["own_scale"] = own_scale_answer(checked.opinion.own_scale)
    add_stretches(work, checked, answer)
    surveys = read_surveys(work.session, answer)
    for finding in (one for theme in answer["themes"] for one in theme["findings"]):
        known = surveys.get((str(finding["zone"]), finding["zone_version"] or 0))
        if known is not None:
            finding["survey"] = _survey(known)
    if asked.response:
        answer["response"] = response_to(work, checked.opinion.footprint, now())
    return answer


def _survey(known: Survey) -> SurveyAnswer:
    return {
        "survey_date": None if known.day is None else known.day.isoformat(),
        "age_days": known.age_days,
        "scale": known.scale,
        "source": known.source,
    }
