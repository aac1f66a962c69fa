"""The question of shelters and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from app.dispatch.coverage_schemas import CoverageBasis
from app.dispatch.planning_schemas import Named
from app.http.geojson_shapes import Geometry

ShelterTerm = Literal["emergency", "temporary", "short", "medium", "long"]
ShelterPassedOver = Literal["in_zone", "shorter_term", "no_capacity", "off_road"]


@dataclass(frozen=True, slots=True)
class ShelterQuery:
    """Query of an allocation for a stay of a ``term``; zones of the worst grades named in ``avoid_zones`` hold no shelter.

    ``endangered``: only who lives in these zones takes refuge, else everybody.
    """

    term: ShelterTerm
    avoid_zones: str | None
    endangered: bool


class ShelterAnswer(Named):
    """A shelter, the people it holds for that stay and those who go there; ``passed_over`` says why it takes nobody."""

    term: ShelterTerm | None
    capacity: int
    people: int
    passed_over: ShelterPassedOver | None
    at: Geometry


class WayToShelter(TypedDict):
    """People of a village who go to a shelter; ``metres`` on foot, ``minutes`` and ``way`` are those of whoever walks farthest."""

    shelter: Named
    people: int
    metres: int
    minutes: float
    way: Geometry | None


class ShelteredVillage(Named):
    """A village, where its people go, and who finds no place: ``too_far`` from any shelter, or because those near are ``full``."""

    people: int
    to: list[WayToShelter]
    too_far: int
    full: int


class RefugeCount(TypedDict):
    """People who take refuge, and who find no place."""

    served: int
    too_far: int
    full: int
    share: float | None


class ShelterRule(TypedDict):
    """How far people walk and the effective area each needs, with what that rests on in both languages."""

    most_m: float
    area_m2: float
    basis: str
    basis_en: str


class AllocationAnswer(TypedDict):
    """Shelters with their capacity, nearest first by the walking way: a screening opinion, no plan of evacuation."""

    term: ShelterTerm
    rule: ShelterRule
    people: RefugeCount
    shelters: list[ShelterAnswer]
    villages: list[ShelteredVillage]
    graph_version: str
    basis: CoverageBasis
