"""Answers of checks: the opinion, and what else was asked of it."""

from __future__ import annotations

from app.judgement.response import response_to
from app.judgement.screening import CheckedSite
from app.platform.clock import now
from app.platform.work import Work
from app.siting.by_stake import add_stretches
from app.siting.firmness_schemas import own_scale_answer
from app.siting.parts import part_answers, parts_of_theme
from app.siting.schemas import OpinionAnswer, SiteProperties, check_answer
from app.siting.survey_answers import add_surveys


def answer_of(work: Work, checked: CheckedSite, asked: SiteProperties) -> OpinionAnswer:
    """The answer of a checked site: how its zones were surveyed, a line's findings by stake, the response where it was ``asked`` for."""
    answer = check_answer(checked)
    if checked.opinion.own_scale is not None:
        answer["own_scale"] = own_scale_answer(checked.opinion.own_scale)
    if checked.opinion.parts:
        _add_parts(work, checked, answer)
    add_stretches(work, checked, answer)
    add_surveys(work, checked, answer)
    if asked.response:
        answer["response"] = response_to(work, checked.opinion.footprint, now())
    return answer


def _add_parts(work: Work, checked: CheckedSite, answer: OpinionAnswer) -> None:
    """Tell of each part, and of each theme how it stands on each; as other classes each part is asked and not the outline."""
    answer["parts"] = part_answers(checked, work.settings.metric_crs)
    for theme in answer["themes"]:
        theme["parts"] = parts_of_theme(theme["theme"], checked.opinion)
    del answer["by_class"]
