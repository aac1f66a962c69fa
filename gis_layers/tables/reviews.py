"""Joint reviews of sites: what is reviewed at which gate, whom it asks, what they said, which conditions it makes."""

from __future__ import annotations

import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, SmallInteger, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, Moment, code_of, geometry_type


class SitingReview(Base):
    """Joint review of a site at one gate, numbered within year and office; how it stands is its decision's.

    ``check_number`` is the check on record it rests on; a review that was returned, or judged anew, rests on a later one afterwards. Opinions
    on the checks of ``honoured`` count as well: those saw no less against the site. ``follows_id`` is the review of the gate before.
    ``version`` counts every write about it. Never deleted.
    """

    __tablename__ = "siting_reviews"
    __table_args__ = (
        UniqueConstraint("office", "year", "ordinal"),
        code_of("review_stage", "stage"),
        code_of("review_route", "route"),
        code_of("project_class", "project_class", name="class_known"),
        code_of("verdict", "verdict"),
        CheckConstraint("ordinal > 0 AND version > 0", name="counted"),
        CheckConstraint("follows_id <> id", name="follows_another"),
        CheckConstraint("length(btrim(silence_basis)) > 0", name="silence_by_a_document"),
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        Index("ix_siting_reviews_geom", "geom", postgresql_using="gist"),
        Index("ix_siting_reviews_project_id", "project_id"),
        Index("ix_siting_reviews_follows_id", "follows_id"),
    )

    id: Mapped[Id]
    office: Mapped[str] = mapped_column(server_default="")
    year: Mapped[int] = mapped_column(SmallInteger)
    ordinal: Mapped[int]
    name: Mapped[str]
    project_class: Mapped[str]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="SET NULL"))
    route: Mapped[str]
    stage: Mapped[str]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("siting_reviews.id"))
    check_number: Mapped[str] = mapped_column(ForeignKey("checks.number"))
    honoured: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    verdict: Mapped[str]
    silence_basis: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("GEOMETRY"))


class ReviewRequest(Base):
    """A department that was asked for its opinion, by when."""

    __tablename__ = "review_requests"
    __table_args__ = (code_of("review_department", "department"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("siting_reviews.id"), primary_key=True)
    department: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    due_on: Mapped[datetime.date]


class ReviewOpinion(Base):
    """Opinion of a department on what its ``check_number`` judged (append-only): the last of each department counts.

    ``entered_for`` tells that another than the department wrote it down, from paper of that ``document`` number. ``result_digest`` is
    what they saw.
    """

    __tablename__ = "review_opinions"
    __table_args__ = (
        code_of("review_department", "department"),
        code_of("department_standing", "opinion", but=("awaited", "overdue", "silent")),
        CheckConstraint("length(btrim(signer)) > 0", name="signer_named"),
        CheckConstraint("opinion <> 'conditional' OR cardinality(conditions) > 0", name="conditions_named"),
        CheckConstraint("NOT entered_for OR length(btrim(document)) > 0", name="paper_named"),
        Index("ix_review_opinions_review_id", "review_id", "id"),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("siting_reviews.id"))
    department: Mapped[str]
    opinion: Mapped[str]
    conditions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    comment: Mapped[str | None]
    signer: Mapped[str]
    signed_on: Mapped[datetime.date]
    document: Mapped[str | None]
    entered_for: Mapped[Flag]
    check_number: Mapped[str] = mapped_column(ForeignKey("checks.number"))
    result_digest: Mapped[str]
    given_by: Mapped[str]
    given_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class ReviewCondition(Base):
    """Condition of a review: of a rule's procedure, of a department's opinion, or taken over from the gate before.

    It is settled once: closed by a document with what that concluded, or carried to a named gate. A condition of an opinion or check that
    counts no more is ``dropped``.
    """

    __tablename__ = "review_conditions"
    __table_args__ = (
        code_of("review_department", "department"),
        code_of("review_stage", "carried_to"),
        CheckConstraint("length(btrim(wording)) > 0", name="worded"),
        CheckConstraint(
            "(closed_at IS NULL) = (document IS NULL) AND (closed_at IS NULL) = (conclusion IS NULL) "
            "AND (closed_at IS NULL) = (closed_by IS NULL)",
            name="closed_by_a_document",
        ),
        CheckConstraint("closed_at IS NULL OR carried_to IS NULL", name="settled_once"),
        Index("ix_review_conditions_review_id", "review_id", "id"),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("siting_reviews.id"))
    department: Mapped[str | None]
    rules: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    carried_from: Mapped[int | None] = mapped_column(ForeignKey("review_conditions.id"))
    wording: Mapped[str]
    wording_en: Mapped[str]
    dropped: Mapped[Flag]
    document: Mapped[str | None]
    conclusion: Mapped[str | None]
    valid_to: Mapped[datetime.date | None]
    closed_by: Mapped[str | None]
    closed_at: Mapped[Moment | None]
    carried_to: Mapped[str | None]
