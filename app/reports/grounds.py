"""The ground behind an opinion: the zones it met, and how they were surveyed by what its answer tells or the stores know."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.reports.findings import Told
from app.reports.surveys import Survey, Surveys, survey_told, terms_on
from gis_layers.stores.kept_editions import KeptEdition
from gis_layers.stores.layer_surveys import SurveyFacts
from gis_layers.stores.met_zones import read_zone_surveys


def read_surveys(session: Session, answer: Told, kept: KeptEdition | None = None) -> Surveys:
    """The surveys of the zones the findings of ``answer`` speak of: as it tells them, read from the stores where it tells none.

    What an edition ``kept`` in memory knows of them is not asked of the database: a version never changes.
    """
    told = {_mark(one): survey_told(one["survey"]) for one in _on_zones(answer) if one.get("survey")}
    untold = [mark for mark in zones_met(answer) if mark not in told]
    known = [] if kept is None else kept.surveys_of(untold)
    here = {(one.zone, one.version) for one in known}
    elsewhere = [mark for mark in untold if mark not in here]
    known += read_zone_surveys(session, elsewhere) if elsewhere else []
    on = datetime.date.fromisoformat(answer["judged_on"])
    return told | {(one.zone, one.version): known_survey(one.facts, on) for one in known}


def known_survey(one: SurveyFacts, on: datetime.date) -> Survey:
    """Survey of a zone or of a layer as the stores know it, held against a day of judgement."""
    age_days = _age(one.survey_date, on)
    terms = terms_on(on, age_days, one.office, one.valid_until, one.max_age_days)
    return Survey(one.survey_date, one.scale, one.source, age_days, terms)


def _age(day: datetime.date | None, on: datetime.date) -> int | None:
    return None if day is None else (on - day).days


def zones_met(answer: Told) -> list[tuple[str, int]]:
    """Id and version of every zone some finding speaks of."""
    return sorted({_mark(one) for one in _on_zones(answer)})


def _on_zones(answer: Told) -> Iterator[Told]:
    return (one for theme in answer["themes"] for one in theme["findings"] if one["zone"])


def _mark(finding: Told) -> tuple[str, int]:
    return str(finding["zone"]), finding["zone_version"]
