"""Files a paper is written as: HTML, PDF, Word and Excel, of one context."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from app.http.i18n import LANGUAGES, ROOM
from app.http.templates import templates
from app.platform.errands import MANY, reckon
from app.reports.paper import Paper
from app.reports.pdf import OWN, write_pdf
from app.reports.picture import MAP, detail_name, draw_picture
from app.reports.picture_sheet import SMALL
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
NOWHERE: Final[Mapping[str, str]] = MappingProxyType({})
STYLE: Final = "reports/paper.css"


def write_paper(paper: Paper, kind: str, *, template: Path | None = None) -> bytes:
    """``paper`` as a file of ``kind``, in a confined process where a request waits for it.

    ``template`` is the office's own for Word. Raises Refused where it cannot be used.
    """
    return reckon(MANY + 1, written, paper, kind, template_bytes(template) if kind == "docx" else b"", readable=FONTS)


def written(paper: Paper, kind: str, template: bytes) -> bytes:
    """``paper`` as a file of ``kind``; it reads the system's fonts and nothing else."""
    if kind == "xlsx":
        return write_xlsx(paper)
    drawn = _drawn(paper)
    if kind == "docx":
        return write_docx(paper, drawn, template)
    if kind == "pdf":
        page = page_of(paper, {name: f"{OWN}{name}" for name in drawn})
        return write_pdf(page, drawn, paper.title, paper.attached)
    embedded = {name: f"data:image/png;base64,{base64.b64encode(one).decode()}" for name, one in drawn.items()}
    return page_of(paper, embedded).encode()


def _drawn(paper: Paper) -> dict[str, bytes]:
    """Every map of a paper as a PNG, by name."""
    if paper.picture is None:
        return {}
    details = enumerate(paper.picture.details)
    return {MAP: draw_picture(paper.picture)} | {
        detail_name(number): draw_picture(one.picture, SMALL) for number, one in details
    }


def page_of(paper: Paper, addresses: Mapping[str, str] = NOWHERE) -> str:
    """The page a PDF is laid out from: whole, without scripts, its style in it; ``addresses`` are those of its maps by name."""
    details = paper.picture.details if paper.picture else ()
    style = (ROOM / "templates" / STYLE).read_text("utf-8")
    return templates.get_template("reports/paper.html").render(
        paper=paper,
        opinion=paper.opinion,
        on_screen=False,
        picture=addresses.get(MAP, "") if paper.picture else "",
        details=[(one.words, addresses.get(detail_name(number), "")) for number, one in enumerate(details)],
        code=paper.recognition.drawn() if paper.recognition else "",
        language=paper.language,
        html_language=LANGUAGES[paper.language],
        style=style,
    )
