"""A draft of zones on paper, to be signed: what it changes, what that brings, what was passed and why, and lines for signatures."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.i18n import LANGUAGES
from app.http.templates import templates
from app.reports.files import STYLE
from app.reports.register_files import OWN_STYLE, lay_out, style_of


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table: its title, heads and rows; ``left_out`` says how many rows more there are, ``numeric`` from which column on."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: int
    empty: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ApprovalPaper:
    """One printed approval sheet; every text is in its language already. ``signatures`` are who signs, a line each."""

    title: str
    house: str
    language: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[SheetTable, ...]
    summary: tuple[str, ...]
    signatures: tuple[str, ...]
    synthetic: bool


def write_approval_sheet(paper: ApprovalPaper) -> bytes:
    """The sheet as A4."""
    return lay_out(page_of(paper), paper.title)


def page_of(paper: ApprovalPaper) -> str:
    """The page the A4 is laid out from."""
    style = style_of(STYLE, OWN_STYLE)
    page = templates.get_template("reports/approval_sheet.html")
    return page.render(paper=paper, language=paper.language, html_language=LANGUAGES[paper.language], style=style)
