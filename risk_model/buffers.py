"""Buffers whose round corners are true to a millimetre: the ground within so many metres of something."""

from __future__ import annotations

import math
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely

TRUE_TO_M: Final = 1e-3
"""How far in metres a straight piece of a drawn corner may lie from the arc it stands for."""


def quadrant_segments(radius_m: float) -> int:
    """Straight pieces a quarter circle of ``radius_m`` needs so that none lies further from it than a millimetre."""
    if radius_m <= TRUE_TO_M:
        return 1
    return math.ceil(math.pi / (4 * math.acos(1 - TRUE_TO_M / radius_m)))


def buffer_m(
    geometry: Any, metres: float | npt.NDArray[np.float64], *, cap_style: Literal["round", "flat"] = "round"
) -> Any:
    """The ground within ``metres`` of ``geometry`` (one, or an array) in the metric CRS; below 0 what lies deeper inside."""
    furthest = float(np.max(np.abs(metres), initial=0.0))
    return shapely.buffer(geometry, metres, quad_segs=quadrant_segments(furthest), cap_style=cap_style)
