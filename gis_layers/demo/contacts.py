"""People to call in the villages of the synthetic township: names and numbers nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from gis_layers.demo.people import fictional_person

_FIRST = 200
_ROLES = ("village_official", "party_secretary", "disaster_informer")


def village_contacts(codes: Sequence[str]) -> list[dict[str, Any]]:
    """Three people for each village, of whom the informer has a satellite telephone where the village lies far out."""
    return [
        {
            "village_code": code,
            "role": role,
            "name": fictional_person(_FIRST + 3 * number + place)[0],
            "contact_phone": fictional_person(_FIRST + 3 * number + place)[1],
            "satellite_phone": f"1749000{number:04d}" if place == 2 and number % 4 == 1 else None,
            "last_verified": date(2026, 3 + number % 7, 5),
            "synthetic": True,
        }
        for number, code in enumerate(codes)
        for place, role in enumerate(_ROLES)
    ]
