"""Answers on edition packages."""

from __future__ import annotations

from typing_extensions import TypedDict


class PackageTold(TypedDict):
    """A package that was checked to its last byte: what it says of itself, who signed it, and what stands here.

    ``own`` is whether this deployment signed it; ``edition_in_force`` and ``fingerprint_in_force`` are of this deployment, null where
    nothing was ever published; ``draft`` is the draft it became, null where it was only checked.
    """

    edition: int
    fingerprint: str
    key: str
    own: bool
    published_at: str
    published_by: str
    reason: str
    zones: int
    layers: int
    edition_in_force: int | None
    fingerprint_in_force: str | None
    draft: int | None
