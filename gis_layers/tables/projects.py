"""Projects that want a place to stand."""

from __future__ import annotations

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, CreatedAt, Flag, Id, code_of, geometry_type


class Project(Base):
    """A proposed project and its footprint."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("ST_IsValid(geom) AND NOT ST_IsEmpty(geom)", name="geometry_sound"),
        code_of("project_class", "project_class", name="class_known"),
        code_of("seismic_class", "seismic_class"),
        CheckConstraint("version > 0", name="version_counted"),
        Index("ix_projects_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    name: Mapped[str]
    project_class: Mapped[str]
    seismic_class: Mapped[str | None]
    building_type: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    synthetic: Mapped[Flag]
    created_at: Mapped[CreatedAt]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("GEOMETRY"))
