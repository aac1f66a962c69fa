"""Cells of a register in words: what stands in a row's column, in the reader's language, and the number behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.http.figures import amount_words, area_words, clock_words, count_words, scale_words
from app.http.geojson import Row
from app.http.i18n import in_language, translate
from app.http.masking import telephones_in
from app.maps.legend import Legend
from app.registers.register_views import Column
from app.reports.register_paper import TableCell, TableColumn
from app.reports.workbook import DAY, SQUARE_METRES, WHOLE, day_cell
from risk_model.codes import code_name, enumeration
from risk_model.dispatch import provisions_asked, provisions_lacking
from risk_model.message import msg

UNKNOWN: Final = "未注明"
NOTHING: Final = "—"
SILENT: Final = frozenset(["reasons", "gaps", "amounts"])
"""Looks of columns in which nothing is an answer, and no lack of one."""
NUMBERS: Final[Mapping[str, str]] = {"number": WHOLE, "area": SQUARE_METRES, "ordinal": "0"}
"""How a spreadsheet writes the numbers of a look."""
DATED: Final = frozenset(["text", "day"])
"""Looks of columns whose days are days to a spreadsheet, too."""
LONG: Final = frozenset(["reasons", "gaps", "words", "amounts", "provisions", "long"])


@dataclass(frozen=True, slots=True)
class Teller:
    """Teller of cells: in which language, by which legend."""

    language: str
    legend: Legend

    def words(self, text: str) -> str:
        """``text`` in the reader's language."""
        return in_language(text, self.language)

    def listed(self, words: Sequence[str]) -> str:
        """Several words in a row."""
        return self.words("、").join(words)


def told_columns(columns: Sequence[Column], language: str) -> tuple[TableColumn, ...]:
    """The columns of a register for a paper."""
    return tuple(
        TableColumn(
            translate(column.title, language),
            NUMBERS.get(column.look, DAY if column.look in DATED else ""),
            column.look in NUMBERS,
            column.look in LONG,
        )
        for column in columns
    )


def told_cell(row: Row, column: Column, teller: Teller) -> TableCell:
    """One cell of a row, before it why its day is not to be relied upon where it is not."""
    told, lapse = _told(row, column, teller), row["lapsed"].get(column.key)
    return _marked(told, lapse, teller) if lapse else told


def _marked(told: TableCell, lapse: str, teller: Teller) -> TableCell:
    """A lapsed day under its mark; a spreadsheet writes the mark before the day, which stays one."""
    mark = f"{teller.words(enumeration('lapse')[lapse].sign)} {teller.words(code_name('lapse', lapse))}".strip()
    if told.value is None:
        return TableCell(mark)
    return TableCell(f"{mark} {told.words}", told.value, f'"{mark} "{DAY}')


def _told(row: Row, column: Column, teller: Teller) -> TableCell:
    value = row[column.key]
    if value is None or (value in ([], "") and column.look != "provisions"):
        return TableCell(NOTHING if column.look in SILENT else teller.words(UNKNOWN))
    if column.look in NUMBERS:
        return TableCell(_figure(value, column.look, teller), value)
    if isinstance(value, str) and column.look in DATED:
        day = day_cell(value)
        return TableCell(value, None if isinstance(day, str) else day)
    return TableCell(_LOOKS.get(column.look, _plain)(row, column, teller))


def _figure(value: float, look: str, teller: Teller) -> str:
    if look == "ordinal":
        return str(value)
    return teller.words(area_words(value)) if look == "area" else count_words(value)


def _plain(row: Row, column: Column, teller: Teller) -> str:  # noqa: ARG001 - all looks are asked alike
    return str(row[column.key])


def _word(row: Row, column: Column, teller: Teller) -> str:
    return teller.words(code_name(column.words, row[column.key]))


def _words(row: Row, column: Column, teller: Teller) -> str:
    return teller.listed([teller.words(code_name(column.words, one)) for one in row[column.key]])


def _provisions(row: Row, column: Column, teller: Teller) -> str:
    asked, lacking = provisions_asked().get(row["kind"], ()), provisions_lacking(row["kind"], row[column.key])
    if not asked:
        return _words(row, column, teller) or NOTHING
    told = f"{len(asked) - len(lacking)}/{len(asked)}"
    missing = teller.listed([teller.words(code_name(column.words, one)) for one in lacking])
    return f"{told} {teller.words(msg('缺 {missing}', missing=missing))}" if lacking else told


def _flag(row: Row, column: Column, teller: Teller) -> str:
    return teller.words("是") if row[column.key] else NOTHING


def _scale(row: Row, column: Column, teller: Teller) -> str:
    return teller.words(scale_words(row[column.key]))


def _amounts(row: Row, column: Column, teller: Teller) -> str:
    return teller.listed([_amount(one) for one in row[column.key]])


def _amount(entry: Mapping[str, Any]) -> str:
    name = entry.get("name") or entry.get("substance") or ""
    if entry.get("tonnes") is not None:
        return f"{name} {amount_words(entry['tonnes'])} t"
    count = entry.get("count")
    return f"{name} ×{'?' if count is None else count_words(count)}"


def _phone(row: Row, column: Column, teller: Teller) -> str:
    return teller.listed([one.written for one in telephones_in(row[column.key])])


def _moment(row: Row, column: Column, teller: Teller) -> str:  # noqa: ARG001 - all looks are asked alike
    return clock_words(row[column.key])


def _reasons(row: Row, column: Column, teller: Teller) -> str:
    return "\n".join(row["reasons_en"] if teller.language == "en" else row[column.key])


def _hazards(row: Row, column: Column, teller: Teller) -> str:
    return teller.listed([teller.words(teller.legend.hazard_name(one)) for one in row[column.key]])


def _hazard(row: Row, column: Column, teller: Teller) -> str:
    return teller.words(teller.legend.hazard_name(row[column.key]))


def _product(row: Row, column: Column, teller: Teller) -> str:
    return teller.words(code_name("product", row[column.key]))


def _grade(row: Row, column: Column, teller: Teller) -> str:
    looks = teller.legend.of_scheme(row["grade_scheme"])
    numeral = next((one.numeral for one in looks if one.rank == row["grade_rank"]), "")
    return f"{numeral} {teller.words(row[column.key])}".strip()


_LOOKS: Final[Mapping[str, Callable[[Row, Column, Teller], str]]] = {
    "verdict": _word, "word": _word, "words": _words, "provisions": _provisions, "flag": _flag, "scale": _scale, "amounts": _amounts,
    "phone": _phone, "moment": _moment, "long": _plain, "reasons": _reasons, "gaps": _hazards, "hazard": _hazard, "product": _product, "grade": _grade,
}  # fmt: skip
