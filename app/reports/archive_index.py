"""The index of an archive of reports: one row for each site of the file, printed or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.http.i18n import in_language
from app.reports import phrases
from app.reports.register_files import ABOUT
from app.reports.workbook import BookSheet, CellValue, SheetColumn, about_sheet, write_book
from risk_model.message import msg

HEADING: Final = msg("报告索引")
COLUMNS: Final = (
    msg("地块"),
    msg("名称"),
    msg("项目类别"),
    msg("筛查结论"),
    msg("登记编号"),
    msg("区划版次"),
    msg("规则库"),
    msg("报告文件"),
    msg("结果摘要 SHA-256"),
    msg("文件 SHA-256"),
    msg("未出报告的原因"),
)
NOT_PRINTED: Final = msg("未出报告")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One site of the file by its number there from 0; ``why`` says why it has no report, else what it rests on is told."""

    site: int
    name: str
    project_class: str
    verdict: str = ""
    borderline: bool = False
    number: str = ""
    edition: int | None = None
    rulebook: str = ""
    digest: str = ""
    file: str = ""
    file_digest: str = ""
    why: str = ""
    synthetic: bool = False


def write_index(rows: Sequence[IndexRow], left_out: int, house: str, language: str) -> bytes:
    """The index as a workbook, in one language; ``left_out`` sites of the file have no row. Cells are guarded against formulas."""

    def say(words: str) -> str:
        return in_language(words, language)

    def cells(row: IndexRow) -> Iterator[CellValue]:
        verdict = " · ".join(say(one) for one in (row.verdict, phrases.BORDERLINE if row.borderline else "") if one)
        yield from (row.site, row.name, row.project_class, verdict or say(NOT_PRINTED), row.number, row.edition)
        yield from (row.rulebook, row.file, row.digest, row.file_digest, say(row.why))

    sheet = BookSheet(say(HEADING), tuple(SheetColumn(say(one)) for one in COLUMNS), [[*cells(row)] for row in rows])
    printed = sum(row.file != "" for row in rows)
    facts = [
        (say(phrases.ISSUED_BY), say(house)),
        (say(msg("地块数")), len(rows) + left_out),
        (say(msg("报告数")), printed),
        *([(say(msg("未列出的地块（结论较轻）")), left_out)] if left_out else []),
        (say(phrases.DISCLAIMER), ""),
    ]
    if any(row.synthetic for row in rows):
        facts.append((say(phrases.SYNTHETIC), ""))
    return write_book([sheet, about_sheet(ABOUT, (say(phrases.FACT), say(phrases.TOLD)), facts)])
