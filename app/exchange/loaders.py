"""Every layer that can be imported with what loads it: one way in for the console and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from app.exchange.enterprises import import_enterprises, import_hidden_dangers
from app.exchange.geohazard_sites import import_geohazard_sites
from app.exchange.import_orders import CONSTRAINTS, ZONES, ImportOrder
from app.exchange.registers import ConstraintsImport, import_assessments, import_constraints, import_register
from app.exchange.roads import import_roads
from app.exchange.service import ZonesImport, import_places, import_zones
from app.platform.work import Work
from gis_layers.exchange import Delivery, ReadingOptions
from gis_layers.stores.surveys import StatedTerms


class LoadRegister(Protocol):
    """Work of loading the file of one register."""

    def __call__(self, work: Work, *, path: Path, options: ReadingOptions, author: str) -> Delivery:
        """The delivery as it was loaded."""


REGISTERS: Mapping[str, LoadRegister] = {
    **{kind: partial(import_places, kind=kind) for kind in ("villages", "projects")},
    **{register: partial(import_register, register=register) for register in ("stations", "forces", "facilities")},
    "roads": import_roads,
    "enterprises": import_enterprises,
    "hidden-dangers": import_hidden_dangers,
    "geohazard-sites": import_geohazard_sites,
    "regional-assessments": import_assessments,
}


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """The file of an order as it lies on disk, and that of its surveyed ground, if one came with it."""

    path: Path
    ground: Path | None = None


def load_layer(
    work: Work, order: ImportOrder, given: GivenFiles, *, author: str, repaired: frozenset[int] = frozenset()
) -> Delivery:
    """Load the file as the console would, with the repairs of these features; zones into a draft."""
    options = order.options(repaired)
    load = {ZONES: _load_zones, CONSTRAINTS: _load_constraints}.get(order.layer)
    if load is not None:
        return load(work, order, given, options=options, author=author)
    return REGISTERS[order.layer](work, path=given.path, options=options, author=author)


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """Whatever the block writes is taken back when it ends, and nobody else ever saw it."""
    attempt = session.begin_nested()
    try:
        yield
    finally:
        attempt.rollback()


def _load_zones(work: Work, order: ImportOrder, given: GivenFiles, *, options: ReadingOptions, author: str) -> Delivery:
    asked = ZonesImport(
        path=given.path,
        hazard=str(order.hazard),
        product=str(order.product),
        grade_field=order.grade_field,
        grade=order.grade,
        grade_scheme=order.grade_scheme,
        extent=_extent(order, given),
        source=order.source,
        survey_date=order.survey_date,
        scale=order.scale,
        terms=StatedTerms(order.office, order.valid_until, order.max_age_days),
        replaces=order.replaces,
        options=options,
    )
    return import_zones(work, asked, author=author, publication=None)


def _load_constraints(
    work: Work, order: ImportOrder, given: GivenFiles, *, options: ReadingOptions, author: str
) -> Delivery:
    asked = ConstraintsImport(given.path, order.kind, _extent(order, given), order.source, options)
    return import_constraints(work, asked, author=author)


def _extent(order: ImportOrder, given: GivenFiles) -> str:
    return order.extent if given.ground is None else str(given.ground)
