"""The check of one site as a request orders it: judged once, and of whoever is signed in recorded under one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from app.http.dependencies import ended_here
from app.judgement.logbook import grounds_of, maker_of, record_single
from app.judgement.screening import CheckedSite, check_site
from app.platform.allowance import Allowance
from app.platform.clock import today
from app.platform.principals import Principal
from app.platform.work import Work
from app.siting.alternative_schemas import AlternativesAsked
from app.siting.alternatives import places_beside
from app.siting.answered import answer_of
from app.siting.schemas import SiteFeature
from app.siting.service import read_site, refuse_declaration


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged site: its check, the answer as JSON, and the record; None for a guest's."""

    checked: CheckedSite
    content: bytes
    record: dict[str, str] | None

    @property
    def answer(self) -> dict[str, Any]:
        """The answer in plain values, with its record."""
        return {**orjson.loads(self.content), "record": self.record}

    @property
    def document(self) -> bytes:
        """The answer as JSON, with its record."""
        return self.content[:-1] + b',"record":' + orjson.dumps(self.record) + b"}"


def judge(
    work: Work,
    *,
    feature: SiteFeature,
    principal: Principal,
    asked: Any,
    allowed: Allowance,
    places: AlternativesAsked | None = None,
) -> Judged:
    """Judge the site of ``feature`` against the published edition; ``asked`` is the document as it was sent.

    The check of whoever is signed in gets a number and is kept, and the transaction so far is committed; of a guest's
    nothing is stored. With ``places`` the answer keeps the places to compare with that they ask for.
    """
    refuse_declaration(feature.properties, work.likely_rulebook().terms)
    site, repaired = read_site(feature, work.settings.metric_crs, allowed)
    checked = check_site(work, site, on=today(), repaired=repaired, reckoner=allowed.reckon, by_class=True)
    answer = answer_of(work, checked, feature.properties)
    if places is not None:
        answer["alternatives"] = places_beside(work, places, checked, allowed)
    content, record = orjson.dumps(answer), None
    if not principal.is_guest:
        with ended_here(work.session):
            # The digest on record is of the answer without the record itself.
            record = record_single(work.session, maker_of(principal), asked, orjson.loads(content), grounds_of(checked))
    return Judged(checked, content, record)
