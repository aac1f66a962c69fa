"""Files a paper is written as: HTML, PDF, Word and Excel, of one context."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from app.http.i18n import LANGUAGES, ROOM
from app.http.templates import templates
from app.platform.errands import MANY, reckon
from app.reports.paper import Paper
from app.reports.pdf import OWN, write_pdf
from app.reports.picture import draw_picture
from app.reports.sheet import write_xlsx
from app.reports.word import write_docx
from app.reports.word_template import template_bytes

FONTS: Final = tuple(
    map(
        Path,
        ("/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig"),
    )
)
"""Where the distribution keeps its fonts, and what tells which there are."""
MAP: Final = "map.png"
STYLE: Final = "reports/paper.css"


def write_paper(paper: Paper, kind: str, *, template: Path | None = None) -> bytes:
    """``paper`` as a file of ``kind``, in a confined process where a request waits for it.

    ``template`` is the office's own for Word. Raises Refused where it cannot be used.
    """
    return reckon(MANY + 1, written, paper, kind, template_bytes(template) if kind == "docx" else b"", readable=FONTS)


def written(paper: Paper, kind: str, template: bytes) -> bytes:
    """``paper`` as a file of ``kind``; it reads the system's fonts and nothing else."""
    drawn = None if paper.picture is None or kind == "xlsx" else draw_picture(paper.picture)
    if kind == "pdf":
        pictures = {MAP: drawn} if drawn else {}
        return write_pdf(page_of(paper, f"{OWN}{MAP}"), pictures, paper.title, paper.attached)
    if kind == "docx":
        return write_docx(paper, drawn, template)
    if kind == "xlsx":
        return write_xlsx(paper)
    embedded = "" if drawn is None else f"data:image/png;base64,{base64.b64encode(drawn).decode()}"
    return page_of(paper, embedded).encode()


def page_of(paper: Paper, picture: str = "") -> str:
    """The page a PDF is laid out from: whole, without scripts, its style in it; ``picture`` is the map's address."""
    style = (ROOM / "templates" / STYLE).read_text("utf-8")
    return templates.get_template("reports/paper.html").render(
        paper=paper,
        opinion=paper.opinion,
        on_screen=False,
        picture=picture if paper.picture else "",
        code=paper.recognition.drawn() if paper.recognition else "",
        language=paper.language,
        html_language=LANGUAGES[paper.language],
        style=style,
    )
