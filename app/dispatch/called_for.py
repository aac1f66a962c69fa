"""What an incident calls for: its place by what is on record there, the time, its rescue level, and the run card of all these."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import shapely

from app.dispatch.schemas import CardAnswer, IncidentPlaceAnswer, NearestQuery
from app.platform.clock import CHINA
from app.platform.errors import Refused
from app.platform.work import Work
from gis_layers.crs import to_metric
from gis_layers.stores.assignments import read_assigned
from gis_layers.stores.incident_places import NearThing, nearest_of_each
from risk_model.dispatch import ENDED, NOTHING_CALLED_FOR, RunCard, run_card
from risk_model.incidents import IncidentPlace, RescueLevel, TimeOfDay
from risk_model.message import msg
from risk_model.rulebook import RunCardRule
from risk_model.shapes import as_array

NIGHT = "night"
"""The driving condition that says it is night, whatever the clock says."""


@dataclass(frozen=True, slots=True)
class CalledForHere:
    """What is called for at a place and a time; ``rule`` and ``level`` are None where no kind of incident is told.

    ``whole`` is the card, ``sent`` what of it the incident has, ``card`` what is still called for.
    """

    whole: RunCard
    sent: Mapping[str, int]
    rule: RunCardRule | None
    level: RescueLevel | None
    place: IncidentPlace | None
    near: NearThing | None
    time: TimeOfDay

    @property
    def card(self) -> RunCard:
        """What is called for beyond what was sent."""
        return self.whole.without(self.sent)

    def tell_place(self) -> IncidentPlaceAnswer | None:
        """The place as answers tell it."""
        if self.place is None or self.near is None:
            return None
        return {"kind": self.place.value, "name": self.near.name, "away_m": round(self.near.away_m, 1)}

    def tell_card(self) -> CardAnswer | None:
        """The card as answers tell it."""
        if self.rule is None:
            return None
        return {
            "key": self.rule.key,
            "places": sorted(one.value for one in self.rule.places),
            "times": sorted(one.value for one in self.rule.times),
            "ordinary_level": self.rule.ordinary.value,
            "basis": self.rule.basis,
            "basis_en": self.rule.basis_en,
            "basis_kind": self.rule.basis_kind.value,
            "source": self.rule.source,
            "source_en": self.rule.source_en,
        }


def called_for(work: Work, asked: NearestQuery, at: datetime.datetime) -> CalledForHere:
    """What the incident that is asked about calls for at a moment. Raises Refused where the rules in force hold no run cards."""
    cards = work.rulebook.run_cards
    if cards is None:
        raise Refused(msg("现行规则库没有力量调派方案；请由管理员重新启动服务，以发布新版规则"), code="unready")
    crs = work.settings.metric_crs
    (where,) = to_metric(as_array([shapely.Point(asked.lon, asked.lat)]), crs)
    near = nearest_of_each(work.session, where, cards.reach_m, cards.road_classes, metric_crs=crs)
    place = cards.place({one: thing.away_m for one, thing in near.items()})
    time = TimeOfDay.NIGHT if asked.condition == NIGHT else cards.time(at.astimezone(CHINA).hour)
    here = None if place is None else near[place]
    if asked.incident is None:
        return CalledForHere(NOTHING_CALLED_FOR, {}, None, None, place, here, time)
    rule = cards.rule(asked.incident, place, time)
    level = rule.ordinary if asked.level is None else RescueLevel(asked.level)
    whole = run_card(rule, level)
    return CalledForHere(whole, _sent(work, asked.case, whole), rule, level, place, here, time)


def _sent(work: Work, incident: int | None, card: RunCard) -> dict[str, int]:
    """Forces with each capability of the card that an incident has, no more than the card calls for."""
    assigned = [] if incident is None else read_assigned(work.session, [incident])
    there = [one.capabilities for one in assigned if one.assignment.state not in ENDED]
    counts = {word: sum(word in can for can in there) for word in card.needs}
    return {word: min(count, card.needs[word]) for word, count in counts.items() if count}
