"""Contents of the page about the service: dates and sources of layers, licences, browsers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.http.geojson import Row, plain_rows
from gis_layers.stores.surveys import published_layers
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


def describe_layers(session: Session, rulebook: RuleBook) -> list[Row]:
    """Published layers in theme order: ``hazard_name product_name survey_date scale extent source`` and their columns."""
    frame = published_layers(session)
    order = rulebook.theme_order(frame["hazard"])
    rows: list[Row] = [
        {
            **row,
            "hazard_name": rulebook.hazard_name(row["hazard"]),
            "product_name": code_name("product", row["product"]),
            "extent": code_name("extent_kind", row["extent_kind"]),
            "scale": row["scale"] and int(row["scale"]),
        }
        for row in plain_rows(frame)
    ]
    return sorted(rows, key=lambda row: (order[row["hazard"]], row["product"]))


def vendored_libraries(folder: Path) -> list[Library]:
    """Libraries in ``folder``, read from the VERSION file beside each (``package version (licence)``)."""
    return [_library(note) for note in sorted(folder.glob("*/VERSION"))]


def _library(note: Path) -> Library:
    package, version, licence = note.read_text("utf-8").strip().rsplit(" ", 2)
    text = f"/static/vendor/{note.parent.name}/LICENSE" if (note.parent / "LICENSE").exists() else None
    return Library(package, version, licence.strip("()"), text)
