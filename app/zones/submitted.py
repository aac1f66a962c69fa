"""A draft as it was submitted: its changes, impact and problems, kept so that what was approved can be read for good.

While a draft is edited all of it is reckoned anew; from its submission on what was kept then is told, and nothing else is.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, cast

from typing_extensions import TypedDict

from app.platform.clock import CHINA
from app.platform.errors import NotFound
from app.platform.work import Work
from app.zones import drafts
from app.zones.draft_schemas import ProblemItem, ZoneChange
from app.zones.impact import impact_of
from app.zones.impact_schemas import DraftImpact
from app.zones.impact_words import NO_ZONE, UNGRADED
from app.zones.problems import find_problems
from app.zones.themes import edited_zones
from gis_layers.stores import draft_impacts, draft_zones, editions
from gis_layers.stores.draft_impacts import KeptImpact
from gis_layers.stores.draft_zones import DELETE, SeenZone
from gis_layers.stores.editions import Draft
from risk_model.message import as_plain, from_plain, msg


class SubmittedChange(TypedDict):
    """What a draft does to one zone, areas in m² of the metric CRS; ``before`` and ``after`` are grades in words."""

    zone: str
    change: ZoneChange
    name: str | None
    hazard: str
    before: str
    after: str
    before_m2: float
    after_m2: float


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a draft does, what comes of it, what is wrong with it; ``digest`` names the content all of it is of."""

    digest: str
    changes: list[SubmittedChange]
    impact: DraftImpact
    problems: list[ProblemItem]


def keep_submitted(work: Work, draft: Draft, problems: list[ProblemItem], now: datetime.datetime) -> None:
    """Keep what a draft is submitted with, against the edition in force."""
    told = _reckoned(work, draft, now.astimezone(CHINA).date(), problems)
    impact: dict[str, Any] = {**told.impact}
    against = impact["against"]
    content = {"changes": told.changes, "impact": impact, "problems": told.problems}
    draft_impacts.keep_impact(work.session, draft.id, KeptImpact(told.digest, against, as_plain(content), now))


def is_kept(work: Work, draft: Draft) -> bool:
    """Whether what stands in a draft was submitted and is kept."""
    return _kept(work, draft) is not None


def submitted_of(work: Work, draft: Draft, on: datetime.date) -> Submitted:
    """What was submitted, or stands in a draft that is edited. NotFound of one put in force that nobody ever submitted."""
    kept = _kept(work, draft)
    return _reckoned(work, draft, on, find_problems(work, draft)) if kept is None else _told(work, kept)


def impact_told(work: Work, draft: Draft, on: datetime.date, *, anew: bool = False) -> DraftImpact:
    """The impact a draft was submitted with, or that of a draft that is edited; ``anew`` against what is in force now.

    NotFound of one put in force that nobody ever submitted.
    """
    kept = _kept(work, draft)
    if kept is None or (anew and draft.edition is None):
        return impact_of(work, draft, on)
    return _told(work, kept).impact


def _kept(work: Work, draft: Draft) -> KeptImpact | None:
    found = draft_impacts.last_impact(work.session, draft.id)
    if draft.edition is not None:
        if found is None:
            raise NotFound(
                msg(
                    "第 {number} 号草稿未经提交就已启用（导入或恢复），没有留存影响；改动见 /zones/compare",
                    number=draft.id,
                )
            )
        return found
    is_edited = drafts.decision_on(work.session, draft).state in drafts.DRAFTS.life.steps["submit"].leaves
    if found is None or is_edited or found.digest != drafts.digest_of(work.session, draft):
        return None
    return found


def _told(work: Work, kept: KeptImpact) -> Submitted:
    content = from_plain(kept.content)
    impact = cast("DraftImpact", content["impact"])
    in_force = editions.following_number(work.session) - 1 or None
    impact = {**impact, "kept_at": kept.kept_at.isoformat(), "in_force": in_force}
    return Submitted(kept.digest, content["changes"], impact, content["problems"])


def _reckoned(work: Work, draft: Draft, on: datetime.date, problems: list[ProblemItem]) -> Submitted:
    digest = drafts.digest_of(work.session, draft)
    return Submitted(digest, _changes(work, draft), impact_of(work, draft, on), problems)


def _changes(work: Work, draft: Draft) -> list[SubmittedChange]:
    after = draft_zones.read_proposals(work.session, draft.id)
    before = draft_zones.read_in_force(work.session, list(after))
    metric_crs = work.settings.metric_crs
    old, new = ({zone: one.area_m2 for zone, one in edited_zones(some, metric_crs).items()} for some in (before, after))
    return [
        {
            "zone": str(zone),
            "change": cast("ZoneChange", one.change or "update"),
            "name": one.attributes["name"],
            "hazard": one.attributes["hazard"],
            "before": _grade(before.get(zone)),
            "after": _grade(None if one.change == DELETE else one),
            "before_m2": old.get(zone, 0.0),
            "after_m2": 0.0 if one.change == DELETE else new[zone],
        }
        for zone, one in after.items()
    ]


def _grade(one: SeenZone | None) -> str:
    return NO_ZONE if one is None else one.attributes["grade"] or UNGRADED
