"""Answers on surveys: that of each zone that was met, and those a theme rests on of which nothing was."""

from __future__ import annotations

from collections.abc import Mapping

from app.judgement.screening import CheckedSite
from app.platform.work import Work
from app.reports.grounds import known_survey, read_surveys
from app.reports.surveys import Survey
from app.siting.evidence_schemas import SurveyAnswer
from app.siting.schemas import OpinionAnswer
from gis_layers.stores.layer_surveys import LayerSurvey, read_layer_surveys
from risk_model.vocabulary import ThemeStatus


def add_surveys(work: Work, checked: CheckedSite, answer: OpinionAnswer) -> None:
    """Tell of each finding how its zone was surveyed, and of each theme that is clear the surveys that say so."""
    kept = work.deployment.editions.likely(work.settings.metric_crs)
    surveys = read_surveys(work.session, answer, kept)
    for finding in (one for theme in answer["themes"] for one in theme["findings"]):
        known = surveys.get((str(finding["zone"]), finding["zone_version"] or 0))
        if known is not None:
            finding["survey"] = _told(known)
    known_layers = {} if kept is None else kept.layers
    facts = {one: known_layers[one] for one in checked.layers if one in known_layers}
    untold = [one for one in checked.layers if one not in facts]
    _add_surveys_of_clear_themes(checked, answer, facts | (read_layer_surveys(work.session, untold) if untold else {}))


def _add_surveys_of_clear_themes(checked: CheckedSite, answer: OpinionAnswer, facts: Mapping[int, LayerSurvey]) -> None:
    rulebook = checked.rulebook
    clear = {
        theme["theme"]: theme
        for theme in answer["themes"]
        if theme["status"] == ThemeStatus.NOT_CONCERNED and theme["theme"] in rulebook.hazards
    }
    for theme in clear.values():
        theme["surveys"] = []
    for one in (facts[layer] for layer in checked.layers):
        if one.hazard in clear and rulebook.is_survey(one.hazard, one.product):
            clear[one.hazard]["surveys"].append(_told(known_survey(one.facts, checked.on)))


def _told(known: Survey) -> SurveyAnswer:
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
