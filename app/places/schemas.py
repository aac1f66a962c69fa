"""Answers of the gazetteer, and the form of a new alias."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.http.geojson_shapes import Geometry

Kind = Literal[
    "village", "group", "station", "shelter", "facility", "enterprise", "project", "water", "road", "stake", "coordinates",
]  # fmt: skip
Matched = Literal["name", "prefix", "pinyin", "initials", "contains", "alias", "stake", "road", "coordinates"]
NO_NUL = "^[^\x00]+$"
"""No text of the database can hold a NUL."""


class PlaceAnswer(BaseModel):
    """One candidate; ``detail`` tells places of one name apart, ``id`` names it for good.

    ``matched`` says how it was found and ``matched_text`` which of its names did. A stake asked for that cannot be placed
    answers its road with ``matched`` = ``road`` and the reason in ``detail``.
    """

    id: str = Field(examples=["village:620724102207"])
    kind: Kind
    name: str
    matched: Matched
    matched_text: str
    lon: float
    lat: float
    bbox: tuple[float, float, float, float] = Field(description="west, south, east, north")
    village: str | None
    owner: str
    owner_id: int | None = Field(description="id in its own register, where it has one")
    detail: str
    nameable: bool = Field(description="whether it can be given an alias: it is a place of the gazetteer")
    geometry: Geometry = Field(description="GeoJSON Point")


class NewAlias(BaseModel):
    """``name`` is a place's name or, where several are called so, its id; ``alias`` at most 100 letters."""

    name: str = Field(min_length=1, max_length=200, pattern=NO_NUL, examples=["小海子村", "village:620724102207"])
    alias: str = Field(max_length=4000, examples=["海子湾"])


class AliasAnswer(BaseModel):
    """A name people use for a place; ``name`` is null where the place is no longer in its register."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    alias: str
    place: str
    name: str | None
    created_by: str | None
    created_at: datetime.datetime
