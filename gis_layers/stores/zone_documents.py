"""Documents of themes: kept, read with the edition they brought in force, and named by drafts."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from gis_layers.stores.editions import Draft
from gis_layers.tables.zone_documents import DraftDocument, ZoneDocument


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document on record; ``edition`` is the first it brought in force, None for none yet."""

    id: int
    hazard: str
    product: str
    kind: str
    title: str
    number: str
    authority: str
    level: str
    announced_on: datetime.date | None
    secrecy: str
    remark: str | None
    synthetic: bool
    version: int
    created_at: datetime.datetime
    created_by: str
    edition: int | None

    @property
    def theme(self) -> tuple[str, str]:
        """Hazard and product."""
        return self.hazard, self.product


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """Query of the documents; None means: any. ``draft`` finds those a draft names."""

    hazard: str | None = None
    product: str | None = None
    numbers: Collection[int] | None = None
    draft: int | None = None


def read_documents(session: Session, query: DocumentQuery | None = None) -> list[KeptDocument]:
    """Documents of ``query``, newest first."""
    asked, document = query or DocumentQuery(), ZoneDocument
    edition = (
        select(func.min(Draft.edition))
        .join(DraftDocument, DraftDocument.draft_id == Draft.id)
        .where(DraftDocument.document_id == document.id)
        .scalar_subquery()
    )
    statement = select(*document.__table__.columns, edition.label("edition"))
    for column, value in ((document.hazard, asked.hazard), (document.product, asked.product)):
        if value is not None:
            statement = statement.where(column == value)
    if asked.numbers is not None:
        statement = statement.where(document.id.in_(asked.numbers))
    if asked.draft is not None:
        named = select(DraftDocument.document_id).where(DraftDocument.draft_id == asked.draft)
        statement = statement.where(document.id.in_(named))
    rows = session.execute(statement.order_by(document.announced_on.desc().nulls_last(), document.id.desc()))
    return [KeptDocument(**row) for row in rows.mappings()]


def add_document(session: Session, values: Mapping[str, Any], *, by: str) -> int:
    """Add a document (columns of the table); its number."""
    statement = insert(ZoneDocument).values(**values, created_by=by)
    return session.execute(statement.returning(ZoneDocument.id)).scalar_one()


def lock_document(session: Session, number: int) -> int | None:
    """The version of a document, its row held until the transaction ends; None where there is none."""
    return session.scalar(select(ZoneDocument.version).where(ZoneDocument.id == number).with_for_update())


def change_document(session: Session, number: int, values: Mapping[str, Any]) -> None:
    """Set columns of a document; its version grows by one."""
    statement = update(ZoneDocument).where(ZoneDocument.id == number)
    session.execute(statement.values(**values, version=ZoneDocument.version + 1))


def name_documents(session: Session, draft: int, documents: Sequence[int]) -> None:
    """Let a draft rest upon these documents and no others."""
    session.execute(delete(DraftDocument).where(DraftDocument.draft_id == draft))
    if documents:
        session.execute(insert(DraftDocument), [{"draft_id": draft, "document_id": one} for one in documents])


def themes_on_record(session: Session) -> set[tuple[str, str]]:
    """The themes of which an approval is on record."""
    asked = select(ZoneDocument.hazard, ZoneDocument.product).where(ZoneDocument.kind == "approval").distinct()
    return {(hazard, product) for hazard, product in session.execute(asked)}
