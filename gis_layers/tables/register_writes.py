"""Writes of the registers: one row for each transaction that wrote to a register, kept by triggers of the registers themselves."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base


class RegisterWrite(Base):
    """A transaction that added, changed or removed rows of a register. ``register`` is the name of its table.

    Whatever follows from a register is known to be of its present state by the number of these rows and the last of
    them. A row that commits late counts as one that commits early does, which the last transaction that wrote alone
    would not tell.
    """

    __tablename__ = "register_writes"

    register: Mapped[str] = mapped_column(primary_key=True)
    transaction: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
