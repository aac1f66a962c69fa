"""Evidence of an opinion beyond what was measured, in plain values: other classes, and how each zone was surveyed."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.platform.iso import IsoDay
from risk_model.vocabulary import ClassVerdict, Opinion


class ClassVerdictAnswer(TypedDict):
    """The verdict a check of the same outline as a project of this class answers, with the seismic class it then counts as."""

    project_class: str
    seismic_class: str
    verdict: str


class SurveyAnswer(TypedDict):
    """Survey of a zone as it was on record: its day and its age in days on the day of judgement, the n of 1:n, its source; null where nobody said."""

    survey_date: IsoDay | None
    age_days: int | None
    scale: int | None
    source: str | None


def by_class_answer(opinion: Opinion) -> list[ClassVerdictAnswer]:
    """The verdicts by class, in their order."""
    return [_of_class(one) for one in opinion.by_class]


def _of_class(one: ClassVerdict) -> ClassVerdictAnswer:
    return {
        "project_class": one.project_class.value,
        "seismic_class": one.seismic_class.value,
        "verdict": one.verdict.value,
    }
