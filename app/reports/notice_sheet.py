"""A notice on a decided joint review on one page of paper (复核提示单): what changed of its ground, and room to say what follows."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.i18n import LANGUAGES
from app.http.templates import templates
from app.reports.files import STYLE
from app.reports.register_files import OWN_STYLE, lay_out, style_of


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """One printed notice; every text is in its language already. ``settled`` is empty while nobody settled it."""

    title: str
    house: str
    language: str
    facts: tuple[tuple[str, str], ...]
    before: str
    now: str
    cause: tuple[str, ...]
    lines: tuple[str, ...]
    settled: tuple[str, ...]
    synthetic: bool


def write_notice_sheet(paper: NoticePaper) -> bytes:
    """The notice as A4."""
    style = style_of(STYLE, OWN_STYLE, "reports/review_sheet.css")
    page = templates.get_template("reports/notice_sheet.html")
    html = page.render(paper=paper, language=paper.language, html_language=LANGUAGES[paper.language], style=style)
    return lay_out(html, paper.title)
