"""What people write in cells."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.exchange.text import values
from gis_layers.exchange.text.days import read_day
from gis_layers.exchange.text.quantities import METRES, MINUTES, PERSONS, read_intensity, read_scale
from gis_layers.exchange.text.written import is_nothing


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2023-05-01", date(2023, 5, 1)), ("2023/5/1", date(2023, 5, 1)), ("2023.5.1", date(2023, 5, 1)), ("20230501", date(2023, 5, 1)),
     (20230501.0, date(2023, 5, 1)), ("２０２３年５月１日", date(2023, 5, 1)), ("2023-05-01T08:00:00", date(2023, 5, 1)),
     (datetime(2023, 5, 1, 8, tzinfo=UTC), date(2023, 5, 1)), (date(2023, 5, 1), date(2023, 5, 1))],
)  # fmt: skip
def test_a_day_is_read_as_it_is_written(cell: object, day: date) -> None:
    assert read_day(cell) == day


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_is_read_in_every_spelling(day: date) -> None:
    for pattern in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"):
        assert read_day(day.strftime(pattern)) == day


@pytest.mark.parametrize(
    ("read", "cell"),
    [(read_day, "2023年5月"), (read_day, "2023-02-30"), (read_day, "去年"), (METRES, "十"),
     (METRES, "1e999"), (METRES, "-1"), (PERSONS, "1.5"), (read_intensity, "13"),
     (read_intensity, "XX"), (read_scale, "0"), (read_scale, "很大"), (values.read_fault_age, "寒武纪末"),
     (values.read_corridor_kind, "航道")],
)  # fmt: skip
def test_what_is_not_clear_is_an_error_with_the_text_in_it(read: Callable[[object], object], cell: str) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]") as trouble:
        read(cell)
    assert cell in str(trouble.value)


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [(METRES, "１，２３４．５", 1234.5), (MINUTES, "30分钟", 30.0), (PERSONS, "1200人", 1200),
     (read_intensity, "Ⅷ", 8.0), (read_intensity, "8度", 8.0), (read_intensity, 7, 7.0), (read_scale, "1：5万", 50_000),
     (read_scale, "1:50,000", 50_000), (read_scale, 10_000.0, 10_000), (values.read_fault_age, "全新世活动断裂", "Q4h"),
     (values.read_corridor_kind, "公路建筑控制区", "road"), (values.read_corridor_kind, "铁路", "railway"),
     (values.read_corridor_kind, "电力线路保护区", "power"), (values.read_corridor_kind, "pipeline", "pipeline"),
     (values.read_fault_age, "Q3", "Q3"), (values.read_text, 12.0, "12"), (values.read_text, " 甲 ", "甲")],
)  # fmt: skip
def test_units_full_width_digits_and_chinese_words_are_understood(
    read: Callable[[object], object], cell: object, value: object
) -> None:
    assert read(cell) == value


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "—", "/", "不详", "NULL", float("nan")])
def test_a_cell_may_say_that_there_is_nothing(cell: object) -> None:
    assert is_nothing(cell)
    assert not is_nothing(0)
