"""Neighbours of a site: registered objects laid out as ground the same judgement reads, each from its own edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from risk_model.buffers import buffer_m
from risk_model.operators import Bilingual
from risk_model.rulebook import RuleBook
from risk_model.rulebook.neighbours import FACILITIES, Neighbours
from risk_model.shapes import as_array
from risk_model.siting.listed_hits import HitListing
from risk_model.siting.requirements import ProjectProfile
from risk_model.vocabulary import (
    Finding,
    ObjectSet,
    ProjectClass,
    SiteObject,
    ThemeReport,
    ThemeStatus,
    ZoneSet,
)

REGISTERS = {
    "roads": Bilingual("公路", "roads"),
    "facilities": Bilingual("公共设施", "public facilities"),
    "buildings": Bilingual("房屋", "buildings"),
}
"""Registers whose objects rules object to, in the words of opinions: these are judged again to the byte, so no renamed code
changes them."""


@dataclass(frozen=True, slots=True)
class Laid:
    """Objects as zones of the theme of neighbours; ``object`` says which object each zone stands for."""

    zones: ZoneSet
    object: tuple[SiteObject, ...]

    def told(self, finding: Finding) -> Finding:
        """The finding on a zone, told of the object it stands for."""
        number = int(finding.zone or 0)
        return replace(finding, zone=None, zone_version=None, zone_name="", product="", object=self.object[number])


def lay_objects(objects: ObjectSet, rulebook: RuleBook, asker: ProjectProfile) -> Laid:
    """Those of ``objects`` that some rule objects to beside a project of ``asker``, once for each kind they are of."""
    neighbours = rulebook.neighbours
    asked = neighbours and neighbours.kinds_asked(asker.project_class, asker.building_type, asker.on)
    if not neighbours or not asked:
        return Laid(_zones([], [], "", []), ())
    point_m = rulebook.terms.point_m[ProjectClass.K2]
    rows = [
        (number, kind, ground)
        for number in range(len(objects))
        for kind in _kinds_of(objects, number, neighbours)
        if kind in asked
        for ground in (_ground_of(objects, number, kind, (neighbours, point_m)),)
    ]
    told = tuple(
        SiteObject(str(objects.register[number]), int(objects.number[number]), str(objects.name[number]))
        for number, _, _ in rows
    )
    names = [one.name or f"{REGISTERS[one.kind].zh} {one.id}" for one in told]
    return Laid(_zones([kind for _, kind, _ in rows], names, neighbours.theme.key, [shape for *_, shape in rows]), told)


def _kinds_of(objects: ObjectSet, number: int, neighbours: Neighbours) -> Iterator[str]:
    """The kinds of which one object is."""
    register, sort = objects.register[number], str(objects.sort[number])
    if register == "roads" and sort in neighbours.half_width_m:
        yield f"road.{sort}"
        yield f"control.{sort}"
        if objects.bridge[number] and shapely.length(objects.geometry[number]) >= neighbours.least_bridge_m:
            yield "bridge"
    elif register == "facilities" and sort in FACILITIES:
        yield f"facility.{sort}"
    elif register == "buildings" and not any(word in sort for word in neighbours.other_uses):
        yield "home"


def _ground_of(objects: ObjectSet, number: int, kind: str, widths: tuple[Neighbours, float]) -> Any:
    """The ground from whose edge distances to an object count when it is read as ``kind``."""
    (neighbours, point_m), shape, sort = widths, objects.geometry[number], str(objects.sort[number])
    if kind == "home":
        return shape
    if kind.startswith("facility."):
        # A facility that is only a point stands for ground as wide as a project given as a point.
        return shape if shapely.area(shape) > 0 else buffer_m(shape, point_m)
    control_m = neighbours.control_m[sort] if kind.startswith("control.") else 0.0
    return buffer_m(shape, neighbours.half_width_m[sort] + control_m)


def _zones(kinds: list[str], names: list[str], theme: str, shapes: list[Any]) -> ZoneSet:
    count = len(kinds)
    blank, unknown, none = np.full(count, "", dtype=object), np.full(count, np.nan), np.zeros(count, dtype=np.int64)
    return ZoneSet(
        zone=np.array([str(number) for number in range(count)], dtype=object),
        version=none,
        hazard=np.full(count, theme, dtype=object),
        product=np.array(kinds, dtype=object),
        scheme=blank,
        rank=none,
        grade=blank,
        name=np.array(names, dtype=object),
        intensity=unknown,
        arrival_min=unknown,
        overburden_m=unknown,
        fault_age=blank,
        extent_id=none,
        geometry=as_array(shapes),
    )


def missing_registers(objects: ObjectSet, rulebook: RuleBook, asker: ProjectProfile) -> tuple[str, ...]:
    """The registers such a project is judged by that hold nothing: of these objects nothing is known."""
    neighbours = rulebook.neighbours
    if neighbours is None:
        return ()
    asked = neighbours.registers(asker.project_class, asker.building_type, asker.on)
    return tuple(key for key in REGISTERS if key in asked - objects.filled)


def report_neighbours(key: str, found: tuple[Finding, ...], missing: tuple[str, ...], reach_m: float) -> ThemeReport:
    """Report of the theme on one site: never mandatory, and without data where a register it reads is empty."""
    concerned = ThemeStatus.CONCERNED if found else ThemeStatus.NOT_CONCERNED
    zh, en = ("、".join(REGISTERS[one].zh for one in missing), ", ".join(REGISTERS[one].en for one in missing))
    why = (
        Bilingual(f"登记册中没有{zh}，未核", f"nothing registered: {en}; not checked") if missing else Bilingual("", "")
    )
    status = ThemeStatus.NO_DATA if missing else concerned
    return ThemeReport(key, status, 0.0 if missing else 1.0, False, found, reach_m, 1.0, why.zh, why.en)


@dataclass(frozen=True, slots=True)
class LaidBeside:
    """What lies beside the sites of one asker: objects as laid, those listed, the registers that hold nothing."""

    theme: str
    laid: Laid
    listing: HitListing
    missing: tuple[str, ...]
    reach_m: float

    def report(self, number: int) -> ThemeReport:
        """Report of the theme of neighbours on one site."""
        found = tuple(self.laid.told(one) for one in self.listing.of_site(number).get(self.theme, ()))
        return report_neighbours(self.theme, found, self.missing, self.reach_m)
