"""Files a printed register is written as: HTML, PDF and Excel, of one context."""

from __future__ import annotations

from typing import Final

from app.http.i18n import LANGUAGES, ROOM, in_language
from app.http.templates import templates
from app.platform.errands import MANY, reckon
from app.reports import phrases
from app.reports.files import FONTS, STYLE
from app.reports.pdf import write_pdf
from app.reports.register_paper import RegisterPaper
from app.reports.workbook import BookSheet, CellValue, SheetColumn, about_sheet, write_book

OWN_STYLE: Final = "reports/register.css"
SHORT_CELL: Final = 12
"""So many signs stand in one line: days, scales, telephone numbers."""
ABOUT: Final = "about"
"""The last sheet, called so in every language: programs look for it."""


def write_register(paper: RegisterPaper, kind: str) -> bytes:
    """``paper`` as a file of ``kind``, in a confined process where it takes long."""
    heavy = MANY + 1 if kind == "pdf" else len(paper.table.rows)
    return reckon(heavy, written, paper, kind, readable=FONTS)


def written(paper: RegisterPaper, kind: str) -> bytes:
    """``paper`` as a file of ``kind``; it reads the system's fonts and nothing else."""
    if kind == "xlsx":
        return write_xlsx(paper)
    page = page_of(paper)
    return write_pdf(page, {}, f"{paper.title} {paper.run}") if kind == "pdf" else page.encode()


def lay_out(page: str, mark: str) -> bytes:
    """A page of its own as A4, in a confined process."""
    return reckon(MANY + 1, write_pdf, page, {}, mark, readable=FONTS)


def style_of(*sheets: str) -> str:
    """Style sheets of papers as one text, the later after the earlier."""
    return "\n".join((ROOM / "templates" / name).read_text("utf-8") for name in sheets)


def page_of(paper: RegisterPaper) -> str:
    """The page a PDF is laid out from: whole, without scripts, its style in it."""
    return templates.get_template("reports/register.html").render(
        paper=paper,
        table=paper.table,
        short=SHORT_CELL,
        language=paper.language,
        html_language=LANGUAGES[paper.language],
        style=style_of(STYLE, OWN_STYLE),
    )


def write_xlsx(paper: RegisterPaper) -> bytes:
    """``paper`` as a workbook of the register and of what it rests on."""
    table = paper.table
    columns = tuple(SheetColumn(column.title, column.written) for column in table.columns)
    rows: list[list[CellValue]] = [
        [cell.words if cell.value is None else cell.value for cell in row] for row in table.rows
    ]
    written = {
        (number, place): cell.written
        for number, row in enumerate(table.rows)
        for place, cell in enumerate(row)
        if cell.written
    }
    headings = (in_language(phrases.FACT, paper.language), in_language(phrases.TOLD, paper.language))
    register = BookSheet(table.title, columns, rows, written=written)
    return write_book([register, about_sheet(ABOUT, headings, [*_about(paper), *paper.provenance])])


def _about(paper: RegisterPaper) -> list[tuple[str, CellValue]]:
    def say(words: str) -> str:
        return in_language(words, paper.language)

    return [
        (say(phrases.REGISTER), paper.table.title),
        (say(phrases.ISSUED_BY), paper.house),
        (say(phrases.NARROWED), paper.table.narrowed or say(phrases.ALL_ROWS)),
        (say(phrases.ROWS), len(paper.table.rows)),
        (say(phrases.PROFILE), paper.profile),
        (say(phrases.NATURE_OF_DATA), say(phrases.SYNTHETIC if paper.table.synthetic else phrases.REAL_DATA)),
    ]
