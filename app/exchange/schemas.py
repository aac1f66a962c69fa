"""Answers on what was received."""

from __future__ import annotations

from typing_extensions import TypedDict


class DeliveryItem(TypedDict):
    """A file that was received: what it is, who provided it, what was loaded and refused; ``edition`` once it was published."""

    id: int
    at: str
    layers: list[str]
    detail: str | None
    file: str
    size: int
    sha256: str
    features_read: int
    features_loaded: int
    features_refused: int
    provider: str | None
    document_number: str | None
    handed_over_by: str | None
    received_on: str
    classification: str | None
    imported_by: str
    draft: int | None
    edition: int | None
