"""Requests and answers about whose ground a theme is: its documents, its layers, and what a draft rests upon."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from app.http.changes import Change, Closed
from app.http.written import NOT_BLANK, code_in, codes_of
from app.platform.iso import IsoMoment
from gis_layers.plain_text import LARGEST_WHOLE
from risk_model.editing.authority import DocumentKind, DraftStanding, GovernmentLevel, GroundKind, GroundStanding
from risk_model.vocabulary import Product

MOST_DOCUMENTS = 50
"""Documents one draft may rest upon."""

Secrecy = Annotated[str, AfterValidator(code_in("secrecy")), Field(json_schema_extra=codes_of("secrecy"))]
Words = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=NOT_BLANK)]


class DocumentChange(Change):
    """Changes to a document that has brought nothing in force yet; what is not given stays, null empties what may be unknown."""

    never_empty = frozenset(["kind", "title", "number", "authority", "level", "secrecy"])

    kind: DocumentKind | None = None
    title: Words | None = None
    number: Words | None = None
    authority: Words | None = None
    level: GovernmentLevel | None = None
    announced_on: datetime.date | None = None
    secrecy: Secrecy | None = None
    remark: str | None = Field(None, max_length=1000)


class NewDocument(DocumentChange):
    """A document to be registered: of which theme, by which authority (机关), its number (文号) and secrecy (密级)."""

    hazard: Annotated[str, Field(max_length=100)]
    product: Product
    kind: DocumentKind
    title: Words
    number: Words
    authority: Words
    level: GovernmentLevel
    secrecy: Secrecy


class DocumentItem(TypedDict):
    """A document; ``announced_on`` is null where no notice is known, ``edition`` the first it brought in force."""

    id: int
    hazard: str
    product: str
    kind: DocumentKind
    title: str
    number: str
    authority: str
    level: GovernmentLevel
    announced_on: datetime.date | None
    secrecy: str
    remark: str | None
    synthetic: bool
    version: int
    created_at: IsoMoment
    created_by: str
    edition: int | None


class LayerItem(TypedDict):
    """A layer in force: where it comes from, how long it holds, whose ground it is, by which documents.

    ``levels`` of government change it, ``announced`` says whether by public notice, ``basis`` why; empty where the township may.
    """

    id: int
    hazard: str
    product: str
    name: str
    source: str | None
    survey_date: datetime.date | None
    scale: int | None
    extent_kind: str
    office: str | None
    valid_until: datetime.date | None
    max_age_days: int | None
    from_edition: int
    ground: GroundKind
    levels: list[GovernmentLevel]
    announced: bool
    basis: str
    documents: list[DocumentItem]


class LoosenedGround(TypedDict):
    """Ground of a zone in force that a draft leaves milder or free: m², of a line m; ``place`` is a point of it."""

    zone: str
    size: float
    place: list[float]


class NamedDocument(TypedDict):
    """A document a draft rests upon; ``objection`` says why it does not carry the change, null where it does."""

    document: DocumentItem
    objection: str | None


class ThemeStandingAnswer(TypedDict):
    """How a draft's edits of one theme stand; ``why`` says what is missing where they cannot be put in force."""

    hazard: str
    hazard_name: str
    product: str
    ground: GroundKind
    standing: GroundStanding
    name: str
    in_force: bool
    why: str | None
    documents: list[NamedDocument]
    loosened: list[LoosenedGround]


class DraftStandingAnswer(TypedDict):
    """How a draft stands to the authorities whose ground it changes: what it calls itself, and each theme."""

    standing: DraftStanding
    documents: list[int]
    themes: list[ThemeStandingAnswer]


class StandingChange(Closed):
    """What a draft calls itself, and every document it rests upon; what is not given stays."""

    standing: DraftStanding | None = None
    documents: Annotated[
        list[Annotated[int, Field(ge=1, le=LARGEST_WHOLE)]] | None, Field(max_length=MOST_DOCUMENTS)
    ] = None
