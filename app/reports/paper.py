"""The printed opinion: one context, from which every kind of file is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal

from fastapi import Query

from app.http.i18n import in_language
from app.reports.attached import NO_EVIDENCE, Evidence, EvidenceFile
from app.reports.picture import Picture
from app.reports.recognition import Recognition
from app.reports.told import ToldOpinion, ToldVisits

KINDS: Final = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Kinds of files by their suffix, with their media types."""
ReportKind = Literal["html", "pdf", "docx", "xlsx"]
VisitsAsked = Annotated[
    bool, Query(description="whether the record of the three visits to a rural house follows; never on a public paper")
]
OFFERED: Final = (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"))
"""Kinds a page offers, with what they are called in every language."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One printed opinion: its sentences and what stands around them on every sheet.

    ``house`` is who prints it, ``provenance`` pairs of a name and words, ``visits`` the record that follows it,
    ``evidence`` what is attached to its PDF, ``recognition`` the code it is recognised by.
    """

    opinion: ToldOpinion
    house: str
    profile: str
    language: str
    provenance: tuple[tuple[str, str], ...]
    picture: Picture | None = None
    visits: ToldVisits | None = None
    evidence: Evidence = NO_EVIDENCE
    recognition: Recognition | None = None

    @property
    def number(self) -> str:
        """Number of the check; empty where it is on no record."""
        return self.opinion.record.number if self.opinion.record else ""

    @property
    def title(self) -> str:
        """Name of the file among others, in the paper's language."""
        return " · ".join(part for part in (self.number, self.say(self.opinion.title)) if part)

    @property
    def attached(self) -> tuple[EvidenceFile, ...]:
        """What is attached to its PDF, described in the paper's language."""
        return tuple(replace(one, words=self.say(one.words)) for one in self.evidence.files)

    @property
    def synthetic(self) -> bool:
        """Whether the data are made up."""
        return self.opinion.synthetic

    def say(self, words: str) -> str:
        """``words`` in the paper's language."""
        return in_language(words, self.language)


def file_name(paper: Paper, kind: str) -> str:
    """Name of the file in letters every system takes."""
    return name_of_file(paper.number, kind)


def name_of_file(number: str, kind: str) -> str:
    """Name of the file of a check of this number."""
    return f"opinion{''.join(sign for sign in number if sign.isascii())}.{kind}"
