"""Places to compare with, asked for again where a check on record asked for them."""

from __future__ import annotations

import orjson
from sqlalchemy.orm import Session

from app.judgement.logbook import find_answer
from app.platform.errors import NotFound
from app.siting.alternative_schemas import AlternativesAsked
from gis_layers.stores.checks import Check


def places_asked(session: Session, check: Check) -> AlternativesAsked | None:
    """What a check on record asked of places to compare with; None where its answer holds none, or is not kept."""
    try:
        answer = find_answer(session, check)
    except NotFound:
        return None
    if "alternatives" not in answer or check.input is None:
        return None
    return AlternativesAsked.model_validate(orjson.loads(check.input))
