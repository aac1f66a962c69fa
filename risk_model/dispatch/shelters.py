"""Shelters: who takes refuge where, nearest first and no more than a shelter holds, and who finds no place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import numpy as np

from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.due import Indices


@dataclass(frozen=True, slots=True)
class ShelterTerm:
    """Term of a shelter: how far people walk to it, and the effective area each needs."""

    most_m: float
    area_m2: float

    def capacity(self, told: int | None, area_m2: float | None) -> int:
        """People a shelter holds: as many as its register tells, else as its effective area has room for; 0 where neither is known."""
        return told if told is not None else int((area_m2 or 0.0) / self.area_m2)


@dataclass(frozen=True, slots=True)
class ShelterRules:
    """Terms by their code, and what they rest on in both languages."""

    terms: Mapping[str, ShelterTerm]
    basis: str
    basis_en: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """Allocation in parallel arrays: so many ``people`` of a ``home`` go to a ``shelter``; ``unserved`` of each home find no place."""

    home: Indices
    shelter: Indices
    people: Floats
    unserved: Floats


@cache
def shelter_rules() -> ShelterRules:
    """The packaged rules of shelters."""
    text = (resources.files("risk_model.dispatch") / "shelters.toml").read_text(encoding="utf-8")
    return read_shelter_rules(tomllib.loads(text))


def read_shelter_rules(table: Mapping[str, Any]) -> ShelterRules:
    """The same from their table. Raises ValueError where there is no term, or one without a distance and an area above 0."""
    terms = {key: ShelterTerm(float(row["most_m"]), float(row["area_m2"])) for key, row in table["term"].items()}
    if not terms or min(min(one.most_m, one.area_m2) for one in terms.values()) <= 0:
        raise ValueError("shelters.toml: terms of shelters have a distance and an area above 0.")
    return ShelterRules(MappingProxyType(terms), table["basis"], table["basis_en"])


def allocate(metres: Floats, people: Floats, capacity: Floats, most_m: Floats) -> Allocation:
    """The nearest pairs first: ``metres`` from each home (a row) to each shelter (a column), no farther than its ``most_m``."""
    homes, shelters = np.nonzero(metres <= most_m)
    order = np.lexsort((shelters, homes, metres[homes, shelters]))
    waiting, room = people.astype(float), capacity.astype(float)
    told: list[tuple[int, int, float]] = []
    for home, shelter in zip(homes[order].tolist(), shelters[order].tolist(), strict=True):
        taken = min(waiting[home], room[shelter])
        if taken > 0:
            waiting[home] -= taken
            room[shelter] -= taken
            told.append((home, shelter, taken))
    home, shelter, taken = (np.array(column) for column in zip(*told, strict=True)) if told else (np.empty(0),) * 3
    return Allocation(home.astype(np.int64), shelter.astype(np.int64), taken.astype(float), waiting)
