"""Residents of the town: its villages with their numbers, and the buildings that are dwellings."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.places import read_places
from gis_layers.stores.town import read_register
from risk_model.grading import grading_terms
from risk_model.people import DwellingFootprints, Settlements


def read_settlements(work: Work) -> tuple[Settlements, DwellingFootprints]:
    """Villages with their people, and the dwellings weighed by their floors, in the metric CRS.

    Which uses of a building say that nobody lives in it stands in the rulebook.
    """
    metric_crs, not_lived_in = work.settings.metric_crs, grading_terms(work.rulebook).not_lived_in
    villages, buildings = read_places(work.session, "villages"), read_register(work.session, "buildings")
    people = pd.to_numeric(villages["population"]).to_numpy(dtype=np.float64, na_value=np.nan)
    uses = zip(buildings["use"], buildings["households"], strict=True)
    homes = buildings[np.array([is_dwelling(use, households, not_lived_in) for use, households in uses], dtype=bool)]
    floors = np.array([count or 1 for count in homes["floors"]], dtype=np.float64)
    return (
        Settlements(to_metric(villages.geometry.to_numpy(), metric_crs), people),
        DwellingFootprints(to_metric(homes.geometry.to_numpy(), metric_crs), floors),
    )


def is_dwelling(use: str | None, households: int | None, not_lived_in: Collection[str]) -> bool:
    """Whether people live in a building: where it has households, else unless its use (None: unknown) speaks of none."""
    return bool(households) or not any(word in (use or "") for word in not_lived_in)
