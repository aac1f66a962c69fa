"""A notice on a decided joint review on one page of paper (复核提示单): what changed of its ground, and room to say what follows."""

from __future__ import annotations

from dataclasses import dataclass

from app.reports.sealed_sheet import write_sealed_sheet


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
    return write_sealed_sheet("reports/notice_sheet.html", paper)
