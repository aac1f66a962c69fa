"""Remarks on places: what tells places of one name apart, a code of their register among them, as officers say it."""

from __future__ import annotations

from typing import Final

from risk_model.codes import code_name

CODES: Final = {
    "road": "road_class",
    "water": "water_kind",
    "station": "station_kind",
    "shelter": "facility_kind",
    "facility": "facility_kind",
    "enterprise": "sector",
    "project": "project_class",
}
"""The enumeration a remark on each kind of place may be a code of; any other remark is text."""


def remark(kind: str, written: str) -> str:
    """``written`` by its name in both languages where it is a code of the register, else as it stands."""
    return code_name(CODES[kind], written) if kind in CODES and written else written
