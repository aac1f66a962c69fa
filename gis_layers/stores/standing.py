"""What every opinion rests on: the published edition, the newest survey, whether the township is synthetic."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """The edition in force."""

    number: int
    published_at: datetime.datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``edition`` is None while nothing was ever published, ``data_date`` while no survey in force says its date."""

    edition: PublishedEdition | None
    data_date: datetime.date | None
    synthetic: bool


STANDING = """
SELECT json_build_object(
    'data_date', (SELECT max(survey_date) FROM surveyed_layers WHERE from_edition IS NOT NULL AND to_edition IS NULL),
    'synthetic', (SELECT value FROM deployment_facts WHERE name = 'synthetic'),
    'number', edition.number, 'published_at', edition.published_at, 'fingerprint', edition.fingerprint)
FROM (VALUES (1)) always
LEFT JOIN (SELECT number, published_at, fingerprint FROM editions ORDER BY number DESC LIMIT 1) edition ON true
"""
"""One JSON object, a part of the statement that reads what is judged by: so its parts belong together."""


def standing_of(told: Mapping[str, Any]) -> Standing:
    """The Standing of what ``STANDING`` answers."""
    edition = None
    if told["number"] is not None:
        published_at = datetime.datetime.fromisoformat(told["published_at"])
        edition = PublishedEdition(told["number"], published_at, told["fingerprint"])
    data_date = told["data_date"] and datetime.date.fromisoformat(told["data_date"])
    return Standing(edition, data_date, bool(told["synthetic"]))
