"""Facts of surveyed layers by id: how each was surveyed, and what it states of itself."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.tables.surveys import SurveyedLayer


@dataclass(frozen=True, slots=True)
class LayerSurvey:
    """Survey of a layer of one hazard and product, and what the layer states of itself; None where nobody said."""

    hazard: str
    product: str
    survey_date: datetime.date | None
    scale: int | None
    source: str | None
    office: str | None
    valid_until: datetime.date | None
    max_age_days: int | None


def read_layer_surveys(session: Session, layers: Collection[int]) -> dict[int, LayerSurvey]:
    """The facts of ``layers``; what is not there is left out."""
    columns = [getattr(SurveyedLayer, one.name) for one in fields(LayerSurvey)]
    rows = session.execute(select(SurveyedLayer.id, *columns).where(SurveyedLayer.id.in_(layers)))
    return {row[0]: LayerSurvey(*row[1:]) for row in rows.tuples()}
