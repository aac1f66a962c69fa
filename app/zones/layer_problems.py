"""Problems of a whole layer: of every zone of a theme, as it is in force or as a draft would leave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import shapely

from app.platform.errors import BadParameter, TooIntricate
from app.platform.work import Work
from app.zones import drafts
from app.zones.draft_schemas import ProblemItem
from app.zones.problems import describe, search_theme, told_apart, widened
from app.zones.themes import edited_zones
from gis_layers.crs import Bounds
from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from risk_model.message import msg
from risk_model.shapes import as_array

MOST: Final = 20_000
"""Zones searched for one request: some seconds."""


@dataclass(frozen=True, slots=True)
class LayerAsked:
    """Theme whose problems are asked for; zones that meet ``window`` (storage CRS), None: all; in ``draft``, None: in force."""

    hazard: str
    product: str
    window: Bounds | None = None
    draft: int | None = None


def find_layer_problems(work: Work, asked: LayerAsked) -> list[ProblemItem]:
    """Problems of the zones of a theme, the largest first. BadParameter of an unknown hazard, TooIntricate of too many zones."""
    if asked.hazard not in work.rulebook.hazards:
        known = [*work.rulebook.hazards]
        trouble = msg("不认识的灾种「{hazard}」；可用：{hazards}", hazard=asked.hazard, hazards=known)
        raise BadParameter(trouble, code="rulebook-word", errors=[{"field": "hazard", "message": trouble}])
    seen = _read(work, asked)
    metric_crs = work.settings.metric_crs
    touched = None if asked.window is None else _meeting(seen, asked.window)
    if not seen or touched == []:
        return []
    found = search_theme(work, (asked.hazard, asked.product), edited_zones(seen, metric_crs), touched)
    return [told for told, _ in told_apart(describe(found, metric_crs))]


def _read(work: Work, asked: LayerAsked) -> dict[int, SeenZone]:
    """The zones and all that a problem of theirs may concern."""
    window = None if asked.window is None else widened(asked.window)
    query = ZonesAsked(None, asked.hazard, asked.product, window)
    draft = None if asked.draft is None else drafts.require_draft(work.session, asked.draft)
    count = draft_zones.count_in_force(work.session, query)
    if count > MOST:
        raise TooIntricate(
            msg("范围内有 {count} 个区划，一次最多检查 {most} 个；请用 bbox 缩小范围", count=count, most=MOST)
        )
    if draft is None:
        return draft_zones.read_in_force(work.session, None, query)
    return draft_zones.read_draft_zones(work.session, draft.id, query)


def _meeting(seen: dict[int, SeenZone], window: Bounds) -> list[int]:
    near = shapely.intersects(as_array([one.geometry for one in seen.values()]), shapely.box(*window))
    return [zone for zone, met in zip(seen, near.tolist(), strict=True) if met]
