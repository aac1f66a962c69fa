"""The list of what was received, and how much of each layer is held now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, any_, false, func, literal, select
from sqlalchemy.orm import DeclarativeBase, Session

from gis_layers.stores.town import REGISTERS
from gis_layers.tables.constraints import ConstraintSurvey
from gis_layers.tables.editions import Draft
from gis_layers.tables.hidden_dangers import HiddenDanger
from gis_layers.tables.pictures import BasemapPicture
from gis_layers.tables.places import BasemapFeature, Boundary, Road, Village, Water
from gis_layers.tables.projects import Project
from gis_layers.tables.receipts import Receipt
from gis_layers.tables.surveys import SurveyedLayer
from gis_layers.tables.unitsets import UnitSet
from gis_layers.tables.zones import ZoneVersion

__all__ = ["Holding", "NewReceipt", "Receipt", "count_receipts", "latest_receipts", "list_receipts", "read_holdings"]


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """A file about to be written into the list; the names are those of the table."""

    layers: list[str]
    file_name: str
    file_size: int
    sha256: str
    declared: int
    loaded: int
    refused: int
    received_on: date
    imported_by: str
    detail: str | None = None
    provider: str | None = None
    document_number: str | None = None
    handed_over_by: str | None = None
    secrecy: str | None = None
    draft_id: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """Number of rows held of a layer, and whether some of them are synthetic."""

    rows: int
    synthetic: bool = False


def save_receipt(session: Session, new: NewReceipt) -> int:
    """Write one file into the list; returns its number."""
    row = Receipt(**asdict(new))
    session.add(row)
    session.flush()
    return row.id


def list_receipts(
    session: Session, layer: str | None = None, *, limit: int | None = None, offset: int = 0
) -> list[tuple[Receipt, int | None]]:
    """Receipts, newest first, each with the edition it was published in."""
    asked = _of(select(Receipt, Draft.edition).outerjoin(Draft, Draft.id == Receipt.draft_id), layer)
    rows = session.execute(asked.order_by(Receipt.id.desc()).limit(limit).offset(offset))
    return [(receipt, edition) for receipt, edition in rows]


def count_receipts(session: Session, layer: str | None = None) -> int:
    """Number of files received."""
    return session.scalar(_of(select(func.count()).select_from(Receipt), layer)) or 0


def latest_receipts(session: Session, *, in_force: bool = True) -> dict[str, tuple[Receipt, int | None]]:
    """Of each layer that was received the file that came last, with the edition it was published in.

    Of zones only such as were published, or, not ``in_force``, only such as wait in a draft.
    """
    waits = Receipt.draft_id.is_not(None) & Draft.edition.is_(None)
    every = select(func.unnest(Receipt.layers).label("layer"), Receipt.id.label("id"))
    each = every.outerjoin(Draft, Draft.id == Receipt.draft_id).where(~waits if in_force else waits).subquery()
    last = select(each.c.layer, func.max(each.c.id).label("id")).group_by(each.c.layer).subquery()
    asked = select(last.c.layer, Receipt, Draft.edition).join(Receipt, Receipt.id == last.c.id)
    rows = session.execute(asked.outerjoin(Draft, Draft.id == Receipt.draft_id))
    return {layer: (receipt, edition) for layer, receipt, edition in rows}


def _of(statement: Any, layer: str | None) -> Any:
    return statement if layer is None else statement.where(literal(layer) == any_(Receipt.layers))


_WHOLE: Mapping[str, type[DeclarativeBase]] = {
    "villages": Village,
    "roads": Road,
    "projects": Project,
    "boundary": Boundary,
    "hidden-dangers": HiddenDanger,
    "units": UnitSet,
    **{name: table for name, table in REGISTERS.items() if name not in ("constraints", "equipment")},
}
_BY_KIND: Mapping[str, tuple[type[DeclarativeBase], str]] = {
    "constraints": (ConstraintSurvey, "kind"),
    "basemap": (BasemapFeature, "kind"),
    "picture": (BasemapPicture, "name"),
}


def read_holdings(session: Session) -> dict[str, Holding]:
    """Holdings of each layer now: published zones by hazard, registers, surveys by kind, basemap by kind."""
    held = {name: _count(session, table) for name, table in _WHOLE.items()}
    held["population"] = _count(session, Village, Village.population.is_not(None))
    held["shelters"] = _count(session, REGISTERS["facilities"], REGISTERS["facilities"].__table__.c.kind == "shelter")
    held["water"] = _count(session, Water)
    for prefix, (table, column) in _BY_KIND.items():
        held |= _counted_by(session, prefix, table, column)
    zones = select(ZoneVersion.hazard, func.count(), literal(value=False)).where(ZoneVersion.to_edition.is_(None))
    held |= _named(session, "zones", zones.group_by(ZoneVersion.hazard))
    in_force = (SurveyedLayer.from_edition.is_not(None), SurveyedLayer.to_edition.is_(None))
    extents = select(SurveyedLayer.hazard, func.count(), literal(value=False)).where(
        *in_force, SurveyedLayer.extent_kind != "zones"
    )
    return held | _named(session, "extent", extents.group_by(SurveyedLayer.hazard))


def _count(session: Session, table: type[DeclarativeBase], only: ColumnElement[bool] | None = None) -> Holding:
    counted = select(func.count(), _any_synthetic(table)).select_from(table)
    rows, synthetic = session.execute(counted if only is None else counted.where(only)).one()
    return Holding(rows, bool(synthetic))


def _counted_by(session: Session, prefix: str, table: type[DeclarativeBase], column: str) -> dict[str, Holding]:
    kind = table.__table__.c[column]
    return _named(session, prefix, select(kind, func.count(), _any_synthetic(table)).group_by(kind))


def _named(session: Session, prefix: str, counted: Any) -> dict[str, Holding]:
    return {f"{prefix}/{name}": Holding(rows, bool(synthetic)) for name, rows, synthetic in session.execute(counted)}


def _any_synthetic(table: type[DeclarativeBase]) -> ColumnElement[Any]:
    columns = table.__table__.c
    return func.bool_or(columns["synthetic"]) if "synthetic" in columns else false()
