"""Drafts and the editions they become."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis_layers.stores.review_notices import order_judging_anew
from gis_layers.stores.staged_zones import publish_staged_zones
from gis_layers.tables.editions import Draft, Edition

__all__ = [
    "Draft", "Edition", "count_editions", "current_edition", "edition_at", "find_drafts", "find_edition",
    "following_number", "list_editions", "lock_publication", "open_draft", "publish_draft",
]  # fmt: skip

_CONTENT = """
SELECT encode(sha256(convert_to(
    coalesce((SELECT string_agg(zone_id || ':' || digest, ',' ORDER BY zone_id)
              FROM zone_versions WHERE to_edition IS NULL), '') || '|' ||
    coalesce((SELECT string_agg(concat_ws(':', hazard, product, extent_kind, encode(sha256(ST_AsBinary(extent)), 'hex'),
                                          to_char(valid_until, 'YYYY-MM-DD')),
                                ',' ORDER BY coalesce(restored_from, id))
              FROM surveyed_layers WHERE from_edition IS NOT NULL AND to_edition IS NULL), ''), 'UTF8')), 'hex')
"""


def open_draft(session: Session, *, name: str, author: str) -> Draft:
    """Begin a draft."""
    draft = Draft(name=name, created_by=author)
    session.add(draft)
    session.flush()
    return draft


def current_edition(session: Session) -> Edition | None:
    """The published edition, or None while nothing was ever published."""
    return session.scalar(select(Edition).order_by(Edition.number.desc()).limit(1))


def following_number(session: Session) -> int:
    """The number the next edition has; numbers have no gaps."""
    newest = current_edition(session)
    return 1 if newest is None else newest.number + 1


def edition_at(session: Session, moment: datetime.datetime) -> Edition | None:
    """The edition in force at ``moment``, or None where nothing was published yet."""
    newest_first = select(Edition).where(Edition.published_at <= moment).order_by(Edition.number.desc())
    return session.scalar(newest_first.limit(1))


def find_edition(session: Session, number: int) -> Edition | None:
    """The edition of this number; None without one."""
    return session.get(Edition, number)


def find_drafts(session: Session, numbers: Collection[int]) -> dict[int, Draft]:
    """The draft each of some editions was made of; one gone back to by a revert had none."""
    found = session.scalars(select(Draft).where(Draft.edition.in_(numbers)))
    return {one.edition: one for one in found if one.edition is not None}


def list_editions(session: Session, *, limit: int, offset: int) -> list[Edition]:
    """Editions, newest first."""
    return list(session.scalars(select(Edition).order_by(Edition.number.desc()).limit(limit).offset(offset)))


def count_editions(session: Session) -> int:
    """Number of published editions."""
    return session.scalar(select(func.count()).select_from(Edition)) or 0


def lock_publication(session: Session) -> None:
    """Wait until nobody else publishes; nobody will until the end of the transaction."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('anzhi publish'))"))


def publish_draft(
    session: Session,
    draft: Draft,
    *,
    author: str,
    reason: str,
    by_console: bool,
    effective_on: datetime.date | None = None,
) -> Edition:
    """Publish ``draft`` as the next edition, one publisher at a time; numbers have no gaps.

    ``effective_on`` is what was decided; where nothing was it is the day itself. The fingerprint is a SHA-256 of the content in force: equal content, equal fingerprint.
    Joint reviews on record are judged anew by it.
    """
    lock_publication(session)
    number = following_number(session)
    publish_staged_zones(session, draft.id, number)
    fingerprint = session.scalar(text(_CONTENT)) or ""
    edition = Edition(number=number, published_by=author, reason=reason, by_console=by_console, fingerprint=fingerprint)
    if effective_on is not None:
        edition.effective_on = effective_on
    session.add(edition)
    draft.state, draft.edition = "published", number
    session.flush()
    session.refresh(edition)
    order_judging_anew(session)
    return edition
