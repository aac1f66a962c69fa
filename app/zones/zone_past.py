"""Past of one zone, event by event: when it came, was changed and went, by whom, why and by which document."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from app.platform.errors import NotFound
from app.platform.work import Work
from app.zones import drafts
from app.zones.change_paper import words_of_change
from app.zones.themes import edited_zones
from gis_layers.stores import draft_zones, editions, zone_documents
from gis_layers.stores.decisions import TakenStep
from gis_layers.stores.editions import Draft, Edition
from gis_layers.stores.zone_documents import DocumentQuery, KeptDocument
from gis_layers.stores.zone_past import VersionSpan, read_lineage, read_spans
from risk_model.editing.comparing import DifferenceState, ZoneDifference
from risk_model.editing.values import EditedZone
from risk_model.message import Message, msg

TOLD = frozenset(["submit", "approve", "approve_on_paper"])
"""Steps told of a draft: who began it and who put it in force is told without them."""
MOST_EVENTS = 200
"""Told of one zone, the newest; of older ones only how many there are."""


@dataclass(frozen=True, slots=True)
class ZoneEvent:
    """What one edition made of a zone; ``steps`` are those of the draft it was, ``documents`` those it rests upon."""

    edition: Edition
    version: int
    difference: ZoneDifference
    draft: Draft | None
    steps: tuple[TakenStep, ...]
    documents: tuple[KeptDocument, ...]

    @property
    def words(self) -> list[Message]:
        """Which parts of it changed; none of a zone that came or went."""
        one = self.difference
        if one.state != "changed":
            return []
        return words_of_change(one.attributes_changed, reshaped=one.reshaped, regraded=one.regraded)

    @property
    def standing(self) -> EditedZone:
        """The zone after it, or as it was before it went."""
        found = self.difference.after or self.difference.before
        assert found is not None, "an event is of a zone that stood before it or stands after it"
        return found


@dataclass(frozen=True, slots=True)
class ZonePast:
    """Events of a zone, newest first, its parents and children; ``untold`` is how many older events there are."""

    zone: int
    hazard: str
    product: str
    name: str | None
    in_force: bool
    events: tuple[ZoneEvent, ...]
    untold: int
    parents: tuple[int, ...]
    children: tuple[int, ...]

    @property
    def shapes(self) -> list[BaseGeometry]:
        """Every shape it had (metric CRS)."""
        return [one.standing.geometry for one in self.events]


def past_of(work: Work, zone: int) -> ZonePast:
    """The past of a published zone. Raises NotFound."""
    session = work.session
    spans = read_spans(session, zone)
    if not spans:
        raise NotFound(msg("没有编号为 {zone} 的区划", zone=zone))
    seen = draft_zones.read_every_version(session, zone)
    values = edited_zones(seen, work.settings.metric_crs)
    turns = _turns(spans)
    told = turns[-MOST_EVENTS:]
    last, (parents, children) = seen[spans[-1].version], read_lineage(session, zone)
    events = _events(work, last.theme, [(number, _difference(zone, turn, values), turn) for number, turn in told])
    return ZonePast(
        zone, *last.theme, last.attributes["name"], spans[-1].until is None, tuple(reversed(events)),
        len(turns) - len(told), tuple(parents), tuple(children),
    )  # fmt: skip


Turn = tuple[int | None, int | None]
"""Versions before and after an edition; None where the zone does not stand."""


def _turns(spans: list[VersionSpan]) -> list[tuple[int, Turn]]:
    """Editions that made something of a zone, with the versions before and after, oldest first."""
    turns: list[tuple[int, Turn]] = []
    before: VersionSpan | None = None
    for span in spans:
        if before is not None and before.until is not None and before.until < span.first:
            turns.append((before.until, (before.version, None)))
            before = None
        turns.append((span.first, (None if before is None else before.version, span.version)))
        before = span
    if before is not None and before.until is not None:
        turns.append((before.until, (before.version, None)))
    return turns


def _difference(zone: int, turn: Turn, values: dict[int, EditedZone]) -> ZoneDifference:
    before, after = (None if version is None else values[version] for version in turn)
    state: DifferenceState = "new" if before is None else "gone" if after is None else "changed"
    return ZoneDifference(state, zone, zone, before, after, "id")


def _events(
    work: Work, theme: tuple[str, str], turns: list[tuple[int, ZoneDifference, Turn]]
) -> list[ZoneEvent]:  # fmt: skip
    session, numbers = work.session, [number for number, _, _ in turns]
    made_of = editions.find_drafts(session, numbers)
    decided = drafts.decisions_on(session, list(made_of.values()))
    documents = zone_documents.read_documents(session, DocumentQuery(*theme))
    found = []
    for number, difference, (before, after) in turns:
        edition, draft = editions.find_edition(session, number), made_of.get(number)
        assert edition is not None, "a version names editions there are"
        steps = () if draft is None else tuple(one for one in decided[draft.id].steps if one.step in TOLD)
        carried = tuple(one for one in documents if one.edition == number)
        found.append(ZoneEvent(edition, after or before or 0, difference, draft, steps, carried))
    return found
