"""Units of a grading: villages, parcels, cells of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk_model.vocabulary import Geometries


@dataclass(frozen=True, slots=True)
class Units:
    """Units to grade, as parallel arrays: lasting ``key``, ``name`` for people, ``geometry`` in the metric CRS.

    ``cell_m`` says that most are squares of a grid of that side, as ``lay_cells`` lays it: these are measured all at once,
    without cutting.
    """

    key: Sequence[str]
    name: Sequence[str]
    geometry: Geometries
    cell_m: float | None = None

    def __len__(self) -> int:
        return len(self.key)
