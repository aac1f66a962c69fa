"""The declarative base and the column kinds the tables share."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, MetaData, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from gis_layers.crs import STORAGE_SRID
from risk_model.codes import enumeration

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """One base, one metadata, constraint names decided once."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, int: BigInteger, dict[str, Any]: JSONB}


Id = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
Moment = Annotated[datetime.datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime.datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Flag = Annotated[bool, mapped_column(server_default=text("false"))]


def geometry_type(kind: str) -> Geometry:
    """A geometry column type in the storage CRS; indexes are declared by the tables themselves."""
    return Geometry(kind, srid=STORAGE_SRID, spatial_index=False)


def code_of(key: str, column: str, *, name: str = "", but: tuple[str, ...] = ()) -> CheckConstraint:
    """The check that ``column`` holds a code of the enumeration ``key``, other than those of ``but`` that are never stored."""
    codes = [code for code in enumeration(key) if code not in but]
    return CheckConstraint(is_code(key, column, but=but), name=name or f"{column}_known", info={"codes": (key, *codes)})


def is_code(key: str, column: str, *, but: tuple[str, ...] = ()) -> str:
    """The condition of that check as SQL."""
    return is_one_of(column, [code for code in enumeration(key) if code not in but])


def are_codes(key: str, column: str) -> str:
    """The condition that the list ``column`` holds codes of the enumeration ``key`` alone, as SQL."""
    listed = ",".join(f"'{code}'" for code in enumeration(key))
    return f"{column} <@ ARRAY[{listed}]::text[]"


def is_one_of(column: str, codes: Iterable[str]) -> str:
    """The condition that ``column`` holds one of these codes, as SQL."""
    listed = ",".join(f"'{code}'" for code in codes)
    return f"{column} IN ({listed})"
