"""Surveyed ground: the one answer to whether a place was surveyed for a theme.

Siting, grading, guidance, the map and the overview all ask here. A layer speaks for its survey extent: an outline that
was drawn, or the union of its own zones. A theme composed of all others is known only where each of them is that was
surveyed anywhere, for what is made of something unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.rulebook import RuleBook
from risk_model.shapes import AREAL, join_shapes
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

NONE: Final = np.empty(0, dtype=np.int64)
Counts = Callable[[str, str], bool]
"""Whether a layer of a hazard and a product counts as a survey of that hazard."""


@dataclass(frozen=True, slots=True)
class SurveyCoverage:
    """Pieces of surveyed ground (metric CRS) with the hazard each belongs to.

    ``published`` are the hazards with a layer that counts, wherever its ground lies; ``composed`` those made of all others.
    """

    hazard: npt.NDArray[np.object_]
    geometry: Geometries
    published: frozenset[str]
    composed: frozenset[str]

    def asked_with(self, hazard: str) -> tuple[str, ...]:
        """The hazards whose surveys must all cover a place for ``hazard`` to be known there, itself first."""
        others = sorted(self.published - self.composed) if hazard in self.composed else []
        return (hazard, *others)

    def whole(self, hazard: str) -> Any:
        """All ground on which ``hazard`` is known, as one geometry."""
        return shapely.intersection_all([self.of(one) for one in self.asked_with(hazard)])

    def of(self, hazard: str) -> Any:
        """The ground surveyed for ``hazard`` itself, whatever it is composed of."""
        return join_shapes(self.geometry[self.hazard == hazard])


def surveyed_ground(
    zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook, counts: Counts | None = None
) -> SurveyCoverage:
    """The surveyed ground of every hazard: of layers whose product the theme's rules read, unless ``counts`` says otherwise.

    Zones of layers that are their own survey count for the hazard and product of that layer only.
    """
    counted = counts or rulebook.is_survey
    layers = _layers(extents.extent_id, extents.hazard, extents.product)
    counting = np.array([counted(hazard, product) for _, hazard, product in layers], dtype=bool)
    drawn = counting & ~extents.own_zones & ~shapely.is_missing(extents.geometry)
    own = {layers[row] for row in np.flatnonzero(counting & extents.own_zones)}
    zone_layers = _layers(zones.extent_id, zones.hazard, zones.product) if own else []
    areal = shapely.get_dimensions(zones.geometry) == AREAL
    surveying = np.flatnonzero(areal & np.array([layer in own for layer in zone_layers], dtype=bool)) if own else NONE
    return SurveyCoverage(
        np.concatenate([extents.hazard[drawn], zones.hazard[surveying]]),
        np.concatenate([extents.geometry[drawn], zones.geometry[surveying]]),
        frozenset(extents.hazard[counting & ~_lines_alone(extents, rulebook)].tolist()),
        frozenset(key for key, hazard in rulebook.hazards.items() if hazard.composed),
    )


def _lines_alone(extents: ExtentSet, rulebook: RuleBook) -> npt.NDArray[np.bool_]:
    """Layers of lines that name no survey but themselves: they surveyed no ground, here or elsewhere."""
    lines = {key for key, hazard in rulebook.hazards.items() if hazard.geometry == "line"}
    return np.asarray(extents.own_zones & np.isin(extents.hazard.astype(str), list(lines)), dtype=bool)


def _layers(*columns: npt.NDArray[Any]) -> list[tuple[int, str, str]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))
