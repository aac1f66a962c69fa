"""The Word template an office starts from, made anew with ``python -m app.reports.word_template``: fields, fonts, page numbers."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.platform.errors import Refused
from app.reports.word_file import packed
from risk_model.message import msg

if TYPE_CHECKING:  # whoever makes one loads the library
    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.text.paragraph import Paragraph

PATH: Final = Path(__file__).parents[1] / "templates/reports/opinion.docx"
TITLE_FONT, HEADING_FONT, FONT, WESTERN = "方正小标宋简体", "黑体", "仿宋", "Times New Roman"
"""Fonts of official documents by their names; a machine without one of them shows the nearest it has."""
WIDTHS_CM: Final = (2.4, 5.0, 7.3, 2.7)
SPACES_PT: Final = (
    ("Normal", 0, 2), ("Title", 0, 4), ("Heading 2", 4, 2), ("Heading 3", 5, 1), ("Intense Quote", 3, 3), ("List Bullet", 0, 1),
)  # fmt: skip
"""Room above and below paragraphs: the usual opinion takes two sheets."""
NO_MOMENT: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
"""A moment in the file's own properties would make two of the same paper differ; the paper says its own."""
MOST_BYTES: Final = 5 * 2**20
HEAD: Final = (
    ("Title", "{{ heading }}"),
    ("Normal", "{%p if synthetic %}"),
    ("Strong", "{{ synthetic }}"),
    ("Normal", "{%p endif %}"),
    ("Heading 2", "{{ title }}"),
    ("Normal", "{{ about }}"),
    ("Strong", "{{ record }}"),
    ("Intense Quote", "{{ verdict }}"),
    ("Normal", "{%p for words in reasons %}"),
    ("Normal", "{{ words }}"),
    ("Normal", "{%p endfor %}"),
)
PICTURE: Final = (("Normal", "{%p if picture %}"), ("Normal", "{{ picture }}"), ("Normal", "{%p endif %}"))
FIRMNESS: Final = (
    ("Normal", "{%p if firmness %}"),
    ("Heading 3", "{{ firmness.heading }}"),
    ("Normal", "{{ firmness.steps }}"),
    ("Normal", "{%p endif %}"),
)
SIGNED: Final = "{% for who in signed_by %}{{ who }}: __________________    {% endfor %}"
DETAILS: Final = (
    ("Normal", "{%p if details %}"),
    ("Heading 3", "{{ details_heading }}"),
    ("Normal", "{%p for one in details %}"),
    ("Normal", "{{ one.picture }}"),
    ("Normal", "{{ one.words }}"),
    ("Normal", "{%p endfor %}"),
    ("Normal", "{%p endif %}"),
)


def template_bytes(own: Path | None) -> bytes:
    """The office's ``own`` template, or ours. Raises Refused where it cannot be read."""
    path = own or PATH
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as trouble:
        raise Refused(
            msg(
                "Word 模板 {path} 读不到（{why}）；请核对 ANZHI_REPORT_TEMPLATE", path=path, why=trouble.strerror or ""
            ),
            code="unready",
        ) from trouble
    if len(content) > MOST_BYTES:
        raise Refused(msg("Word 模板 {path} 超过 {n} MB", path=path, n=MOST_BYTES >> 20), code="unready")
    return content


def make_template() -> bytes:
    """The template as a Word file; the same bytes every time."""
    from docx import Document  # noqa: PLC0415 - loaded by whoever makes one

    document = Document()
    _dress(document)
    _frame(document.sections[0])
    _paragraphs(document, (*HEAD, *_lists("unknown"), *PICTURE, *_lists("duties"), ("Heading 3", "{{ evidence }}")))
    _rows(document, "row", "concerned", ("theme", "met", "follows", "outcome"), head="columns")
    _paragraphs(document, FIRMNESS)
    _ending(document)
    _paragraphs(document, (("Heading 3", "{{ grounds_heading }}"),))
    _rows(document, "ground", "grounds", ("name", "words"))
    _paragraphs(document, (("Normal", "{%p if appendix %}"), ("Heading 2", "{{ appendix_heading }}")))
    document.paragraphs[-1].paragraph_format.page_break_before = True
    _paragraphs(document, (("Normal", "{%p endif %}"), *_lists("appendix"), *DETAILS))
    _visits(document)
    return packed(document)


def _lists(field: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Normal", f"{{%p for list in {field} %}}"),
        ("Heading 3", "{{ list.heading }}"),
        ("Normal", "{%p for words in list.rows %}"),
        ("List Bullet", "{{ words }}"),
        ("Normal", "{%p endfor %}"),
        ("Normal", "{%p endfor %}"),
    )


def _ending(document: WordDocument) -> None:
    """What a paper is not and who signs it, the code it is recognised by beside them."""
    from docx.shared import Cm  # noqa: PLC0415

    words, code = document.add_table(rows=1, cols=2).rows[0].cells
    words.width, code.width = Cm(14.6), Cm(2.8)
    words.paragraphs[0].add_run("{{ disclaimer }}").bold = True
    words.add_paragraph(SIGNED)
    code.paragraphs[0].text = "{{ code }}"


def _visits(document: WordDocument) -> None:
    """The record of visits, on a sheet of its own."""
    _paragraphs(document, (("Normal", "{%p if visits %}"), ("Heading 2", "{{ visits.heading }}")))
    document.paragraphs[-1].paragraph_format.page_break_before = True
    _rows(document, "fact", "visits.facts", ("name", "words"))
    _paragraphs(document, (("Normal", ""),))
    _rows(document, "stage", "visits.stages", ("visit", "date", "who", "words"), head="visits.columns")
    _paragraphs(document, (("Normal", "{%p endif %}"),))


def _paragraphs(document: WordDocument, lines: tuple[tuple[str, str], ...]) -> None:
    for style, words in lines:
        if style == "Strong":
            document.add_paragraph().add_run(words).bold = True
        else:
            document.add_paragraph(words, style=style)


def _rows(document: WordDocument, one: str, many: str, cells: tuple[str, ...], head: str = "") -> None:
    """A table with a row for each of ``many``; docxtpl takes away the rows that only hold an order."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    table = document.add_table(rows=0, cols=len(cells), style="Table Grid")
    rows = [
        [f"{{%tr for {one} in {many} %}}"],
        [f"{{{{ {one}.{cell} }}}}" for cell in cells],
        ["{%tr endfor %}"],
    ]
    if head:
        rows.insert(0, [f"{{{{ {head}[{number}] }}}}" for number in range(len(cells))])
    for words in rows:
        row = table.add_row()
        for cell, text in zip(row.cells, words, strict=False):
            cell.text = text
        for cell, width in zip(row.cells, WIDTHS_CM if len(cells) == len(WIDTHS_CM) else (5.0, 12.4), strict=True):
            cell.width = Cm(width)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - the library has no word for it
    if head:  # the head of the columns stands on every page
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001


def _dress(document: WordDocument) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415

    fonts = {"Title": TITLE_FONT, "Heading 2": HEADING_FONT, "Heading 3": HEADING_FONT, "Intense Quote": HEADING_FONT}
    for name in ("Normal", "Title", "Heading 2", "Heading 3", "Intense Quote", "List Bullet", "Header", "Footer"):
        style = document.styles[name]
        style.font.name = WESTERN
        style.font.color.rgb = RGBColor(0, 0, 0)
        named = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font wins over a named one
            named.attrib.pop(qn(f"w:{theme}"), None)
        named.set(qn("w:eastAsia"), fonts.get(name, FONT))
    for name, size in (
        ("Normal", 9.5),
        ("Title", 18),
        ("Heading 2", 14),
        ("Heading 3", 11),
        ("Header", 9),
        ("Footer", 9),
    ):
        document.styles[name].font.size = Pt(size)
    for name, before, after in SPACES_PT:
        spaces = document.styles[name].paragraph_format
        spaces.space_before, spaces.space_after, spaces.line_spacing = Pt(before), Pt(after), 1.0
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.9)
    section.header_distance = section.footer_distance = Cm(0.9)
    properties = document.core_properties
    properties.author, properties.comments = "Anzhi", ""
    properties.created = properties.modified = NO_MOMENT


def _frame(section: Section) -> None:
    section.header.paragraphs[0].text = "{{ house }} · {{ heading }}\t{{ number }}"
    foot = section.footer.paragraphs[0]
    foot.text = "{{ disclaimer }} · {{ profile }}\t"
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")
    for paragraph in (section.header.paragraphs[0], foot):
        paragraph.style.paragraph_format.tab_stops.clear_all()
        _right_edge(paragraph, section)


def _right_edge(paragraph: Paragraph, section: Section) -> None:
    """The right edge of our paper, not that of the library's."""
    from docx.enum.text import WD_TAB_ALIGNMENT  # noqa: PLC0415
    from docx.shared import Length  # noqa: PLC0415

    whole, left, right = (one or 0 for one in (section.page_width, section.left_margin, section.right_margin))
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Length(whole - left - right), WD_TAB_ALIGNMENT.RIGHT)


def _field(paragraph: Paragraph, name: str) -> None:
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


if __name__ == "__main__":
    PATH.write_bytes(make_template())
