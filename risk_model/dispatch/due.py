"""First and second due: how soon the nearest force is somewhere, and the next one, when the first is away."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from risk_model.dispatch.coverage import Floats

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Due:
    """Seconds to each point: of the force that is there ``first`` (its place in the list, -1 where nobody comes) and the ``second``."""

    first: Floats
    second: Floats
    nearest: Indices


def find_due(seconds: Floats) -> Due:
    """The first and second of ``seconds`` (a row for each force, a column for each point); infinite where nobody comes."""
    forces, points = seconds.shape
    rows = np.vstack([seconds, np.full((max(0, 2 - forces), points), inf)])
    nearest = np.argmin(rows, axis=0)
    first, second = np.partition(rows, 1, axis=0)[:2]
    return Due(first, second, np.where(np.isfinite(first), nearest, -1))


def without(seconds: Floats, due: Due, lost: npt.NDArray[np.bool_]) -> Floats:
    """The first due of every point when the ``lost`` forces are away."""
    if lost.sum() == 1:
        return np.where(due.nearest == np.flatnonzero(lost)[0], due.second, due.first)
    left: Floats = seconds[~lost].min(axis=0, initial=inf)
    return left
