"""The gesture of a file that came back: all it creates, changes and takes away, as one edit."""

from __future__ import annotations

from dataclasses import dataclass

from app.platform.errors import BadParameter, Refused
from app.zones.gestures import Desk, Gesture, changed, layer_for, removed
from app.zones.returned_files import Returned
from gis_layers.stores import staged_zones
from gis_layers.stores.draft_edits import Descent
from gis_layers.stores.draft_zones import CREATE, SeenZone
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A file held against the draft, about to be taken back."""

    found: Returned
    reason: str | None = None
    op: str = "file"


def take_back(desk: Desk, body: FileEdit) -> Gesture:
    """Every change of the file. Raises BadParameter where something stands against it, Refused where it changes nothing."""
    found = body.found
    if found.problems:
        trouble = msg("文件有 {n} 处问题，没有读回任何内容；请改正后重新提交", n=len(found.problems))
        errors = [{"field": "file", "message": one["problem"]} for one in found.problems[:20]]
        raise BadParameter(trouble, code="file", errors=errors)
    after: dict[int, SeenZone | None] = {zone: changed(one) for zone, (_, _, one) in found.updated.items()}
    after |= {zone: removed(one) for zone, one in found.deleted.items()}
    numbers = staged_zones.new_zone_ids(desk.work.session, len(found.created))
    layers: dict[tuple[str, str], int] = {}
    lineage: list[Descent] = []
    for number, new in zip(numbers, found.created, strict=True):
        theme = (new.attributes["hazard"], new.attributes["product"])
        if new.parent is None and theme not in layers:
            layers[theme] = layer_for(desk, *theme)
        layer = layers[theme] if new.parent is None else new.parent.layer
        after[number] = SeenZone(number, None, CREATE, layer, new.attributes, new.geometry)
        lineage += [] if new.parent is None else [(new.parent.zone, number)]
    if not after:
        raise Refused(msg("文件与草稿一致，没有可以读回的修改"), code="unchanged")
    return Gesture(after, tuple(lineage))
