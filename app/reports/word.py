"""Word files: the sentences of a paper in headings, paragraphs and one table, with heads and page numbers as fields."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable
from typing import Any, Final

from app.reports import phrases
from app.reports.evidence_rows import record_words, rows_of
from app.reports.paper import Paper
from app.reports.told import Badge

FONT: Final = "Noto Sans CJK SC"
UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WESTERN: Final = "Arial"
WIDTHS_CM: Final = (2.9, 5.2, 6.3, 3.0)
PICTURE_CM: Final = 17.0
NO_MOMENT: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""A moment in the file's own properties would make two of the same paper differ; the paper says its own."""


def write_docx(paper: Paper, picture: bytes | None) -> bytes:
    """``paper`` as a Word file, with its map where there is one."""
    from docx import Document  # noqa: PLC0415 - loaded by whoever writes one

    document = Document()
    _dress(document)
    _frame(document, paper)
    opinion, say = paper.opinion, paper.say
    document.add_heading(say(phrases.HEADING), level=1)
    if paper.synthetic:
        _bold(document.add_paragraph(), say(phrases.SYNTHETIC))
    document.add_heading(_readable(say(opinion.title)), level=2)
    document.add_paragraph(" · ".join(say(words) for words in opinion.about))
    _bold(document.add_paragraph(), " · ".join(say(words) for words in record_words(opinion)))
    _bold(document.add_paragraph(style="Intense Quote"), _badge(opinion.badge, say) + _borderline(paper))
    for words in (opinion.reason, *opinion.advice):
        document.add_paragraph(_readable(say(words)))
    _lists(document, paper)
    if picture is not None:
        from docx.shared import Cm  # noqa: PLC0415

        document.add_picture(io.BytesIO(picture), width=Cm(PICTURE_CM))
    _evidence(document, paper)
    _ending(document, paper)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _dress(document: Any) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Intense Quote", "List Bullet"):
        style = document.styles[name]
        style.font.name = WESTERN
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.styles["Normal"].font.size = Pt(10)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    properties = document.core_properties
    properties.author, properties.comments = "Anzhi", ""
    properties.created = properties.modified = NO_MOMENT


def _frame(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = _readable(
        f"{paper.say(paper.house)}\t\t{paper.number or paper.say(phrases.UNRECORDED)}"
    )
    foot = section.footer.paragraphs[0]
    foot.text = f"{paper.say(phrases.DISCLAIMER)} · {paper.say(paper.profile)}\t\t"
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - the library has no fields of its own


def _bold(paragraph: Any, words: str) -> None:
    paragraph.add_run(_readable(words)).bold = True


def _readable(text: str) -> str:
    """``text`` without the signs no XML can hold."""
    return UNREADABLE.sub("", text)


def _badge(badge: Badge | str, say: Any) -> str:
    return say(badge) if isinstance(badge, str) else f"{badge.sign} {say(badge.words)}".strip()


def _borderline(paper: Paper) -> str:
    return f" · {paper.say(phrases.BORDERLINE)}" if paper.opinion.borderline else ""


def _lists(document: Any, paper: Paper) -> None:
    say, opinion = paper.say, paper.opinion
    gaps = [" · ".join(say(words) for words in (gap.name, gap.why) if words) for gap in opinion.gaps]
    conditions = [
        "\n".join([f"{say(one.name)} · {say(one.state)}", say(one.rules), *(say(words) for _, words in one.bearings)])
        for one in opinion.conditions
    ]
    notes = [f"{say(note.words)}\n{say(note.basis)}" for note in opinion.notes]
    for heading, rows in zip(phrases.HEADINGS, (gaps, conditions, notes), strict=True):
        if rows:
            document.add_heading(say(heading), level=3)
            for row in rows:
                document.add_paragraph(_readable(row), style="List Bullet")


def _evidence(document: Any, paper: Paper) -> None:
    from docx.shared import Cm  # noqa: PLC0415

    say = paper.say
    document.add_heading(f"{say(phrases.EVIDENCE)} · {say(paper.opinion.tally)}", level=3)
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    _fill(table.rows[0].cells, [say(words) for words in phrases.COLUMNS])
    for theme in paper.opinion.themes:
        for told in rows_of(theme):
            _fill(table.add_row().cells, ["\n".join(say(words) for words in cell) for cell in told])
    for row in table.rows:
        for cell, width in zip(row.cells, WIDTHS_CM, strict=True):
            cell.width = Cm(width)


def _fill(cells: Any, texts: Iterable[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.text = _readable(text)


def _ending(document: Any, paper: Paper) -> None:
    say, opinion = paper.say, paper.opinion
    if opinion.firmness:
        document.add_heading(f"{say(phrases.FIRMNESS)} · {say(opinion.firmness.words)}", level=3)
        steps = [f"{say(step.moved)}: {_badge(step.badge, say)}" for step in opinion.firmness.steps]
        document.add_paragraph("; ".join(steps))
    document.add_heading(say(phrases.GROUNDS), level=3)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    grounds = [(say(opinion.grounds.edition), opinion.grounds.published), (say(opinion.grounds.rulebook), "")]
    for name, words in [*grounds, *((say(name), say(words)) for name, words in paper.provenance)]:
        _fill(table.add_row().cells, [name, words])
    _bold(document.add_paragraph(), say(phrases.DISCLAIMER))
    for who in phrases.SIGNED_BY:
        document.add_paragraph(f"{say(who)}: ________________")
