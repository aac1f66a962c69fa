"""Shapes of the order and the result of an import: its preview, and its loading."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from app.platform.iso import IsoDay
from gis_layers.exchange import Secrecy, WrittenRepair, WrittenReport


class HandoverOrder(TypedDict):
    """What is told of a file beside it."""

    provider: str | None
    document_number: str | None
    handed_over_by: str | None
    received_on: IsoDay | None
    secrecy: Secrecy | None


class PreviewOrder(TypedDict):
    """A file as the officer describes it; ``ground`` is the file of surveyed ground that came with it."""

    layer: str
    file: str
    part: str | None
    crs: str | None
    encoding: str | None
    fields: dict[str, str]
    hazard: str | None
    product: str | None
    grade_field: str | None
    grade: str | None
    grade_scheme: str | None
    kind: str | None
    extent: Literal["zones", "boundary", "file"]
    ground: str | None
    source: str | None
    survey_date: IsoDay | None
    scale: int | None
    office: NotRequired[str | None]
    valid_until: NotRequired[IsoDay | None]
    max_age_days: NotRequired[int | None]
    replaces: bool
    handover: HandoverOrder


class OfferedRepair(WrittenRepair):
    """A repair somebody may accept; ``loads`` says that its feature is loaded then, else ``still`` why it is not."""

    loads: bool
    still: str | None


class PreviewResult(TypedDict):
    """What an import would come to, and the digest to accept it by."""

    digest: str
    report: WrittenReport
    repairs: list[OfferedRepair]
    refused: list[int]
    shown: int
    state: str


class LoadOrder(TypedDict):
    """The preview that was accepted, and which of its repairs."""

    preview: int
    digest: str
    repairs: list[int]
    layer: str
    file: str


class LoadResult(TypedDict):
    """The gate's report of what was loaded."""

    report: WrittenReport
    preview: int
