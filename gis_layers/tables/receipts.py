"""The list of what was received: one row a file that was loaded, never changed, never deleted (triggers see to it)."""

from __future__ import annotations

import datetime

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, Id, code_of


class Receipt(Base):
    """A file that was received and loaded, wholly or in part: what it is, who gave it, what became of its features.

    ``layers`` are what it was loaded as (``zones/flood``, ``enterprises``, ``constraints/farmland``; one file may hold
    several), ``detail`` what of that (a product, the name of a set). What nobody told is null. ``draft_id``: the draft
    its zones wait in or went through.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="digest_is_sha256"),
        CheckConstraint("declared = loaded + refused AND loaded > 0 AND refused >= 0", name="counted"),
        CheckConstraint("file_size >= 0", name="size_counted"),
        code_of("secrecy", "secrecy"),
        CheckConstraint("btrim(provider) <> ''", name="provider_named"),
        CheckConstraint("cardinality(layers) > 0", name="loaded_as_something"),
    )

    id: Mapped[Id]
    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    layers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    detail: Mapped[str | None]
    file_name: Mapped[str]
    file_size: Mapped[int]
    sha256: Mapped[str]
    declared: Mapped[int]
    loaded: Mapped[int]
    refused: Mapped[int]
    provider: Mapped[str | None]
    document_number: Mapped[str | None]
    handed_over_by: Mapped[str | None]
    received_on: Mapped[datetime.date]
    secrecy: Mapped[str | None]
    imported_by: Mapped[str]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
