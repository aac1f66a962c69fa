"""Surveyed ground: the one answer to whether a place was surveyed for a theme.

Siting, grading, guidance, the map and the overview all ask here. A layer speaks for its survey extent: an outline that
was drawn, or the union of its own zones, up to the last day it holds: what has run out is published and surveys nothing.
A theme composed of all others is known only where each of them is that was surveyed anywhere, for what is made of something
unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.rulebook import RuleBook
from risk_model.shapes import AREAL, join_shapes
from risk_model.vocabulary import ExtentSet, Geometries, ZoneSet

Indices = npt.NDArray[np.intp]
NONE: Final = np.empty(0, dtype=np.intp)
NOTHING: Final = np.empty(0, dtype=object)
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


@dataclass(frozen=True, slots=True)
class RunOutGround:
    """Pieces of ground (metric CRS) whose survey holds no more, with the hazard of each and the last day it held."""

    hazard: npt.NDArray[np.object_]
    geometry: Geometries
    valid_until: npt.NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.hazard)


def run_out(extents: ExtentSet, on: date) -> npt.NDArray[np.bool_]:
    """Rows of layers that hold no more on day ``on``; what nobody gave a last day runs out on none."""
    if extents.valid_until is None:
        return np.zeros(len(extents), dtype=bool)
    return np.asarray(extents.valid_until < np.datetime64(on, "D"))


def surveyed_ground(
    zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook, on: date, counts: Counts | None = None
) -> SurveyCoverage:
    """The ground of every hazard whose survey holds on day ``on``: of layers whose product the theme's rules read, unless ``counts`` says otherwise.

    Zones of layers that are their own survey count for the hazard and product of that layer only.
    """
    counting = _counting(extents, counts or rulebook.is_survey)
    drawn, surveying = _pieces(counting & ~run_out(extents, on), zones, extents)
    return SurveyCoverage(
        np.concatenate([extents.hazard[drawn], zones.hazard[surveying]]),
        np.concatenate([extents.geometry[drawn], zones.geometry[surveying]]),
        frozenset(extents.hazard[counting & ~_lines_alone(extents, rulebook)].tolist()),
        frozenset(key for key, hazard in rulebook.hazards.items() if hazard.composed),
    )


def run_out_ground(zones: ZoneSet, extents: ExtentSet, rulebook: RuleBook, on: date) -> RunOutGround:
    """The ground every hazard was surveyed on by layers that hold no more on day ``on``."""
    past = run_out(extents, on)
    if extents.valid_until is None or not past.any():
        return RunOutGround(NOTHING, NOTHING, NONE.astype("datetime64[D]"))
    rows = _counting(extents, rulebook.is_survey) & past
    drawn, surveying = _pieces(rows, zones, extents)
    days = dict(zip(extents.extent_id[rows].tolist(), extents.valid_until[rows], strict=True))
    layers = [*extents.extent_id[drawn].tolist(), *zones.extent_id[surveying].tolist()]
    return RunOutGround(
        np.concatenate([extents.hazard[drawn], zones.hazard[surveying]]),
        np.concatenate([extents.geometry[drawn], zones.geometry[surveying]]),
        np.asarray([days[layer] for layer in layers], dtype="datetime64[D]"),
    )


def layers_under(footprint: Any, zones: ZoneSet, extents: ExtentSet, on: date) -> list[int]:
    """The layers that hold on day ``on`` and whose ground meets ``footprint`` (metric CRS), rising."""
    drawn, own = _pieces(~run_out(extents, on), zones, extents)
    ground = np.concatenate([extents.geometry[drawn], zones.geometry[own]])
    layers = np.concatenate([extents.extent_id[drawn], zones.extent_id[own]])
    # Layers of one survey share their extent: each piece is looked at once.
    numbers: dict[int, int] = {}
    number = np.array([numbers.setdefault(id(piece), row) for row, piece in enumerate(ground)], dtype=np.intp)
    meets = np.zeros(len(ground), dtype=bool)
    once = [*numbers.values()]
    meets[once] = shapely.intersects(ground[once], footprint)
    return sorted(set(layers[meets[number]].tolist()))


def _counting(extents: ExtentSet, counted: Counts) -> npt.NDArray[np.bool_]:
    pairs = zip(extents.hazard.tolist(), extents.product.tolist(), strict=True)
    return np.array([counted(hazard, product) for hazard, product in pairs], dtype=bool)


def _pieces(rows: npt.NDArray[np.bool_], zones: ZoneSet, extents: ExtentSet) -> tuple[Indices, Indices]:
    """Ground of the layers in ``rows``: extents that are drawn, and zones that are their own survey."""
    drawn = np.flatnonzero(rows & ~extents.own_zones & ~shapely.is_missing(extents.geometry))
    alone = rows & extents.own_zones
    if not alone.any():
        return drawn, NONE
    own = set(_layers(extents.extent_id[alone], extents.hazard[alone], extents.product[alone]))
    zone_layers = _layers(zones.extent_id, zones.hazard, zones.product)
    areal = shapely.get_dimensions(zones.geometry) == AREAL
    return drawn, np.flatnonzero(areal & np.array([layer in own for layer in zone_layers], dtype=bool))


def _lines_alone(extents: ExtentSet, rulebook: RuleBook) -> npt.NDArray[np.bool_]:
    """Layers of lines that name no survey but themselves: they surveyed no ground, here or elsewhere."""
    lines = {key for key, hazard in rulebook.hazards.items() if hazard.geometry == "line"}
    return np.asarray(extents.own_zones & np.isin(extents.hazard.astype(str), list(lines)), dtype=bool)


def _layers(*columns: npt.NDArray[Any]) -> list[tuple[int, str, str]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))
