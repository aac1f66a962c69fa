"""The chains that begin on one published zone, told in order: its ground, every path, who stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.chains.ground import read_ground
from app.chains.schemas import AffectedAnswer, BegunChains, ChainsAnswer, EventAnswer, LinkAnswer, StepAnswer
from app.http.geojson_shapes import Geometry, geometry_of
from app.judgement.inventory import describe_exposure, read_inventory
from app.judgement.page_context import page_context
from app.platform.errands import ROWS, reckon
from app.platform.errors import NotFound
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.stores.published_zones import ZoneInForce, find_zone
from risk_model.chains import ChainGround, Step, trace_chains
from risk_model.exposure import ExposedThing, ExposureList, Inventory, list_exposed
from risk_model.message import msg
from risk_model.rulebook import Event, Link, RuleBook, ZoneKind
from risk_model.rulebook.chains import AFFECTED
from risk_model.shapes import as_array

DISCLAIMER = "灾害链推演用于提示，不是预报；时距与范围为规则库中的默认值，不替代法定评估"
OUTLINE_M = 5.0
"""What is drawn is thinned to this; what is counted is not."""


@dataclass(frozen=True, slots=True)
class Town:
    """Everything one answer is made from, in the metric CRS."""

    rulebook: RuleBook
    metric_crs: str
    terrain: ChainGround
    inventory: Inventory


def chains_of_zone(work: Work, zone: int) -> ChainsAnswer:
    """Chains that a published zone sets off, plain values, geometry in storage CRS; NotFound where not in force.

    A hazard from which no chain begins answers an empty list of events.
    """
    found, frame = find_zone(work.session, zone), page_context(work)
    if found is None or frame["edition"] is None:
        raise NotFound(msg("没有编号为 {zone} 的现行区划", zone=zone))
    rulebook, metric_crs = work.rulebook, work.settings.metric_crs
    events = rulebook.chains.begun_by(_kind(found, rulebook))
    answer: ChainsAnswer = {
        "zone": {
            "zone": str(found.zone),
            "name": found.name,
            "hazard": found.hazard,
            "product": found.product,
            "grade": found.grade,
            "grade_rank": found.grade_rank,
        },
        "events": [_event(event) for event in events],
        "depth": rulebook.chains.depth,
        "counts_in_grades": rulebook.chains.counts,
        "steps": [],
        "not_reached": [],
        "streams": None,
        "edition": frame["edition"],
        "rulebook": frame["rulebook"],
        "data_date": frame["data_date"],
        "disclaimer": DISCLAIMER,
    }
    if not events:
        return answer
    edition = frame["edition"]
    assert edition is not None, "a zone is published with an edition"
    town = _read_town(work, edition["number"])
    source = shapely.buffer(
        to_metric(as_array([found.geometry]), metric_crs)[0], 0.0 if _areal(found.geometry) else 1.0
    )
    reached: BegunChains = reckon(town.inventory.size // ROWS, begun, source, [event.key for event in events], town)
    answer["steps"], answer["not_reached"] = reached["steps"], reached["not_reached"]
    told, counts = np.unique(town.terrain.streams.directed_by.astype(str), return_counts=True)
    answer["streams"] = {"directed_by": dict(zip(told.tolist(), counts.tolist(), strict=True))}
    return answer


def begun(source: BaseGeometry, events: Sequence[str], town: Town) -> BegunChains:
    """Chains from the events that begin on ``source`` (metric CRS): steps, and paths that reach nothing."""
    steps: list[StepAnswer] = []
    unreached: list[list[EventAnswer]] = []
    for event in events:
        traced = trace_chains(source, event, town.rulebook.chains, town.terrain)
        steps += [_step(step, town) for step in traced.steps]
        unreached += [_names(path, town.rulebook) for path in traced.unreached]
    return {"steps": steps, "not_reached": unreached}


def _read_town(work: Work, edition: int) -> Town:
    rulebook, metric_crs = work.rulebook, work.settings.metric_crs
    inventory = read_inventory(work, AFFECTED)
    streams, fields = read_ground(work, edition)
    terrain = ChainGround(streams, fields, {word: some.geometry for word, some in inventory.things.items()})
    return Town(rulebook, metric_crs, terrain, inventory)


def _kind(zone: ZoneInForce, rulebook: RuleBook) -> ZoneKind:
    graded = rulebook.grade(zone.grade_scheme, zone.grade_rank) if zone.grade_scheme and zone.grade_rank else None
    return ZoneKind(zone.hazard, zone.product, rulebook.score(graded) if graded else None, zone.name or "")


def _step(step: Step, town: Town) -> StepAnswer:
    event = town.rulebook.chains.events[step.event]
    on_ground, on_unknown = (
        list_exposed(shape, town.inventory, event.affects) for shape in (step.ground, step.unknown)
    )
    return {
        "id": ">".join(step.path),
        "event": _event(event),
        "path": _names(step.path, town.rulebook),
        "links": [_link(link) for link in step.links],
        "lag_min": step.lag[0],
        "lag_max": step.lag[1],
        "probability": step.probability,
        "ground": _shape(step.ground, town.metric_crs),
        "area_m2": float(shapely.area(step.ground)),
        "unknown": _shape(step.unknown, town.metric_crs),
        "unknown_m2": float(shapely.area(step.unknown)),
        "affected": _affected(on_ground, town),
        "exposed": describe_exposure(on_ground.exposure),
        "perhaps_affected": _affected(on_unknown, town),
        "perhaps_exposed": describe_exposure(on_unknown.exposure),
    }


def _affected(listed: ExposureList, town: Town) -> list[AffectedAnswer]:
    residents = _residents(listed, town)
    places = to_storage(as_array([one.at for one in listed.things]), town.metric_crs)
    return [
        _thing(one, place, residents[one.key] if one.register == "villages" else None)
        for one, place in zip(listed.things, places, strict=True)
    ]


def _residents(listed: ExposureList, town: Town) -> dict[str, tuple[int | None, str]]:
    """People on the ground by the key of their village, nobody where no dwelling stands there."""
    keys, found = town.inventory.things["villages"].key, listed.residents
    told: dict[str, tuple[int | None, str]] = {str(key): (0, "dwellings") for key in keys}
    for village, people, exact in zip(found.settlement, found.people, found.by_dwellings, strict=True):
        number = None if np.isnan(people) else round(float(people))
        told[str(keys[village])] = (number, "dwellings" if exact else "area")
    return told


def _thing(one: ExposedThing, place: BaseGeometry, residents: tuple[int | None, str] | None) -> AffectedAnswer:
    told: AffectedAnswer = {
        "kind": one.register,
        "id": one.key,
        "name": one.name,
        "shared": round(one.shared, 1),
        "geometry": geometry_of(place),
    }
    if residents is not None:
        told["people"], told["people_by"] = residents
    return told


def _names(path: tuple[str, ...], rulebook: RuleBook) -> list[EventAnswer]:
    return [_event(rulebook.chains.events[key]) for key in path]


def _event(event: Event) -> EventAnswer:
    return {"key": event.key, "name": event.name_zh, "name_en": event.name_en, "hazard": event.hazard}


def _link(link: Link) -> LinkAnswer:
    spread, backing = link.spread, link.backing
    return {
        "from": link.cause,
        "to": link.effect,
        "lag_min": link.lag[0],
        "lag_max": link.lag[1],
        "probability": link.probability,
        "spatial": {
            "rule": spread.rule,
            "reach_m": spread.reach_m,
            "width_m": spread.width_m,
            "kinds": list(spread.kinds),
            "bearing_deg": spread.bearing_deg,
            "spread_deg": spread.spread_deg,
        },
        "basis": backing["basis"],
        "source": backing["source"],
        "confidence": backing["confidence"],
        "basis_kind": str(backing["basis_kind"]),
    }


def _shape(ground: BaseGeometry, metric_crs: str) -> Geometry | None:
    if shapely.is_empty(ground):
        return None
    thinned = shapely.simplify(ground, OUTLINE_M)
    drawn = to_storage(as_array([thinned]), metric_crs)[0]
    return geometry_of(shapely.transform(drawn, lambda corners: np.round(corners, 6)))


def _areal(shape: BaseGeometry) -> bool:
    return bool(shapely.get_dimensions(shape) == 2)
