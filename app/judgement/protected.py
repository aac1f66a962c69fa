"""What is to be protected, as points: people where they live, seats of villages, enterprises, those with major hazards."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
import shapely

from app.judgement.forces import village_places
from app.judgement.population import read_settlements
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.registers_state import read_registers_state
from gis_layers.stores.town import read_register
from risk_model.dispatch.coverage import Floats
from risk_model.dispatch.due import Indices
from risk_model.people import find_homes
from risk_model.vocabulary import Geometries

PEOPLE, VILLAGES, ENTERPRISES, HAZARD_SITES = "people", "villages", "enterprises", "hazard_sites"
COUNTED: Final = (PEOPLE, VILLAGES, ENTERPRISES, HAZARD_SITES)


@dataclass(frozen=True, slots=True)
class Protected:
    """Points (metric CRS) in one array, those of each kind in ``at``, with how much each counts; homes come first.

    ``people`` live at the homes, ``village`` is that of each home by its place in ``names``. Villages nobody counted
    are in no sum. ``key`` tells the state of all this.
    """

    points: Geometries
    at: dict[str, Indices]
    weights: dict[str, Floats]
    village: Indices
    names: tuple[tuple[str, str], ...]
    uncounted_villages: int
    key: str

    @property
    def people(self) -> Floats:
        """People at each home."""
        return self.weights[PEOPLE]

    @property
    def homes(self) -> Geometries:
        """The points at which people live."""
        return self.points[: len(self.people)]

    def homes_of(self, seconds: Floats) -> Floats:
        """Of one value a point those at homes: along the last axis."""
        return seconds[..., : len(self.people)]


_protected: Once[str, Protected] = Once(2)


def read_protected(work: Work) -> Protected:
    """The dwellings with their people, the seats of villages, enterprises, those with major hazards."""
    state = read_registers_state(work.session)
    key = f"{work.deployment.url} {work.settings.metric_crs} {state} {work.rulebook.fingerprint}"
    return _protected.get(key, lambda: _read(work, key))


def _read(work: Work, key: str) -> Protected:
    settlements, dwellings = read_settlements(work)
    villages, seats = village_places(work)
    homes = find_homes(settlements, dwellings, seats)
    enterprises = read_register(work.session, ENTERPRISES)
    plants = shapely.point_on_surface(to_metric(enterprises.geometry.to_numpy(), work.settings.metric_crs))
    major = np.flatnonzero(pd.notna(enterprises["major_hazard_level"]))
    begins = np.cumsum([0, len(homes.points), len(seats), len(plants)])
    spans = dict(zip((PEOPLE, VILLAGES, ENTERPRISES), pairwise(begins), strict=True))
    at = {name: np.arange(*span) for name, span in spans.items()}
    at[HAZARD_SITES] = at[ENTERPRISES][major]
    weights = {name: np.ones(len(places)) for name, places in at.items()} | {PEOPLE: homes.people}
    names = tuple(zip(villages["id"].astype(str), villages["name"].astype(str), strict=True))
    uncounted = int(np.isnan(settlements.population).sum())
    points = np.concatenate([homes.points, seats, plants])
    return Protected(points, at, weights, homes.settlement, names, uncounted, key)
