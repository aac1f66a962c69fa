"""The printed opinion: one context, from which every kind of file is written."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from app.http.i18n import LANGUAGES, ROOM, in_language
from app.http.templates import templates
from app.platform.errands import MANY, reckon
from app.reports.pdf import OWN, write_pdf
from app.reports.picture import Picture, draw_picture
from app.reports.told import ToldOpinion

KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}
"""Kinds of files by their suffix, with their media types."""
ReportKind = Literal["html", "pdf"]
OFFERED: Final = (("pdf", "PDF"),)
"""Kinds a page offers, with what they are called in every language."""
FONTS: Final = tuple(
    map(
        Path,
        ("/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/var/cache/fontconfig"),
    )
)
"""Where the distribution keeps its fonts, and what tells which there are."""
MAP: Final = "map.png"
STYLE: Final = "reports/paper.css"


@dataclass(frozen=True, slots=True)
class Paper:
    """One printed opinion: its sentences and what stands around them on every sheet.

    ``house`` is who prints it, ``provenance`` pairs of a name and words.
    """

    opinion: ToldOpinion
    house: str
    profile: str
    language: str
    provenance: tuple[tuple[str, str], ...]
    picture: Picture | None = None

    @property
    def number(self) -> str:
        """Number of the check; empty where it is on no record."""
        return self.opinion.record.number if self.opinion.record else ""

    @property
    def title(self) -> str:
        """Name of the file among others, in the paper's language."""
        return " · ".join(part for part in (self.number, self.say(self.opinion.title)) if part)

    @property
    def synthetic(self) -> bool:
        """Whether the data are made up."""
        return self.opinion.synthetic

    def say(self, words: str) -> str:
        """``words`` in the paper's language."""
        return in_language(words, self.language)


def write_paper(paper: Paper, kind: str) -> bytes:
    """``paper`` as a file of ``kind``, in a confined process where a request waits for it."""
    return reckon(MANY + 1, written, paper, kind, readable=FONTS)


def written(paper: Paper, kind: str) -> bytes:
    """``paper`` as a file of ``kind``; it reads the system's fonts and nothing else."""
    drawn = None if paper.picture is None else draw_picture(paper.picture)
    if kind == "pdf":
        return write_pdf(page_of(paper, f"{OWN}{MAP}"), {MAP: drawn} if drawn else {}, paper.title)
    embedded = "" if drawn is None else f"data:image/png;base64,{base64.b64encode(drawn).decode()}"
    return page_of(paper, embedded).encode()


def file_name(paper: Paper, kind: str) -> str:
    """Name of the file in letters every system takes."""
    number = "".join(sign for sign in paper.number if sign.isascii())
    return f"opinion{number}.{kind}"


def page_of(paper: Paper, picture: str = "") -> str:
    """The page a PDF is laid out from: whole, without scripts, its style in it; ``picture`` is the map's address."""
    style = (ROOM / "templates" / STYLE).read_text("utf-8")
    return templates.get_template("reports/paper.html").render(
        paper=paper,
        opinion=paper.opinion,
        on_screen=False,
        picture=picture if paper.picture else "",
        language=paper.language,
        html_language=LANGUAGES[paper.language],
        style=style,
    )
