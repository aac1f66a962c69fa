"""Sources of the roads: what a printed sheet says of the network it rests on."""

from __future__ import annotations

from typing import Final

from app.dispatch.schemas import RoadImport, RoadsAnswer
from app.judgement.road_network import ROADS
from app.platform.once import Once
from app.platform.work import Work
from gis_layers.stores.receipts import list_receipts
from gis_layers.stores.registers_state import read_layer_state
from gis_layers.stores.roads import has_synthetic_roads

MOST_NAMED: Final = 20
_synthetic: Once[tuple[str, str], bool] = Once(4)


def road_sources(work: Work, version: str) -> RoadsAnswer:
    """The files the roads of a network came with, the newest first."""
    received = [receipt for receipt, _ in list_receipts(work.session, ROADS, limit=MOST_NAMED)]
    imports: list[RoadImport] = [
        {"source": one.provider or one.file_name, "date": one.received_on.isoformat(), "roads": one.loaded}
        for one in received
    ]
    return {
        "version": version,
        "source": " · ".join(dict.fromkeys(one["source"] for one in imports)) or None,
        "date": max((one["date"] for one in imports), default=None),
        "synthetic": _is_synthetic(work),
        "imports": imports,
    }


def _is_synthetic(work: Work) -> bool:
    """Whether some roads were made up: where none were, all are looked through for it."""
    key = (work.deployment.url, read_layer_state(work.session, ROADS))
    return _synthetic.get(key, lambda: has_synthetic_roads(work.session))
