"""Large sheets: what is written as text is, byte for byte, what openpyxl writes."""

from zipfile import ZipFile

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from gis_layers.exchange.formats import sheet_rows
from gis_layers.exchange.formats.excel import write_sheets
from gis_layers.exchange.text.cells import table_of

WORDS = st.text(max_size=12) | st.sampled_from(["", " 高 ", "a\nb", "=1+1", "<&>\"'", "很长的名字", "-5", "#N/A x"])
CELLS = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=True) | WORDS
ROWS = st.lists(st.tuples(*[CELLS] * 28), min_size=1, max_size=6)


def sheets(path):
    with ZipFile(path) as book:
        return {name: book.read(name) for name in sorted(book.namelist()) if not name.startswith("docProps")}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_a_large_sheet_is_the_same_book_byte_for_byte(tmp_path, monkeypatch, rows):
    table = table_of(pd.DataFrame(rows, columns=[f"c{number}" for number in range(28)], dtype=object))
    books = []
    for large in (1, 1000):
        monkeypatch.setattr(sheet_rows, "LARGE", large)
        books.append(tmp_path / f"{large}.xlsx")
        write_sheets({"rows": table, "more": table.iloc[:0]}, books[-1])
    assert sheets(books[0]) == sheets(books[1])


def test_rows_of_many_runs_follow_each_other_and_what_is_too_long_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_rows, "LARGE", 10)
    monkeypatch.setattr(sheet_rows, "_ROWS_AT_ONCE", 7)
    table = pd.DataFrame(
        {"n": range(40), "word": ["字" * 40_000 if n == 33 else f"w{n % 3}" for n in range(40)]}, dtype=object
    )
    notes = write_sheets({"rows": table}, tmp_path / "x.xlsx")
    read = [*load_workbook(tmp_path / "x.xlsx", read_only=True)["rows"].iter_rows(values_only=True)]
    assert read == [("n", "word"), *((n, f"w{n % 3}") if n != 33 else (n,) for n in range(40))]
    assert len(notes) == 1
    assert "rows[33]" in notes[0]
