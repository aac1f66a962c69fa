"""Problems of the zones as a draft would leave them."""

from __future__ import annotations

from collections.abc import Collection

from app.platform.work import Work
from app.zones.draft_schemas import ProblemItem
from gis_layers.stores import draft_zones
from gis_layers.stores.draft_zones import SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from risk_model.message import msg


def find_problems(work: Work, draft: Draft, touched: Collection[int] | None = None) -> list[ProblemItem]:
    """Problems of what the draft changes; with ``touched`` of those zones alone."""
    proposals = draft_zones.read_proposals(work.session, draft.id, touched)
    seen = draft_zones.read_draft_zones(work.session, draft.id, ZonesAsked(zones=list(proposals)))
    return [problem for one in seen.values() for problem in _of_attributes(work, one)]


def _of_attributes(work: Work, one: SeenZone) -> list[ProblemItem]:
    hazard = work.rulebook.hazards.get(one.attributes["hazard"])
    if hazard is None or not hazard.graded or one.attributes["grade"] is not None:
        return []
    return [{
        "id": f"missing_attribute-{one.zone}",
        "kind": "missing_attribute",
        "name": msg("缺少等级"),
        "level": "blocking",
        "zones": [str(one.zone)],
        "size": None,
        "unit": None,
        "place": None,
    }]  # fmt: skip
