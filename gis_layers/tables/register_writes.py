"""Writes of the registers: one row for each transaction that wrote to a register, kept by triggers of the registers themselves."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from gis_layers.tables.base import Base


class RegisterWrite(Base):
    """A transaction that added, changed or removed rows of a register. ``register`` is the name of its table.

    ``statements`` are the writes it made. Whatever follows from a register is known to be of its present state by the
    number of these rows, their statements and the last of them: what commits late counts as what commits early does,
    and whoever writes twice and reads in between sees both.
    """

    __tablename__ = "register_writes"

    register: Mapped[str] = mapped_column(primary_key=True)
    transaction: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    statements: Mapped[int] = mapped_column(server_default="1")
