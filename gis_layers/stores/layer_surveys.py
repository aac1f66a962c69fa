"""Facts of surveyed layers by id: how each was surveyed, and what it states of itself."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables.surveys import SurveyedLayer


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """How a zone or a layer was surveyed, and what its layer states of itself; None where nobody said."""

    survey_date: datetime.date | None
    scale: int | None
    source: str | None
    office: str | None
    valid_until: datetime.date | None
    max_age_days: int | None


@dataclass(frozen=True, slots=True)
class LayerSurvey:
    """Survey of a layer of one hazard and product."""

    hazard: str
    product: str
    facts: SurveyFacts


def read_layer_surveys(session: Session, layers: Collection[int]) -> dict[int, LayerSurvey]:
    """The facts of ``layers``; what is not there is left out."""
    layer = SurveyedLayer
    columns = [layer.id, layer.hazard, layer.product, *(getattr(layer, one.name) for one in fields(SurveyFacts))]
    rows = session.execute(select(*columns).where(layer.id.in_(layers)))
    return {row[0]: LayerSurvey(row[1], row[2], SurveyFacts(*row[3:])) for row in rows.tuples()}
