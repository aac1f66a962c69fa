"""Editions as answers tell them."""

from __future__ import annotations

from app.zones.schemas import EditionItem
from gis_layers.stores.editions import Edition


def describe_edition(edition: Edition) -> EditionItem:
    """A published edition."""
    return {
        "id": edition.number,
        "number": edition.number,
        "published_at": edition.published_at.isoformat(),
        "effective_on": edition.effective_on.isoformat(),
        "published_by": edition.published_by,
        "by_console": edition.by_console,
        "reason": edition.reason,
        "fingerprint": edition.fingerprint,
    }
