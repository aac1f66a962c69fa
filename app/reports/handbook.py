"""The handbook for a village that is cut off (三断: roads, power, telephone), printed beforehand in black and white: a sheet a village."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.http.i18n import LANGUAGES
from app.http.templates import templates
from app.reports.files import STYLE
from app.reports.register_files import OWN_STYLE, lay_out, style_of

UPRIGHT: Final = "reports/handbook.css"


@dataclass(frozen=True, slots=True)
class VillageSheet:
    """The sheet of one village: facts, people to call, forces, shelters and closed roads as lines; every text is in its language already.

    ``cut_off`` says that no ready force reaches it by road today, and what lies on the way; empty where one does.
    """

    name: str
    cut_off: str
    facts: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, ...], ...]
    forces: tuple[tuple[str, ...], ...]
    shelters: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """The handbook of a township: its sheets and what they rest on."""

    title: str
    house: str
    language: str
    printed: str
    basis: tuple[tuple[str, str], ...]
    closures: tuple[str, ...]
    sheets: tuple[VillageSheet, ...]
    synthetic: bool


def write_handbook(book: Handbook) -> bytes:
    """The handbook as A4."""
    return lay_out(page_of(book), f"{book.title} {book.printed}")


def page_of(book: Handbook) -> str:
    """The page the A4 is laid out from."""
    style = style_of(STYLE, OWN_STYLE, UPRIGHT)
    page = templates.get_template("reports/handbook.html")
    return page.render(
        paper=book, book=book, language=book.language, html_language=LANGUAGES[book.language], style=style
    )
