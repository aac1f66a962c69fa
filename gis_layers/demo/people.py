"""Names and telephone numbers nobody has."""

from __future__ import annotations

_SURNAMES = "甲乙丙丁戊己庚辛壬癸"
_PREFIXES = ("130", "138", "150", "177", "189")


def fictional_person(number: int) -> tuple[str, str]:
    """The person of a running number and a telephone number of the form 1xx-0000-00xx, written without dashes."""
    surname = _SURNAMES[number % len(_SURNAMES)]
    return f"{surname}某{number:02d}", f"{_PREFIXES[number % len(_PREFIXES)]}000000{number % 100:02d}"
