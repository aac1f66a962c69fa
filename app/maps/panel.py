"""The layer panel beside a map, which is its legend: themes of which one shows, hazards laid over, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.judgement.town_facts import LayerFacts, WorstExposure
from app.maps.legend import HazardEntry, Legend, LegendEntry
from risk_model.codes import code_name

SHOWN_AT_FIRST = frozenset({"fault", "declared_geological"})
"""Hazards laid over the first theme when a page opens; the rest wait for their checkbox."""

NOTICEABLE_SHARE = 0.0005

DRAWN_OVER_RANKS = 2
"""Of a graded hazard laid over a theme only its worst grades show."""

OPENS_WITH = "composite"


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One grade of a theme: zones and area (m²) in it, and its share of all graded ground (0-1)."""

    entry: LegendEntry
    count: int
    area_m2: float
    share: float


@dataclass(frozen=True, slots=True)
class Theme:
    """One graded layer; ``key`` is ``hazard/product``, the shares are of the town, None where unknown.

    ``ungraded_share`` was surveyed and lies in no zone.
    ``exposed`` tells what lies in its worst grades (``ranks people buildings enterprises uncounted_villages``).
    """

    key: str
    hazard: str
    name: str
    product: str
    count: int
    area_m2: float
    unsurveyed_share: float | None
    ungraded_share: float | None
    lines: Sequence[GradeLine]
    exposed: WorstExposure | None = None

    @property
    def exposed_grades(self) -> list[str]:
        """Names of the grades ``exposed`` speaks of."""
        ranks = self.exposed["ranks"] if self.exposed else ()
        return [line.entry.name for line in self.lines if line.entry.rank in ranks]


@dataclass(frozen=True, slots=True)
class PanelOverlay:
    """One hazard that may lie over the theme; a graded one shows, and counts, its two worst grades there."""

    key: str
    entry: HazardEntry
    count: int
    graded: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A hazard nobody surveyed on ``share`` (0-1) of the town; ``ever`` says whether any layer of it exists."""

    hazard: str
    name: str
    share: float
    ever: bool


@dataclass(frozen=True, slots=True)
class LayerPanel:
    """Contents of the panel, in its order; the page opens with ``first`` of the themes."""

    themes: Sequence[Theme]
    overlays: Sequence[PanelOverlay]
    gaps: Sequence[Gap]

    @property
    def first(self) -> str | None:
        """The key of the theme shown when the page opens."""
        return self.themes[0].key if self.themes else None


def layer_panel(layers: Sequence[LayerFacts], legend: Legend) -> LayerPanel:
    """The panel of the overview's ``layers`` (as ``GET /api/overview`` answers them)."""
    themes = [_theme(layer, legend) for layer in layers if layer["grade_scheme"]]
    return LayerPanel(
        sorted(themes, key=lambda theme: theme.hazard != OPENS_WITH), _overlays(layers, legend), _gaps(layers, legend)
    )


def _theme(layer: LayerFacts, legend: Legend) -> Theme:
    tallies = {tally["rank"]: tally for tally in layer["grades"]}
    whole = sum(tally["area_m2"] for tally in layer["grades"])
    lines = []
    for entry in legend.of_scheme(layer["grade_scheme"]):
        tally = tallies.get(entry.rank, {"rank": entry.rank, "name": entry.name, "count": 0, "area_m2": 0.0})
        share = tally["area_m2"] / whole if whole else 0.0
        lines.append(GradeLine(entry, tally["count"], tally["area_m2"], share))
    return Theme(
        key=f"{layer['hazard']}/{layer['product']}",
        hazard=layer["hazard"],
        name=layer["hazard_name"],
        product=code_name("product", layer["product"]),
        count=layer["count"],
        area_m2=whole,
        unsurveyed_share=layer["unsurveyed_share"],
        ungraded_share=layer["ungraded_share"],
        lines=lines,
        exposed=layer.get("exposed"),
    )


def _overlays(layers: Sequence[LayerFacts], legend: Legend) -> list[PanelOverlay]:
    of_hazard: dict[str, LayerFacts] = {}
    for layer in layers:
        if layer["hazard"] not in of_hazard or layer["product"] == "hazard":
            of_hazard[layer["hazard"]] = layer
    drawn_over = [entry for entry in legend.hazards if entry.hazard in of_hazard and entry.hazard != OPENS_WITH]
    return [_overlay(entry, of_hazard[entry.hazard]) for entry in drawn_over]


def _overlay(entry: HazardEntry, layer: LayerFacts) -> PanelOverlay:
    graded = layer["grade_scheme"] is not None
    drawn = sum(tally["count"] for tally in layer["grades"] if tally["rank"] <= DRAWN_OVER_RANKS)
    return PanelOverlay(
        key=f"{entry.hazard}/{layer['product']}",
        entry=entry,
        count=drawn if graded else layer["count"],
        graded=graded,
        shown=entry.hazard in SHOWN_AT_FIRST,
    )


def _gaps(layers: Sequence[LayerFacts], legend: Legend) -> list[Gap]:
    shares = {layer["hazard"]: layer["unsurveyed_share"] for layer in layers}
    gaps = [
        Gap(entry.hazard, entry.name, 1.0 if share is None else share, entry.hazard in shares)
        for entry in legend.hazards
        if (share := shares.get(entry.hazard, 1.0)) is None or share > NOTICEABLE_SHARE
    ]
    return sorted(gaps, key=lambda gap: -gap.share)
