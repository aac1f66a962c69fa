"""Questions to dispatch and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from app.http.geojson_shapes import Geometry
from app.judgement.avoided import AvoidedAnswer
from app.platform.iso import IsoDay, IsoMoment
from risk_model.dispatch import CallWord

Incident = Literal["fire", "hazmat_leak", "flood", "debris_flow", "traffic", "medical"]
Condition = Literal["night", "gale", "sandstorm", "ice"]
Unreachable = Literal["no_way", "closed", "force_off_road", "incident_off_road"]
PassedOver = Literal["out", "off_duty", "expired"]
Level = Literal["first", "second", "third", "fourth"]
IncidentPlaceWord = Literal["enterprise", "road", "water", "village"]
TimeWord = Literal["day", "night"]
BasisWord = Literal["law", "standard", "default"]
MOST_FORCES = 50


@dataclass(frozen=True, slots=True)
class NearestQuery:
    """Query of the forces nearest to an incident (degrees); ``k`` of them in all, ``avoid_zones`` as they were named.

    ``gather`` is the number of an incident: forces come to where they gather for it, round its danger area.
    ``case`` is the number of the incident on record: its calls to villages are told, and what its forces bring is no longer called for.
    ``level`` is the rescue level; None is the ordinary one of its run card.
    """

    lon: float
    lat: float
    incident: Incident | None
    k: int
    condition: Condition | None
    avoid_zones: str | None = None
    gather: int | None = None
    case: int | None = None
    level: Level | None = None


class CalledFor(TypedDict):
    """A capability a run card calls for, and how many forces with it."""

    capability: str
    count: int


class MemberAnswer(TypedDict):
    """A force of the set that together meets the run card, with what it ``brings`` of it; ``lapse`` as of any force."""

    id: str
    name: str
    arrival_s: float
    brings: list[str]
    lapse: str | None


class TogetherAnswer(TypedDict):
    """The set that together meets the run card, out of all forces; nobody in it can be spared, none is complete sooner.

    ``complete_s`` is when all of it is there, null where something is ``lacking`` ``within_s`` of the call, or all of it was ``sent``.
    """

    within_s: float
    complete_s: float | None
    forces: list[MemberAnswer]
    lacking: list[CalledFor]


class IncidentPlaceAnswer(TypedDict):
    """What the place of an incident is, by the nearest thing of that kind on record: its name, and metres to it."""

    kind: IncidentPlaceWord
    name: str | None
    away_m: float


class CardAnswer(TypedDict):
    """The run card that counts: ``run_cards`` of the rulebook hold it under ``key``; what it is for, and what it rests on.

    Empty ``places`` or ``times`` are all of them.
    """

    key: str
    places: list[IncidentPlaceWord]
    times: list[TimeWord]
    ordinary_level: Level
    basis: str
    basis_en: str
    basis_kind: BasisWord
    source: str
    source_en: str


class IncidentAnswer(TypedDict):
    """The incident as it was understood; ``snapped_m`` are metres to the nearest road, walked in ``walk_s`` seconds.

    ``run_card`` is what ``card`` calls for at the rescue ``level``, its ordinary one unless ``level_told``. ``place`` is null where
    nothing on record says what it is: then a card for every place counts. ``time`` is night by the clock or the driving condition.
    ``sent`` is what of the card the forces bring that the incident has: ``lacking``, ``together`` and what forces meet are of the rest.

    ``walk`` is the straight line from the road; ``lacking`` what nobody who can come brings, out of all forces.
    ``road_closed``: nobody drives on the road where it lies.
    """

    kind: Incident | None
    level: Level | None
    level_told: bool
    place: IncidentPlaceAnswer | None
    time: TimeWord
    card: CardAnswer | None
    run_card: list[CalledFor]
    sent: list[CalledFor]
    lacking: list[CalledFor]
    together: TogetherAnswer
    snapped_m: float
    walk_s: float | None
    walk: Geometry | None
    road: str | None
    road_closed: bool


class ForceAnswer(TypedDict):
    """A force; whoever is not ``reachable`` has a reason in place of every number.

    ``arrival_s`` is ``turnout_s`` and ``travel_s``, which is the drive and, where the incident lies off the road, the walk
    (``drive_s`` and ``walk_s``). ``road_m`` is driven along the roads, ``detour`` how often the straight line all of the way
    along roads is. Who leaves the engine before a closed road walks ``on_foot_m`` along the roads from there, drawn as
    ``on_foot``; null where the drive leads all the way. ``lapse``
    tells who is telephoned before they are counted upon: stale or unverified. ``added_s`` is how much later than on open
    roads, 0 where nothing is avoided; ``blocked_by`` what lies on the way of who cannot come for closed roads.
    """

    id: str
    name: str
    kind: str
    reachable: bool
    unreachable: Unreachable | None
    turnout_s: int | None
    travel_s: float | None
    drive_s: float | None
    walk_s: float | None
    arrival_s: float | None
    road_m: float | None
    on_foot_m: float | None
    straight_m: float | None
    detour: float | None
    meets: list[str]
    missing: list[str]
    capabilities: list[str]
    duty: str | None
    village: str | None
    lapse: str | None
    last_verified: IsoDay | None
    at: Geometry
    route: Geometry | None
    on_foot: Geometry | None
    added_s: float | None
    blocked_by: list[str]


class PassedOverAnswer(TypedDict):
    """A force that is not asked, and why."""

    id: str
    name: str
    reason: PassedOver


class VillageCallAnswer(TypedDict):
    """Where a village stands: called since when, how often in vain, by whom answered and when; ``answered`` only where somebody said so.

    ``who`` is the one who answered, else the one who was called last.
    """

    village: str
    village_code: str | None
    state: CallWord
    attempts: int
    since: IsoMoment | None
    who: str | None
    at: IsoMoment | None


class CutOffVillage(TypedDict):
    """A village no ready force reaches by road; ``population`` is null where nobody counted.

    ``blocked_by`` is what lies on the way of whoever was nearest: empty where no road led there before. ``call`` is where
    it stands in the incident that was named, null where none was.
    """

    id: str
    name: str
    population: int | None
    blocked_by: list[str]
    call: VillageCallAnswer | None


class OpenArrival(TypedDict):
    """When a force would be there if nothing were avoided; null where it could not come either."""

    id: str
    name: str
    arrival_s: float | None


class AvoidAnswer(TypedDict):
    """What the answer avoids, and who would be named in which order without it: nobody where none of it lies on a road."""

    by: list[AvoidedAnswer]
    without: list[OpenArrival]


class GraphAnswer(TypedDict):
    """The network the answer stands on: its version, and metres from the incident to the edge of its data."""

    version: str
    data_edge_m: float
    stretches: int


class RoadImport(TypedDict):
    """A file the roads came with: who provided it, else its name, and the day it was received."""

    source: str
    date: IsoDay
    roads: int


class RoadsAnswer(TypedDict):
    """The roads the network is made of, as a sheet names them: where they come from and the last day any came.

    ``source`` and ``date`` are null where none came by a file, ``synthetic`` where some were made up for demonstration.
    """

    version: str
    source: str | None
    date: IsoDay | None
    synthetic: bool
    imports: list[RoadImport]


class GatherAnswer(TypedDict):
    """Where forces gather for an incident: a junction outside its danger area, so many metres from it."""

    incident: int
    place: Geometry
    away_m: float
    upwind: bool
    road: str | None


class NearestAnswer(TypedDict):
    """The forces nearest to an incident, those that meet its run card first, each by when it arrives.

    Where it was asked where they ``gather``, all of it is told of that place.
    """

    incident: IncidentAnswer
    gather: GatherAnswer | None
    condition: Condition | None
    avoid: AvoidAnswer
    forces: list[ForceAnswer]
    passed_over: list[PassedOverAnswer]
    cut_off_villages: list[CutOffVillage]
    graph: GraphAnswer
    roads: RoadsAnswer
