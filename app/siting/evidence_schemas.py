"""Evidence of an opinion beyond its findings, in plain values: what the same outline would get otherwise."""

from __future__ import annotations

from typing_extensions import TypedDict

from risk_model.vocabulary import ClassVerdict, Opinion


class ClassVerdictAnswer(TypedDict):
    """The verdict a check of the same outline as a project of this class answers, with the seismic class it then counts as."""

    project_class: str
    seismic_class: str
    verdict: str


def by_class_answer(opinion: Opinion) -> list[ClassVerdictAnswer]:
    """The verdicts by class, in their order."""
    return [_of_class(one) for one in opinion.by_class]


def _of_class(one: ClassVerdict) -> ClassVerdictAnswer:
    return {
        "project_class": one.project_class.value,
        "seismic_class": one.seismic_class.value,
        "verdict": one.verdict.value,
    }
