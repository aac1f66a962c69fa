"""Answers of checks: the opinion, and what else was asked of it."""

from __future__ import annotations

from app.judgement.response import response_to
from app.judgement.screening import CheckedSite
from app.platform.clock import now
from app.platform.work import Work
from app.reports.grounds import read_surveys
from app.reports.surveys import Survey
from app.siting.by_stake import add_stretches
from app.siting.evidence_schemas import SurveyAnswer
from app.siting.firmness_schemas import own_scale_answer
from app.siting.parts import part_answers, parts_of_theme
from app.siting.schemas import OpinionAnswer, SiteProperties, check_answer


def answer_of(work: Work, checked: CheckedSite, asked: SiteProperties) -> OpinionAnswer:
    """The answer of a checked site: how its zones were surveyed, a line's findings by stake, the response where it was ``asked`` for."""
    answer = check_answer(checked)
    if checked.opinion.own_scale is not None:
        answer["own_scale"] = own_scale_answer(checked.opinion.own_scale)
    if checked.opinion.parts:
        _add_parts(work, checked, answer)
    add_stretches(work, checked, answer)
    surveys = read_surveys(work.session, answer, work.deployment.editions.likely(work.settings.metric_crs))
    for finding in (one for theme in answer["themes"] for one in theme["findings"]):
        known = surveys.get((str(finding["zone"]), finding["zone_version"] or 0))
        if known is not None:
            finding["survey"] = _survey(known)
    if asked.response:
        answer["response"] = response_to(work, checked.opinion.footprint, now())
    return answer


def _add_parts(work: Work, checked: CheckedSite, answer: OpinionAnswer) -> None:
    """Tell of each part, and of each theme how it stands on each; as other classes each part is asked and not the outline."""
    answer["parts"] = part_answers(checked, work.settings.metric_crs)
    for theme in answer["themes"]:
        theme["parts"] = parts_of_theme(theme["theme"], checked.opinion)
    del answer["by_class"]


def _survey(known: Survey) -> SurveyAnswer:
    told: SurveyAnswer = {
        "survey_date": None if known.day is None else known.day.isoformat(),
        "age_days": known.age_days,
        "scale": known.scale,
        "source": known.source,
    }
    if (terms := known.terms) is not None:
        told["office"], told["max_age_days"] = terms.office, terms.max_age_days
        told["valid_until"] = None if terms.valid_until is None else terms.valid_until.isoformat()
        told["expired"], told["overaged"] = terms.expired, terms.overaged
    return told
