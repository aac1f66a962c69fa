"""Functions for workers to run; they load little, so that a worker is soon at work."""

import os
import time
from pathlib import Path
from typing import Any

import geopandas as gpd

from risk_model.errors import UnreadableSite


def numbers_slowly(part: gpd.GeoDataFrame, folder: str) -> list[int]:
    """The numbers of a part; leaves a note of who began it."""
    Path(folder, f"{part['number'].iloc[0]}-{os.getpid()}").touch()
    time.sleep(0.15)
    return list(part["number"])


def numbers_of(part: gpd.GeoDataFrame, _shared: Any) -> list[int]:
    """The numbers of a part."""
    return list(part["number"])


def refuse(_part: gpd.GeoDataFrame, _shared: Any) -> None:
    raise UnreadableSite("Site 7 covers no ground.")
