"""A letter, and it as a Word file, which an office completes, signs and seals."""

from __future__ import annotations

from dataclasses import dataclass

from app.reports.word_file import packed

FACE, SUBJECT_PT, TEXT_PT = "FangSong", 18, 14


@dataclass(frozen=True, slots=True)
class Letter:
    """Lines of a letter in one language: its subject, whom it asks, what it says, who signs, on which day."""

    subject: str
    office: str
    paragraphs: tuple[str, ...]
    sender: str
    day: str

    @property
    def text(self) -> str:
        """The whole letter as plain text."""
        return "\n\n".join((self.subject, self.office, *self.paragraphs, self.sender, self.day))


def letter_as_word(letter: Letter) -> bytes:
    """``letter`` as a .docx."""
    from docx import Document  # noqa: PLC0415 - loaded by whoever writes one
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FACE, Pt(TEXT_PT)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    subject = document.add_paragraph()
    subject.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = subject.add_run(letter.subject)
    run.bold, run.font.size = True, Pt(SUBJECT_PT)
    document.add_paragraph(letter.office)
    for words in letter.paragraphs:
        document.add_paragraph(words).paragraph_format.first_line_indent = Pt(2 * TEXT_PT)
    for words in (letter.sender, letter.day):
        document.add_paragraph(words).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return packed(document)
