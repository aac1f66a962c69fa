"""The chains that begin on one published zone, told in order: its ground, every path, who stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from app.chains.ground import read_ground
from app.judgement.inventory import describe_exposure, read_inventory
from app.judgement.page_context import page_context
from app.platform.errands import ROWS, reckon
from app.platform.errors import NotFound
from app.platform.work import Work
from gis_layers.crs import to_metric, to_storage
from gis_layers.stores.published_zones import zone_history
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


def chains_of_zone(work: Work, zone: int) -> dict[str, Any]:
    """Chains that a published zone sets off, plain values, geometry in storage CRS; NotFound where not in force.

    A hazard from which no chain begins answers an empty list of events.
    """
    versions = zone_history(work.session, zone)
    if versions.empty or versions["to_edition"].notna().iloc[-1]:
        raise NotFound(msg("没有编号为 {zone} 的现行区划", zone=zone))
    found, frame = versions.iloc[-1], page_context(work)
    rulebook, metric_crs = work.rulebook, work.settings.metric_crs
    events = rulebook.chains.begun_by(_kind(found, rulebook))
    answer = {
        "zone": {name: _plain(found[name]) for name in ("zone", "name", "hazard", "product", "grade", "grade_rank")},
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
    answer |= reckon(town.inventory.size // ROWS, begun, source, [event.key for event in events], town)
    told, counts = np.unique(town.terrain.streams.directed_by.astype(str), return_counts=True)
    answer["streams"] = {"directed_by": dict(zip(told.tolist(), counts.tolist(), strict=True))}
    return answer


def begun(source: Any, events: Sequence[str], town: Town) -> dict[str, Any]:
    """Chains from the events that begin on ``source`` (metric CRS): steps, and paths that reach nothing."""
    steps, unreached = list[dict[str, Any]](), list[list[dict[str, Any]]]()
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


def _kind(zone: Any, rulebook: RuleBook) -> ZoneKind:
    rank, scheme = _plain(zone["grade_rank"]), _plain(zone["grade_scheme"])
    score = rulebook.score(rulebook.grade(scheme, int(rank))) if rank else None
    return ZoneKind(zone["hazard"], zone["product"], score, _plain(zone["name"]) or "")


def _step(step: Step, town: Town) -> dict[str, Any]:
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


def _affected(listed: ExposureList, town: Town) -> list[dict[str, Any]]:
    residents = _residents(listed, town)
    places = to_storage(as_array([one.at for one in listed.things]), town.metric_crs)
    return [
        {
            **_thing(one),
            "geometry": place.__geo_interface__,
            **(residents[one.key] if one.register == "villages" else {}),
        }
        for one, place in zip(listed.things, places, strict=True)
    ]


def _residents(listed: ExposureList, town: Town) -> dict[str, dict[str, Any]]:
    """People on the ground by the key of their village, nobody where no dwelling stands there."""
    keys, found = town.inventory.things["villages"].key, listed.residents
    told: dict[str, dict[str, Any]] = {str(key): {"people": 0, "people_by": "dwellings"} for key in keys}
    for village, people, exact in zip(found.settlement, found.people, found.by_dwellings, strict=True):
        number = None if np.isnan(people) else round(float(people))
        told[str(keys[village])] = {"people": number, "people_by": "dwellings" if exact else "area"}
    return told


def _thing(one: ExposedThing) -> dict[str, Any]:
    return {"kind": one.register, "id": one.key, "name": one.name, "shared": round(one.shared, 1)}


def _names(path: tuple[str, ...], rulebook: RuleBook) -> list[dict[str, Any]]:
    return [_event(rulebook.chains.events[key]) for key in path]


def _event(event: Event) -> dict[str, Any]:
    return {"key": event.key, "name": event.name_zh, "name_en": event.name_en, "hazard": event.hazard}


def _link(link: Link) -> dict[str, Any]:
    spread = {name: getattr(link.spread, name) for name in link.spread.__slots__}
    backing = {name: link.backing[name] for name in ("basis", "source", "confidence")}
    return {
        "from": link.cause,
        "to": link.effect,
        "lag_min": link.lag[0],
        "lag_max": link.lag[1],
        "probability": link.probability,
        "spatial": spread,
        **backing,
        "basis_kind": str(link.backing["basis_kind"]),
    }


def _shape(ground: Any, metric_crs: str) -> dict[str, Any] | None:
    if shapely.is_empty(ground):
        return None
    thinned = shapely.simplify(ground, OUTLINE_M)
    drawn = to_storage(as_array([thinned]), metric_crs)[0]
    return dict(shapely.transform(drawn, lambda corners: np.round(corners, 6)).__geo_interface__)


def _areal(shape: Any) -> bool:
    return bool(shapely.get_dimensions(shape) == 2)


def _plain(value: Any) -> Any:
    if value is None or value != value:  # noqa: PLR0124 - NaN is what differs from itself
        return None
    return value.item() if isinstance(value, np.generic) else value
