"""Requests and answers of the routes of hidden dangers."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, get_args

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from app.http.bbox import WindowOf
from app.http.geojson_shapes import Geometry
from app.http.next_steps import NextStepAnswer
from app.http.pagination import PageOf
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import ABSENT, NOT_BLANK, either
from app.platform.clock import today
from gis_layers.stores.hidden_dangers import DangerQuery
from risk_model.message import msg
from risk_model.vocabulary import DangerState

Channel = Literal["self", "department", "report", "platform", "internal", "superior"]
Supervision = Literal["none", "town", "county", "city", "province"]
FirstState = Literal["registered", "verifying", "confirmed"]


def asked(
    page: PageOf,
    window: WindowOf,
    state: DangerState | None = None,
    enterprise: Annotated[int | None, Query(description="the id of an enterprise")] = None,
    village: Annotated[str | None, Query(description="a village code")] = None,
    open: Annotated[bool | None, Query(description="whether it has not ended")] = None,  # noqa: A002
    overdue: Annotated[bool, Query(description="only those in hand and past their deadline")] = False,
) -> DangerQuery:
    """Query of the dangers a request asks for."""
    return DangerQuery(state, enterprise, village, open, today() if overdue else None, window, page.limit, page.offset)


DangerParameters = Annotated[DangerQuery, Depends(asked)]


class DangerItem(BaseModel):
    """A hidden danger; ``level`` is null until it was verified, ``overdue_days`` 0 while it is not overdue."""

    id: int
    code: str
    enterprise_id: int | None
    enterprise: str | None
    place: str | None
    village_code: str | None
    village: str | None
    sector: str | None
    state: DangerState
    channel: Channel
    level: Literal["major", "general"] | None
    supervision: Supervision
    criteria: str | None
    clause: str | None
    measures: str | None
    found_on: datetime.date
    confirmed_on: datetime.date | None
    deadline: datetime.date | None
    closed_on: datetime.date | None
    overdue_days: int
    remark: str | None
    version: int
    synthetic: bool
    geometry: Geometry


class WholeDanger(DangerItem):
    """A hidden danger with every step that leads on from its state.

    ``acts`` are missing where the register does not know who did what before, so that nobody can be said to be excluded.
    """

    next_steps: list[NextStepAnswer]


CONFIRMED: JsonDict = {
    "required": ["state", "confirmed_on"],
    "properties": {"state": {"const": "confirmed"}, "confirmed_on": {"type": "string"}},
}


class NewDanger(BaseModel):
    """A danger to be registered, where it is or in which enterprise; confirmed at once only with the day of that."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        json_schema_extra={
            "allOf": [
                either({"geometry": {"type": "object"}}, {"enterprise_id": {"type": "integer"}}, word="anyOf"),
                {
                    "oneOf": [
                        CONFIRMED,
                        {
                            "properties": {
                                "state": {"enum": [state for state in get_args(FirstState) if state != "confirmed"]},
                                "confirmed_on": ABSENT,
                            }
                        },
                    ]
                },
            ]
        },
    )

    code: str | None = Field(None, min_length=1, max_length=100, json_schema_extra=NOT_BLANK)
    enterprise_id: int | None = None
    place: str | None = Field(None, max_length=300)
    village_code: str | None = Field(None, max_length=100)
    state: FirstState = "registered"
    channel: Channel
    supervision: Supervision = "none"
    criteria: str | None = Field(None, max_length=200)
    clause: str | None = Field(None, max_length=1000)
    found_on: datetime.date
    confirmed_on: datetime.date | None = None
    deadline: datetime.date | None = None
    remark: str | None = Field(None, max_length=1000)
    geometry: Annotated[GivenGeometry, geojson_of("Point")] | None = None
    crs: CrsName = None

    @model_validator(mode="after")
    def belongs_together(self) -> NewDanger:
        """It is somewhere, and the day on which it was confirmed goes with its being confirmed."""
        if self.geometry is None and self.enterprise_id is None:
            raise ValueError(msg("请给出隐患的位置，或它所在的企业"))
        if self.state == "confirmed" and self.confirmed_on is None:
            raise ValueError(msg("已确认为重大隐患，但没有确认日期"))
        if self.state != "confirmed" and self.confirmed_on is not None:
            raise ValueError(msg("还没有确认，却有确认日期"))
        return self
