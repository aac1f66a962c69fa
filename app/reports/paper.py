"""The printed opinion: one context, from which every kind of file is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from app.http.i18n import LANGUAGES, ROOM, in_language
from app.http.templates import templates
from app.platform.errands import MANY, reckon
from app.reports.pdf import write_pdf
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
    pictures: dict[str, bytes] = field(default_factory=dict)

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
    if kind == "html":
        return page_of(paper).encode()
    return reckon(MANY + 1, write_pdf, page_of(paper), paper.pictures, paper.title, readable=FONTS)


def file_name(paper: Paper, kind: str) -> str:
    """Name of the file in letters every system takes."""
    number = "".join(sign for sign in paper.number if sign.isascii())
    return f"opinion{number}.{kind}"


def page_of(paper: Paper) -> str:
    """The page every other kind is laid out from: whole, without scripts, its style in it."""
    style = (ROOM / "templates" / STYLE).read_text("utf-8")
    return templates.get_template("reports/paper.html").render(
        paper=paper,
        opinion=paper.opinion,
        on_screen=False,
        language=paper.language,
        html_language=LANGUAGES[paper.language],
        style=style,
    )
