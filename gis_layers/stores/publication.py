"""Grounds of every opinion: published edition, rulebook in force, newest survey, whether all is synthetic."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
class PublicationState:
    """``edition`` is None while nothing was ever published, ``data_date`` while no survey in force says its date.

    ``rulebook`` is None only in a database no deployment was ever opened on.
    """

    edition: PublishedEdition | None
    data_date: datetime.date | None
    synthetic: bool
    rulebook: RulebookInForce | None = None


STANDING = """
SELECT json_build_object(
    'data_date', (SELECT max(survey_date) FROM surveyed_layers WHERE from_edition IS NOT NULL AND to_edition IS NULL),
    'synthetic', (SELECT value FROM deployment_facts WHERE name = 'synthetic'),
    'number', edition.number, 'published_at', edition.published_at, 'fingerprint', edition.fingerprint,
    'version', rulebook.number, 'rules', rulebook.fingerprint)
FROM (VALUES (1)) always
LEFT JOIN (SELECT number, published_at, fingerprint FROM editions ORDER BY number DESC LIMIT 1) edition ON true
LEFT JOIN (SELECT number, fingerprint FROM rulebook_versions ORDER BY number DESC LIMIT 1) rulebook ON true
"""
"""One JSON object, a part of the statement that reads what is judged by: so its parts belong together."""


def standing_of(told: Mapping[str, Any]) -> PublicationState:
    """The Standing of what ``STANDING`` answers."""
    edition = None
    if told["number"] is not None:
        published_at = datetime.datetime.fromisoformat(told["published_at"])
        edition = PublishedEdition(told["number"], published_at, told["fingerprint"])
    rulebook = None if told["version"] is None else RulebookInForce(told["version"], told["rules"])
    data_date = told["data_date"] and datetime.date.fromisoformat(told["data_date"])
    return PublicationState(edition, data_date, bool(told["synthetic"]), rulebook)


def read_publication_state(session: Session) -> PublicationState:
    """Grounds of an opinion given now."""
    return standing_of(session.execute(text(STANDING)).scalar_one())


def read_rulebook_in_force(session: Session) -> RulebookInForce | None:
    """The version of the rulebook in force."""
    found = session.execute(_RULEBOOK).one_or_none()
    return None if found is None else RulebookInForce(*found)


_RULEBOOK = text("SELECT number, fingerprint FROM rulebook_versions ORDER BY number DESC LIMIT 1")
