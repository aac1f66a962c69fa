"""Two editions compared: the zones that differ, with the area they gained or lost, measured in the metric CRS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import shapely

from app.http.pagination import Page
from app.platform.errors import NotFound
from app.platform.work import Work
from app.zones.change_schemas import ChangeItem, ChangeSide, ChangeState, ChangeTotals
from app.zones.themes import edited_zones
from gis_layers.stores import draft_zones, edition_changes, editions
from gis_layers.stores.draft_zones import SeenZone
from gis_layers.stores.edition_changes import Span, VersionChange
from gis_layers.stores.editions import Edition
from risk_model.editing.comparing import ZoneDifference
from risk_model.editing.values import EditedZone
from risk_model.message import msg
from risk_model.shapes import as_array

Both = tuple[Edition | None, Edition]
"""The edition looked from (None: before the first) and the one looked at."""


def require_both(work: Work, first: int, second: int) -> Both:
    """Both editions; 0 stands for what was before the first. Raises NotFound."""
    found = [None if number == 0 else editions.find_edition(work.session, number) for number in (first, second)]
    for number, one in zip((first, second), found, strict=True):
        if one is None and (number or number == second):
            raise NotFound(msg("没有第 {number} 版；全部版次见 /api/editions", number=number))
    return cast("Both", tuple(found))


def count_changes(work: Work, span: Span) -> ChangeTotals:
    """Number of zones that differ."""
    return cast("ChangeTotals", edition_changes.count_changes(work.session, span))


def find_changes(work: Work, span: Span, page: Page) -> list[ChangeItem]:
    """The zones of one page of the list that differ, by number."""
    session, metric_crs = work.session, work.settings.metric_crs
    pairs = edition_changes.read_changes(session, span, limit=page.limit, offset=page.offset)
    before = draft_zones.read_versions(session, {one.zone: one.before for one in pairs if one.before is not None})
    after = draft_zones.read_versions(session, {one.zone: one.after for one in pairs if one.after is not None})
    descent = edition_changes.read_descent_between(session, span, [one.zone for one in pairs])
    sides = edited_zones(before, metric_crs), edited_zones(after, metric_crs)
    told = []
    for one in pairs:
        seen = [ones[one.zone] for ones in (before, after) if one.zone in ones]
        item = _told(_difference(one, *sides), seen)
        item["parents"] = [str(parent) for parent, child in descent if str(child) == item["zone"]]
        item["children"] = [str(child) for parent, child in descent if str(parent) == item["zone"]]
        told.append(item)
    return told


def _difference(
    one: VersionChange, before: Mapping[int, EditedZone], after: Mapping[int, EditedZone]
) -> ZoneDifference:
    state: ChangeState = "new" if one.before is None else "gone" if one.after is None else "changed"
    return ZoneDifference(state, one.zone, one.zone, before.get(one.zone), after.get(one.zone), "id")


def _told(one: ZoneDifference, seen: Sequence[SeenZone]) -> ChangeItem:
    hazard, product = seen[-1].theme
    return {
        "id": str(seen[-1].zone),
        "zone": str(seen[-1].zone),
        "state": cast("ChangeState", one.state),
        "hazard": hazard,
        "product": product,
        "before": _side(one.before, seen[0].version),
        "after": _side(one.after, seen[-1].version),
        "delta_m2": one.delta_m2,
        "reshaped": one.reshaped,
        "regraded": one.regraded,
        "attributes": list(one.attributes_changed) if one.state == "changed" else [],
        "bbox": shapely.total_bounds(as_array([zone.geometry for zone in seen])).tolist(),
        "parents": [],
        "children": [],
    }


def _side(one: EditedZone | None, version: int | None) -> ChangeSide | None:
    if one is None:
        return None
    told = {name: one.attributes[name] for name in ("name", "grade", "grade_rank", "grade_scheme")}
    return cast("ChangeSide", {"version": version, **told, "area_m2": one.area_m2})
