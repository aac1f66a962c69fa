"""Where the people of the town live: its villages with their numbers, and the buildings that are dwellings."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from gis_layers.crs import to_metric
from gis_layers.stores.places import read_places
from gis_layers.stores.town import read_register
from risk_model.people import Dwellings, Settlements

LIVED_IN: Final = ("住宅", "住房", "居住", "民居", "农房", "宿舍", "公寓", "house", "dwelling", "residential")
"""A building whose use speaks of one of these is lived in."""


def read_settlements(session: Session, metric_crs: str) -> tuple[Settlements, Dwellings]:
    """Villages with their people, and the dwellings weighed by their floors, in the metric CRS.

    A building counts as a dwelling where its use says so, where it has households, or where nothing is known of its use.
    """
    villages, buildings = read_places(session, "villages"), read_register(session, "buildings")
    people = pd.to_numeric(villages["population"]).to_numpy(dtype=np.float64, na_value=np.nan)
    uses = zip(buildings["use"], buildings["households"], strict=True)
    homes = buildings[np.array([is_dwelling(use, households) for use, households in uses], dtype=bool)]
    floors = np.array([count or 1 for count in homes["floors"]], dtype=np.float64)
    return (
        Settlements(to_metric(villages.geometry.to_numpy(), metric_crs), people),
        Dwellings(to_metric(homes.geometry.to_numpy(), metric_crs), floors),
    )


def is_dwelling(use: Any, households: Any) -> bool:
    """Whether people live in a building of this ``use`` (None: unknown) with so many ``households``."""
    return not use or bool(households) or any(word in str(use).lower() for word in LIVED_IN)
