"""Who and what stands on ground of the two worst grades of each layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from app.judgement.inventory import COUNTED, exposed_under_each, read_inventory
from app.judgement.town_facts import LayerFacts, WorstExposure
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.published_zones import ZoneQuery, read_zones
from risk_model.vocabulary import Geometries

WORST_RANKS: Final = 2


def measure_exposure(work: Work, layers: Sequence[LayerFacts]) -> list[WorstExposure]:
    """The described exposure with its ``ranks`` of each graded one of ``layers`` (``hazard product``), in their order."""
    inventory, ranks = read_inventory(work, COUNTED), list(range(1, WORST_RANKS + 1))
    grounds = [_worst_zones(work.session, layer, work.settings.metric_crs) for layer in layers]
    return [{"ranks": ranks, **exposed} for exposed in exposed_under_each(grounds, inventory)]


def _worst_zones(session: Session, layer: LayerFacts, metric_crs: str) -> Geometries:
    zones = read_zones(session, ZoneQuery(layer["hazard"], layer["product"]))
    worst = zones.geometry.to_numpy()[(zones["grade_rank"] <= WORST_RANKS).to_numpy(dtype=bool)]
    return to_metric(worst, metric_crs)
