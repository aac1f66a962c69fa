"""Limits of a confined call, and the profile of process it runs in."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN = "plain"
"""A process in which GDAL, if it is loaded at all, knows no driver."""
_READING = "read:"


@dataclass(frozen=True, slots=True)
class Limits:
    """The ceiling of one call; whoever goes through it is ended.

    ``wall_s`` is seconds of clock from the moment the call begins, ``memory_bytes`` what it may take beyond what the
    process has when it begins, ``file_bytes`` the largest file it may write into its scratch folder, ``answer_bytes``
    the largest answer that is taken from it.
    """

    wall_s: float = 30.0
    memory_bytes: int = 1024**3
    file_bytes: int = 1024**3
    open_files: int = 128
    answer_bytes: int = 2 * 1024**3


def reading_with(*drivers: str) -> str:
    """The profile in which GDAL knows these ``drivers`` and no other."""
    return f"{_READING}{','.join(drivers)}" if drivers else PLAIN


def drivers_of(profile: str) -> frozenset[str]:
    """The GDAL drivers a profile leaves. Raises ValueError for a profile that is not one."""
    if profile == PLAIN:
        return frozenset()
    if profile.startswith(_READING):
        return frozenset(profile.removeprefix(_READING).split(","))
    raise ValueError(f"{profile!r} is no profile; take {PLAIN!r} or {_READING}DRIVER,…")
