"""What every opinion rests on: the published edition, the newest survey, whether the township is synthetic."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


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


def read_standing(session: Session) -> Standing:
    """How things stand now, by one statement, so that its parts belong together."""
    data_date, synthetic, number, published_at, fingerprint = session.execute(_STANDING).one()
    edition = None if number is None else PublishedEdition(number, published_at, fingerprint)
    return Standing(edition, data_date, bool(synthetic))


_STANDING = text("""
SELECT (SELECT max(survey_date) FROM surveyed_layers WHERE from_edition IS NOT NULL AND to_edition IS NULL),
       (SELECT value FROM deployment_facts WHERE name = 'synthetic'),
       edition.number, edition.published_at, edition.fingerprint
FROM (VALUES (1)) always
LEFT JOIN (SELECT number, published_at, fingerprint FROM editions ORDER BY number DESC LIMIT 1) edition ON true
""")
