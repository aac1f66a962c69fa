"""A layer renewed: what a draft brings of a theme held against what is in force, zone by zone, and what was edited here since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import shapely

from app.platform.errands import heed
from app.platform.errors import BadParameter, Refused
from app.platform.work import Work
from app.zones.draft_schemas import DraftState
from app.zones.renewal_schemas import DeliveryComparison, DeliveryRow, DifferenceCounts, LocalEdit, Side, ZoneSide
from app.zones.themes import Theme, edited_zones
from gis_layers.stores import draft_zones, local_edits
from gis_layers.stores.draft_zones import DELETE, SeenZone, ZonesAsked
from gis_layers.stores.editions import Draft
from risk_model.editing.comparing import ZoneDifference
from risk_model.editing.renewal import changed_attributes, changed_parts, compare_delivery, is_absorbed, same_ground
from risk_model.editing.values import EditedZone, packaged_terms
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class Renewal:
    """A draft beside what is in force of one theme: zones by number on both sides, how they differ, those edited here."""

    draft: Draft
    theme: Theme
    replaces: bool
    before: Mapping[int, SeenZone]
    after: Mapping[int, SeenZone]
    differences: tuple[ZoneDifference, ...]
    local: Mapping[int, LocalEdit]

    @property
    def undecided(self) -> list[int]:
        """Zones edited here that the delivery does not contain and nobody decided about."""
        return [zone for zone, one in self.local.items() if one["state"] == "conflict" and one["decision"] is None]


def compare_draft(work: Work, draft: Draft, hazard: str | None, product: str | None) -> Renewal:
    """The renewal of a theme by a draft; of the only one it brings or changes where none is named.

    A draft in force is held against the edition before its own. Raises BadParameter.
    """
    heed()
    metric_crs = work.settings.metric_crs
    theme = _theme(work, draft, hazard, product)
    before, after = _sides(work, draft, theme)
    standing, brought = edited_zones(before, metric_crs), edited_zones(after, metric_crs)
    replaces = any(layer.replaces and (layer.hazard, layer.product) == theme for layer in _layers(work, draft))
    return Renewal(
        draft,
        theme,
        replaces,
        before,
        after,
        tuple(compare_delivery(standing, brought)),
        {} if draft.edition else _local(work, draft, before, after=after, metric=(standing, brought)),
    )


def _sides(work: Work, draft: Draft, theme: Theme) -> tuple[dict[int, SeenZone], dict[int, SeenZone]]:
    """What is in force and what the draft would leave; of one in force what stood before its edition, and in it."""
    session, asked = work.session, ZonesAsked(None, *theme)
    if draft.edition is None:
        return draft_zones.read_in_force(session, None, asked), draft_zones.read_draft_zones(session, draft.id, asked)
    before, after = (
        {one.zone: one for one in draft_zones.read_edition_zones(session, number, asked)}
        for number in (draft.edition - 1, draft.edition)
    )
    return before, after


def _layers(work: Work, draft: Draft) -> list[local_edits.DraftLayer]:
    return local_edits.layers_of(work.session, draft.id)


def _theme(work: Work, draft: Draft, hazard: str | None, product: str | None) -> Theme:
    if hazard and product:
        return hazard, product
    brought = {(layer.hazard, layer.product) for layer in _layers(work, draft)}
    if not brought and draft.edition:
        brought = set(local_edits.themes_of(work.session, draft.edition))
    brought = brought or {one.theme for one in draft_zones.read_proposals(work.session, draft.id).values()}
    found = [
        theme
        for theme in sorted(brought)
        if (hazard is None or theme[0] == hazard) and (product is None or theme[1] == product)
    ]
    if len(found) == 1:
        return found[0]
    there = ["/".join(theme) for theme in sorted(brought)]
    trouble = msg("请用 hazard 和 product 指明专题；这份草稿涉及：{themes}", themes=there)
    raise BadParameter(trouble, code="together", errors=[{"field": "hazard", "message": trouble}])


def _local(
    work: Work,
    draft: Draft,
    before: Mapping[int, SeenZone],
    *,
    after: Mapping[int, SeenZone],
    metric: tuple[Mapping[int, EditedZone], Mapping[int, EditedZone]],
) -> dict[int, LocalEdit]:
    zones = [zone for zone in local_edits.zones_edited_here(work.session, draft.id) if zone in before]
    proposals = draft_zones.read_proposals(work.session, draft.id, zones) if zones else {}
    standing, brought = metric
    told: dict[int, LocalEdit] = {}
    for zone in zones:
        proposed = proposals.get(zone)
        if _is_kept(before[zone], after.get(zone), standing[zone], brought.get(zone)):
            told[zone] = {"state": "kept", "decision": "ours"}
        else:
            absorbed = is_absorbed(standing[zone], brought.values())
            told[zone] = {
                "state": "absorbed" if absorbed else "conflict",
                "decision": _decision(proposed, absorbed=absorbed),
            }
    return told


def _decision(proposed: SeenZone | None, *, absorbed: bool) -> Side | None:
    if proposed is None:
        return None
    if proposed.change == DELETE:
        return "theirs"
    return None if absorbed else "ours"


def _is_kept(before: SeenZone, now: SeenZone | None, standing: EditedZone, brought: EditedZone | None) -> bool:
    """Whether the draft leaves a zone edited here as it is in force, a vertex more on its border or not."""
    if now is None or brought is None:
        return False
    return now.attributes == before.attributes and same_ground(standing, brought)


def require_settled(work: Work, draft: Draft) -> None:
    """Raises Refused where a delivery would undo, unsaid, what was edited here."""
    left = set(local_edits.undecided_zones(work.session, draft.id))
    if not left:
        return
    themes = {one.theme for one in draft_zones.read_in_force(work.session, sorted(left)).values()}
    undecided = sorted(zone for theme in themes for zone in compare_draft(work, draft, *theme).undecided)
    if undecided:
        raise Refused(
            msg(
                "新交付会取代本地修改过的 {zones}，还没有决定取舍；请打开 /zones/delivery?draft={draft} 逐个决定后再提交",
                zones=[str(zone) for zone in undecided[:20]],
                draft=draft.id,
            ),
            code="unready",
            errors=[{"field": "zone", "message": str(zone)} for zone in undecided[:20]],
        )


def describe_renewal(found: Renewal, state: DraftState) -> DeliveryComparison:
    """The renewal, what changed first, the largest change before the smaller."""
    rows = [_row(found, one) for one in found.differences]
    counts = Counter(row["state"] for row in rows)
    terms = packaged_terms().edits
    return {
        "draft": found.draft.id,
        "state": state,
        "hazard": found.theme[0],
        "product": found.theme[1],
        "replaces": found.replaces,
        "counts": cast(
            "DifferenceCounts", {name: counts.get(name, 0) for name in ("unchanged", "changed", "new", "gone")}
        ),
        "undecided": [str(zone) for zone in found.undecided],
        "match_share": terms["match_share"],
        "same_vertex_m": terms["same_vertex_m"],
        "items": sorted(rows, key=lambda row: (row["state"] == "unchanged", -abs(row["delta_m2"]), _key(row))),
    }


def _key(row: DeliveryRow) -> int:
    return int(row["zone"] or row["delivered"] or 0)


def _row(found: Renewal, one: ZoneDifference) -> DeliveryRow:
    before = found.before[cast("int", one.key_before)] if one.key_before is not None else None
    after = found.after[cast("int", one.key_after)] if one.key_after is not None else None
    shown = after or before
    assert shown is not None, "one side at least is there"
    both = one.before is not None and one.after is not None
    parts = list(changed_parts(one)) if both else []
    return {
        "zone": None if before is None else str(before.zone),
        "delivered": None if after is None else str(after.zone),
        "state": one.state if not both else "changed" if parts else "unchanged",
        "matched_by": one.matched_by,
        "changed": parts,
        "attributes": list(changed_attributes(one)) if both else [],
        "before": _side(before, one.before),
        "after": _side(after, one.after),
        "delta_m2": one.delta_m2,
        "local": None if before is None else found.local.get(before.zone),
        "place": shapely.get_coordinates(shapely.point_on_surface(shown.geometry))[0].tolist(),
    }


def _side(seen: SeenZone | None, metric: EditedZone | None) -> ZoneSide | None:
    if seen is None or metric is None:
        return None
    told = seen.attributes
    return {
        "name": told["name"],
        "grade": told["grade"],
        "grade_rank": told["grade_rank"],
        "grade_scheme": told["grade_scheme"],
        "area_m2": metric.area_m2,
    }
