"""What every opinion rests on: the published edition, the rulebook in force, the newest survey, whether all is synthetic."""

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
class RulebookInForce:
    """The version of the rulebook in force."""

    number: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``edition`` is None while nothing was ever published, ``data_date`` while no survey in force says its date.

    ``rulebook`` is None only in a database no deployment was ever opened on.
    """

    edition: PublishedEdition | None
    data_date: datetime.date | None
    synthetic: bool
    rulebook: RulebookInForce | None = None


def read_standing(session: Session) -> Standing:
    """How things stand now, by one statement, so that its parts belong together."""
    data_date, synthetic, number, published_at, fingerprint, version, rules = session.execute(_STANDING).one()
    edition = None if number is None else PublishedEdition(number, published_at, fingerprint)
    rulebook = None if version is None else RulebookInForce(version, rules)
    return Standing(edition, data_date, bool(synthetic), rulebook)


def read_rulebook_in_force(session: Session) -> RulebookInForce | None:
    """The version of the rulebook in force."""
    found = session.execute(_RULEBOOK).one_or_none()
    return None if found is None else RulebookInForce(*found)


_STANDING = text("""
SELECT (SELECT max(survey_date) FROM surveyed_layers WHERE from_edition IS NOT NULL AND to_edition IS NULL),
       (SELECT value FROM deployment_facts WHERE name = 'synthetic'),
       edition.number, edition.published_at, edition.fingerprint, rulebook.number, rulebook.fingerprint
FROM (VALUES (1)) always
LEFT JOIN (SELECT number, published_at, fingerprint FROM editions ORDER BY number DESC LIMIT 1) edition ON true
LEFT JOIN (SELECT number, fingerprint FROM rulebook_versions ORDER BY number DESC LIMIT 1) rulebook ON true
""")
_RULEBOOK = text("SELECT number, fingerprint FROM rulebook_versions ORDER BY number DESC LIMIT 1")
