"""Pages of a joint review that are signed and sealed: one head, one foot, one style."""

from __future__ import annotations

from typing import Protocol

from app.http.i18n import LANGUAGES
from app.http.templates import templates
from app.reports.files import STYLE
from app.reports.register_files import OWN_STYLE, lay_out, style_of


class SealedSheet(Protocol):
    """A paper whose texts are in its language already."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def language(self) -> str:
        """Its language, ``zh`` or ``en``."""


def write_sealed_sheet(template: str, paper: SealedSheet) -> bytes:
    """The paper as A4, laid out by a template that extends ``reports/_sealed_sheet.html``."""
    style = style_of(STYLE, OWN_STYLE, "reports/review_sheet.css")
    page = templates.get_template(template)
    html = page.render(paper=paper, language=paper.language, html_language=LANGUAGES[paper.language], style=style)
    return lay_out(html, paper.title)
