"""Authority over ground: who declares a theme and by which document, and whether a change of it only tightens."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

import shapely

from risk_model.editing.values import EditedZone, K, packaged_terms
from risk_model.message import Message, msg
from risk_model.shapes import AREAL, as_array, join_shapes, polygons_in

FILE: Final = "authority.toml"

GroundKind = Literal["declared", "census", "local"]
GovernmentLevel = Literal["town", "county", "city", "province", "nation"]
DocumentKind = Literal["declaration", "withdrawal", "approval"]
DraftStanding = Literal["proposal", "supplement"]
GroundStanding = Literal["own", "documented", "tightened", "awaiting", "reported", "loosened"]
IN_FORCE: Final[frozenset[GroundStanding]] = frozenset(["own", "documented", "tightened"])
"""How a change must stand to be put in force."""


@dataclass(frozen=True, slots=True)
class GroundAuthority:
    """Authority over a theme: levels of government whose documents change it, whether a public notice is needed, and why."""

    ground: GroundKind
    levels: tuple[str, ...] = ()
    announced: bool = False
    basis: str = ""


LOCAL: Final = GroundAuthority("local")


@dataclass(frozen=True, slots=True)
class GroundPolicy:
    """Policy of ``authority.toml``: the authority over each hazard; ``compared`` are attributes a supplement leaves alone."""

    hazards: Mapping[str, GroundAuthority]
    compared: tuple[str, ...]

    def over(self, hazard: str) -> GroundAuthority:
        """Authority over a hazard; one nobody else declares is the township's own."""
        return self.hazards.get(hazard, LOCAL)

    def declared(self) -> list[str]:
        """Hazards whose ground is declared by an authority, in the order of the file."""
        return [hazard for hazard, one in self.hazards.items() if one.ground == "declared"]


@dataclass(frozen=True, slots=True)
class JudgedDocument:
    """Document by which ground is declared, withdrawn or approved; ``edition`` is one it already brought in force."""

    kind: str
    level: str
    announced_on: datetime.date | None
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Loosening:
    """Ground of a zone in force that a change leaves milder or free: ``size`` in m², in m for a line."""

    zone: Any
    size: float
    shape: Any


@cache
def packaged_policy() -> GroundPolicy:
    """The policy that comes with the package."""
    return read_policy(tomllib.loads((resources.files("risk_model.editing") / FILE).read_text(encoding="utf-8")))


def read_policy(tables: Mapping[str, Any]) -> GroundPolicy:
    """The policy of the tables of the file. Raises ValueError for a level nobody knows and a hazard of two grounds."""
    census = tables["census"]
    found = {hazard: _authority("declared", entry) for hazard, entry in tables["declared"].items()}
    twice = found.keys() & {*census["hazards"]}
    if twice:
        raise ValueError(f"{FILE}: {', '.join(sorted(twice))}: declared or of the census, not both.")
    found |= dict.fromkeys(census["hazards"], _authority("census", census))
    return GroundPolicy(MappingProxyType(found), tuple(tables["supplement"]["compared"]))


def _authority(ground: GroundKind, entry: Mapping[str, Any]) -> GroundAuthority:
    levels = tuple(entry["levels"])
    if not levels or not {*levels} <= {*get_args(GovernmentLevel)}:
        raise ValueError(f"{FILE}: `levels` are some of {', '.join(get_args(GovernmentLevel))}.")
    return GroundAuthority(ground, levels, bool(entry["announced"]), str(entry["basis"]))


def objection_to(document: JudgedDocument, authority: GroundAuthority, on: datetime.date) -> Message | None:
    """Objection to putting ground in force by a document; None where it carries the change."""
    is_approval = document.kind == "approval"
    objections = (
        (document.level not in authority.levels, msg("发文机关的级别不够")),
        (authority.ground == "census" and not is_approval, msg("不是批复")),
        (authority.ground == "declared" and is_approval, msg("不是划定或撤销的公告")),
        (authority.announced and document.announced_on is None, msg("没有公告日期")),
        (document.announced_on is not None and document.announced_on > on, msg("公告日期还没有到")),
        (document.edition is not None, msg("已经用于第 {edition} 版", edition=document.edition)),
    )
    return next((told for stands, told in objections if stands), None)


def standing_of(
    authority: GroundAuthority, *, carried: bool, recorded: bool, standing: str, loosens: bool
) -> GroundStanding:  # fmt: skip
    """How a change of a theme stands.

    ``carried``: a document carries it. ``recorded``: an approval of the theme is on record, without which nobody else is known to
    have decided on it. ``standing`` is what the draft calls itself, ``loosens`` whether it leaves any ground milder or free.
    """
    if authority.ground == "local" or (authority.ground == "census" and not recorded):
        return "own"
    if carried:
        return "documented"
    if authority.ground == "declared":
        return "awaiting"
    if standing != "supplement":
        return "reported"
    return "loosened" if loosens else "tightened"


def find_loosened(
    before: Mapping[K, EditedZone], after: Mapping[K, EditedZone], policy: GroundPolicy | None = None
) -> list[Loosening]:
    """Ground of ``before`` (one theme, metric CRS) that ``after`` leaves milder or free, the largest first.

    A zone is covered by zones at least as bad in the same scheme that say the same otherwise; grades of different schemes
    cannot be compared and cover nothing. Less than ``ground_m2`` of a zone comes of rounding.
    """
    compared = (policy or packaged_policy()).compared
    values = [*after.values()]
    tree = shapely.STRtree(as_array([zone.geometry for zone in values]))
    found = []
    for key, zone in before.items():
        if after.get(key) == zone:
            continue
        near = [values[number] for number in sorted(tree.query(zone.geometry, predicate="intersects").tolist())]
        left = _left(zone, [one for one in near if _covers(one, zone, compared)])
        size = float(left.area or left.length)
        if size > packaged_terms().edits["ground_m2"]:
            found.append(Loosening(key, size, left))
    return sorted(found, key=lambda one: (-one.size, str(one.zone)))


def _left(zone: EditedZone, covering: Sequence[EditedZone]) -> Any:
    left = shapely.difference(zone.geometry, join_shapes([one.geometry for one in covering]))
    if shapely.get_dimensions(zone.geometry) < AREAL:
        return left
    return shapely.multipolygons(polygons_in(as_array([left])))


def _covers(one: EditedZone, zone: EditedZone, compared: Sequence[str]) -> bool:
    if any(one.attributes.get(name) != zone.attributes.get(name) for name in compared):
        return False
    if zone.grade is None or one.grade is None:
        return zone.grade == one.grade
    return one.grade[0] == zone.grade[0] and one.grade[1] <= zone.grade[1]
