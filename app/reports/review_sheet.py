"""A joint review on one page of paper (联审联查意见表): what is reviewed, the verdict, every department with room to sign and seal."""

from __future__ import annotations

from dataclasses import dataclass

from app.reports.sealed_sheet import write_sealed_sheet


@dataclass(frozen=True, slots=True)
class SheetDepartment:
    """One department: its name, how it stands, what it says, who signed when, by which document (empty: room is left to write)."""

    name: str
    standing: str
    said: tuple[str, ...]
    signed: str
    due: str


@dataclass(frozen=True, slots=True)
class ReviewPaper:
    """One printed sheet of a review; every text is in its language already.

    ``documents`` are those on record and those that lack, ``decision`` is empty while nothing is decided. ``code`` is the code of the check it rests on, as SVG.
    """

    title: str
    house: str
    language: str
    facts: tuple[tuple[str, str], ...]
    verdict: str
    reasons: tuple[str, ...]
    departments: tuple[SheetDepartment, ...]
    conditions: tuple[str, ...]
    documents: tuple[str, ...]
    decision: tuple[str, ...]
    synthetic: bool
    code: str = ""


def write_review_sheet(paper: ReviewPaper) -> bytes:
    """The sheet as A4."""
    return write_sealed_sheet("reports/review_sheet.html", paper)
