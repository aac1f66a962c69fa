"""The ground itself: administrative boundary, villages, roads, water."""

from __future__ import annotations

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base, Flag, Id, code_of, geometry_type

SOUND = "ST_IsValid(geom) AND NOT ST_IsEmpty(geom)"


class Boundary(Base):
    """The administrative boundary of the deployment; one row."""

    __tablename__ = "boundaries"
    __table_args__ = (CheckConstraint(SOUND, name="geometry_sound"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("MULTIPOLYGON"))


class Village(Base):
    """A village or community; keyed by code, since names repeat across towns."""

    __tablename__ = "villages"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        CheckConstraint("population >= 0", name="population_counted"),
        Index("ix_villages_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    code: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    population: Mapped[int | None]
    seat_lon: Mapped[float | None]
    seat_lat: Mapped[float | None]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("MULTIPOLYGON"))


class Road(Base):
    """A stretch of road as drawn; ``speed_kmh`` and ``length_m`` are null where its class and its line say them."""

    __tablename__ = "roads"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        code_of("oneway", "oneway"),
        CheckConstraint("speed_kmh > 0 AND speed_kmh <= 200", name="speed_driven"),
        CheckConstraint("length_m > 0", name="length_measured"),
        Index("ix_roads_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    name: Mapped[str | None]
    road_class: Mapped[str]
    oneway: Mapped[str] = mapped_column(server_default="no")
    bridge: Mapped[Flag]
    speed_kmh: Mapped[float | None]
    length_m: Mapped[float | None]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("LINESTRING"))


class Water(Base):
    """A river, stream, canal (lines) or reservoir (polygon) of the basemap."""

    __tablename__ = "waters"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        Index("ix_waters_geom", "geom", postgresql_using="gist"),
    )

    id: Mapped[Id]
    name: Mapped[str | None]
    kind: Mapped[str]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("GEOMETRY"))


class BasemapFeature(Base):
    """Feature of the offline basemap beside roads and water: railways, contours (``elevation_m``)."""

    __tablename__ = "basemap_features"
    __table_args__ = (
        CheckConstraint(SOUND, name="geometry_sound"),
        Index("ix_basemap_features_geom", "geom", postgresql_using="gist"),
        Index("ix_basemap_features_kind", "kind"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str | None]
    elevation_m: Mapped[float | None]
    synthetic: Mapped[Flag]
    geom: Mapped[WKBElement] = mapped_column(geometry_type("LINESTRING"))
