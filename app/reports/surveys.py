"""Surveys behind findings, in sentences: when, at which scale, by whom, who is responsible, how long it holds, how old it may be."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from app.http.figures import scale_words
from risk_model.message import Message, msg


@dataclass(frozen=True, slots=True)
class SurveyTerms:
    """Terms of a survey as its delivery states them: its office, the last day it holds, the greatest age in days; None where nobody said.

    ``expired`` is whether that day was past on the day of judgement, ``overaged`` whether it was older; None where that is unknown.
    """

    office: str | None
    valid_until: datetime.date | None
    max_age_days: int | None
    expired: bool | None
    overaged: bool | None


@dataclass(frozen=True, slots=True)
class Survey:
    """Survey of a zone: its day, its scale (the n of 1:n), its source and its age on the day of judgement, each None where nobody said.

    ``terms`` is None of an answer from before they were told.
    """

    day: datetime.date | None
    scale: int | None
    source: str | None
    age_days: int | None = None
    terms: SurveyTerms | None = None


Surveys = Mapping[tuple[str, int], Survey]
"""The survey of each zone by its id and version."""


def terms_on(
    on: datetime.date,
    age_days: int | None,
    office: str | None,
    valid_until: datetime.date | None,
    most_days: int | None,
) -> SurveyTerms:
    """Terms of a survey of this age held against the day of judgement; the last day itself still counts."""
    expired = None if valid_until is None else on > valid_until
    overaged = None if age_days is None or most_days is None else age_days > most_days
    return SurveyTerms(office, valid_until, most_days, expired, overaged)


def terms_told(survey: Mapping[str, Any]) -> SurveyTerms | None:
    """Terms as the answer of a check tells them; None where it tells none."""
    if "office" not in survey:
        return None
    day = survey["valid_until"]
    return SurveyTerms(
        survey["office"],
        None if day is None else datetime.date.fromisoformat(day),
        survey["max_age_days"],
        survey["expired"],
        survey["overaged"],
    )


def survey_told(survey: Mapping[str, Any]) -> Survey:
    """Survey as the answer of a check tells it."""
    day = survey["survey_date"]
    told = None if day is None else datetime.date.fromisoformat(day)
    return Survey(told, survey["scale"], survey["source"], survey["age_days"], terms_told(survey))


def survey_words(found: Survey) -> Message:
    """How a zone was surveyed, in one line; what nobody stated is named as such."""
    source = found.source or msg("来源未注明")
    told = msg("调查 {day} · {scale} · {source}", day=_day(found), scale=scale_words(found.scale), source=source)
    parts = () if found.terms is None else _terms(found.terms)
    return reduce(lambda one, other: msg("{one} · {other}", one=one, other=other), parts, told)


def survey_warnings(found: Survey) -> Iterator[Message]:
    """A sentence for a survey that has run out, and one for a survey older than it may be."""
    terms = found.terms
    if terms is not None and terms.expired:
        yield msg("成果有效期至 {day}，已过", day=str(terms.valid_until))
    if terms is not None and terms.overaged:
        yield msg("调查距判断日 {n} 天，超过最长使用期 {most} 天", n=found.age_days, most=terms.max_age_days)


def _day(found: Survey) -> str:
    if found.day is None:
        return msg("日期未注明")
    day = found.day.isoformat()
    return day if found.age_days is None else msg("{day}（距判断日 {n} 天）", day=day, n=found.age_days)


def _terms(terms: SurveyTerms) -> Iterator[Message]:
    day, most = terms.valid_until, terms.max_age_days
    yield msg("责任单位未载明") if terms.office is None else msg("责任单位 {office}", office=terms.office)
    if day is None:
        yield msg("有效期未载明")
    else:
        yield msg("有效期至 {day}（已过）", day=str(day)) if terms.expired else msg("有效期至 {day}", day=str(day))
    if most is None:
        yield msg("最长使用期未载明")
    else:
        yield msg("最长使用期 {n} 天（已超）", n=most) if terms.overaged else msg("最长使用期 {n} 天", n=most)
