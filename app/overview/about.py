"""Contents of the page about the service: dates and sources of layers (maps print them, too), licences, browsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.platform.clock import today
from gis_layers.stores.surveys import LayerSource, read_sources
from gis_layers.stores.zone_documents import KeptDocument, read_documents
from risk_model.codes import code_name
from risk_model.rulebook import RuleBook

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
BROWSERS = (("Chrome / Edge", "111"), ("Firefox", "121"), ("Safari", "16.4"))
"""The oldest versions that know nested colours, ``:has()`` and module scripts, which every page uses."""


@dataclass(frozen=True, slots=True)
class Library:
    """One vendored library: its package, version and licence, and where its licence text is served."""

    package: str
    version: str
    licence: str
    text: str | None


@dataclass(frozen=True, slots=True)
class ToldSource:
    """One published layer in words: of which hazard, which product, where it comes from and by which documents."""

    hazard_name: str
    product_name: str
    survey_date: str | None
    scale: int | None
    extent: str
    source: str | None
    office: str | None
    valid_until: str | None
    run_out: bool
    max_age_days: int | None
    documents: tuple[str, ...] = ()


def describe_layers(session: Session, rulebook: RuleBook) -> list[ToldSource]:
    """The published layers in theme order, with where each comes from."""
    sources, documents = read_sources(session), read_documents(session)
    order = rulebook.theme_order([one.hazard for one in sources])
    return [
        _told(one, rulebook, documents) for one in sorted(sources, key=lambda one: (order[one.hazard], one.product))
    ]


def _told(layer: LayerSource, rulebook: RuleBook, documents: Sequence[KeptDocument]) -> ToldSource:
    theme = (layer.hazard, layer.product)
    return ToldSource(
        hazard_name=rulebook.hazard_name(layer.hazard),
        product_name=code_name("product", layer.product),
        survey_date=None if layer.survey_date is None else layer.survey_date.isoformat(),
        scale=layer.scale,
        extent=code_name("extent_kind", layer.extent_kind),
        source=layer.source,
        office=layer.office,
        valid_until=None if layer.valid_until is None else layer.valid_until.isoformat(),
        run_out=layer.valid_until is not None and layer.valid_until < today(),
        max_age_days=layer.max_age_days,
        documents=tuple(f"{one.authority} {one.number}" for one in documents if one.theme == theme),
    )


def vendored_libraries(folder: Path) -> list[Library]:
    """Libraries in ``folder``, read from the VERSION file beside each (``package version (licence)``)."""
    return [_library(note) for note in sorted(folder.glob("*/VERSION"))]


def _library(note: Path) -> Library:
    package, version, licence = note.read_text("utf-8").strip().rsplit(" ", 2)
    text = f"/static/vendor/{note.parent.name}/LICENSE" if (note.parent / "LICENSE").exists() else None
    return Library(package, version, licence.strip("()"), text)
