"""Requests and answers of the routes of hidden dangers."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, get_args

from fastapi import Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic.config import JsonDict, JsonValue
from typing_extensions import TypedDict

from app.http.bbox import WindowOf
from app.http.changes import Change, Closed
from app.http.geojson_shapes import Geometry
from app.http.next_steps import NextStepAnswer
from app.http.pagination import PageOf
from app.http.request_geometry import CrsName, GivenGeometry, geojson_of
from app.http.written import ABSENT, NOT_BLANK, Filled, either
from app.platform.clock import today
from app.platform.iso import IsoMoment
from gis_layers.stores.hidden_dangers import DangerQuery
from risk_model.decisions import HIDDEN_DANGER, LifeStep, life_of
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
    responsible_person: str | None
    funds: str | None
    emergency_plan: str | None
    found_on: datetime.date
    confirmed_on: datetime.date | None
    deadline: datetime.date | None
    closed_on: datetime.date | None
    overdue_days: int
    remark: str | None
    version: int
    synthetic: bool
    geometry: Geometry


class ActAnswer(TypedDict):
    """An act on a danger, in order: a ``step`` somebody took, its ``entry`` with its past elsewhere, or a ``notice``.

    ``state`` is where it stood afterwards, ``content`` what came with the act.
    """

    kind: str
    step: str | None
    state: DangerState
    by: str
    at: IsoMoment
    comment: str | None
    content: dict[str, str]


class WholeDanger(DangerItem):
    """A hidden danger with every act on it, and every step that leads on from its state."""

    acts: list[ActAnswer]
    next_steps: list[NextStepAnswer]


CONFIRMED: JsonDict = {
    "required": ["state", "confirmed_on"],
    "properties": {"state": {"const": "confirmed"}, "confirmed_on": {"type": "string"}},
}


class Particulars(Closed):
    """What is on record of a danger besides its state, where it is and by which clause, what must be settled."""

    place: str | None = Field(None, max_length=300)
    village_code: str | None = Field(None, max_length=100)
    supervision: Supervision | None = None
    criteria: str | None = Field(None, max_length=200)
    clause: str | None = Field(None, max_length=1000)
    measures: str | None = Field(None, max_length=1000)
    responsible_person: str | None = Field(None, max_length=100)
    funds: str | None = Field(None, max_length=200)
    deadline: datetime.date | None = None
    emergency_plan: str | None = Field(None, max_length=300)
    remark: str | None = Field(None, max_length=1000)
    geometry: Annotated[GivenGeometry, geojson_of("Point")] | None = None
    crs: CrsName = None


class DangerChange(Particulars, Change):
    """Changes to a danger that has not ended; what is not given stays, null empties what may be unknown.

    Its state changes by steps alone, and so does a deadline that runs.
    """

    never_empty = frozenset(["supervision"])


def _asked_of(step: LifeStep) -> JsonDict:
    text: JsonDict = {"type": "string"}
    asked: dict[str, JsonValue] = dict.fromkeys(step.asks, text)
    return {"required": ["step", *step.asks], "properties": {"step": {"const": step.key}, **asked}}


STEPS = tuple(step for step in life_of(HIDDEN_DANGER).steps.values() if step.leaves)


class StepTaken(BaseModel):
    """A step to be taken, with what it asks for (``asks`` of ``next_steps``); ``photo`` says where the evidence is kept."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, json_schema_extra={"anyOf": [_asked_of(step) for step in STEPS]}
    )

    step: str = Field(json_schema_extra={"enum": [step.key for step in STEPS]})
    comment: Filled | None = None
    criteria: Filled | None = None
    clause: Filled | None = None
    confirmed_on: datetime.date | None = None
    deadline: datetime.date | None = None
    photo: Filled | None = None
    place: Filled | None = None
    moment: AwareDatetime | None = None
    closed_on: datetime.date | None = None

    @field_validator("step")
    @classmethod
    def _known(cls, step: str) -> str:
        if step not in {one.key for one in STEPS}:
            raise ValueError(msg("应为其中之一：{expected}", expected=[one.key for one in STEPS]))
        return step

    def brought(self) -> dict[str, Any]:
        """What comes with the step."""
        return self.model_dump(exclude={"step"})


class NewDanger(Particulars):
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
    state: FirstState = "registered"
    channel: Channel
    supervision: Supervision = "none"
    found_on: datetime.date
    confirmed_on: datetime.date | None = None

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
