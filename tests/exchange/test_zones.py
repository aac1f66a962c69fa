"""What a zone says of itself: its grade, its words and its numbers."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gis_layers.exchange import ReadingOptions, note_extent, read_extent
from gis_layers.exchange.delivery.report import UntrustedFile
from gis_layers.exchange.layers.fields import find_columns
from tests.exchange.deliveries import GEO4, feature, polygon, read, rows_of_squares, square, told, write_geojson
from tests.saying import tells

ZONE_COLUMNS = [
    "feature", "hazard", "product", "grade", "grade_rank", "grade_scheme", "name", "survey_date", "scale", "intensity",
    "arrival_min", "overburden_m", "fault_age", "corridor_kind", "source", "source_id", "geometry",
]  # fmt: skip
TRACE = {"type": "LineString", "coordinates": [[99.7, 39.3], [99.9, 39.4]]}


def zone(tmp_path: Path, *, options: ReadingOptions | None = None, terms: Any = None, **properties: Any) -> Any:
    path = write_geojson(tmp_path / "z.geojson", [feature(polygon(square()), **properties)])
    delivery = read(path, options, **terms or {})
    assert list(delivery.frame.columns) == ZONE_COLUMNS
    return delivery.frame.iloc[0]


@pytest.mark.parametrize(
    ("word", "grade"), [("高", "高"), ("高风险区", "高"), ("２", "高"), (2, "高"), (" Ｈ ", "高"), ("极高", "极高")]
)
def test_a_grade_word_is_read_through_its_scheme(tmp_path: Path, word: object, grade: str) -> None:
    row = zone(tmp_path, 危险性等级=word)
    assert (row["grade"], row["grade_rank"]) == (grade, GEO4[grade].rank)


def test_an_unknown_grade_word_is_refused_with_the_words_that_are_known(tmp_path: Path) -> None:
    delivery = read(write_geojson(tmp_path / "z.geojson", [feature(polygon(square()), 危险性等级="特高")]))
    problem = delivery.report.problems[0]
    assert tells(problem.problem, "等级「{word}」不在所选分级方案里", word="特高")
    assert tells(problem.advice, "可用的等级：{known}；或用 --grade-scheme 换一种方案", known="极高、高、中、低")
    assert problem.location == pytest.approx((99.805, 39.335))


@pytest.mark.parametrize("word", ["未评估", None, "", "—"])
def test_a_zone_nobody_graded_is_loaded_only_where_the_hazard_needs_no_grade(tmp_path: Path, word: str | None) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(polygon(square()), 危险性等级=word)])
    assert read(path).report.features_refused == 1
    frame = read(path, grade_required=False).frame
    assert frame["grade"].iloc[0] is None
    assert frame["grade_rank"].iloc[0] is None


def test_without_a_grade_column_the_file_is_refused_and_its_columns_are_listed(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [{**feature(polygon(square())), "properties": {"甲": 1, "乙": "高"}}])
    delivery = read(path)
    assert not delivery.report.trusted
    assert tells(
        delivery.report.problems[0].advice,
        "用 --grade-field 指明，或用 --grade 给定统一的等级；现有的列：{columns}",
        columns="甲、乙",
    )
    assert read(path, grade_field="乙").frame["grade"].iloc[0] == "高"
    assert read(path, fixed_grade=GEO4["中"]).frame["grade"].iloc[0] == "中"
    assert read(path, ReadingOptions(fields={"grade": "乙"})).frame["grade"].iloc[0] == "高"


def test_two_columns_that_may_both_be_the_grade_are_not_guessed_between(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(polygon(square()), 风险等级="低")])
    delivery = read(path)
    assert not delivery.report.trusted
    assert tells(told(delivery, None), "有几列都可能是等级：{columns}", columns="风险等级、危险性等级")
    assert read(path, grade_field="风险等级").frame["grade"].iloc[0] == "低"


def test_a_column_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", rows_of_squares(1))
    assert tells(told(read(path, grade_field="分级"), None), "文件里没有名为「{wanted}」的列", wanted="分级")


def test_attributes_are_found_under_their_usual_chinese_names(tmp_path: Path) -> None:
    row = zone(
        tmp_path, 调查日期="2023年5月1日", 比例尺="1:5万", 烈度="Ⅷ度", 到达时间="３０分钟", 覆盖层厚度="61.5m", 断层时代="晚更新世", 编号="GT-07"
    )  # fmt: skip
    assert (row["survey_date"], row["scale"], row["intensity"]) == (date(2023, 5, 1), 50_000, 8.0)
    assert (row["arrival_min"], row["overburden_m"], row["fault_age"], row["source_id"]) == (30.0, 61.5, "Q3", "GT-07")
    assert row["corridor_kind"] is None
    assert zone(tmp_path, 管控类型="铁路线路安全保护区")["corridor_kind"] == "railway"


def test_attributes_are_found_under_the_names_we_are_told(tmp_path: Path) -> None:
    options = ReadingOptions(fields={"name": "MC", "scale": "BLC"})
    row = zone(tmp_path, options=options, MC="南滩", BLC=10_000)
    assert (row["name"], row["scale"]) == ("南滩", 10_000)


def test_what_is_said_of_the_whole_delivery_holds_for_every_zone(tmp_path: Path) -> None:
    terms = {"source": "高台县自然资源局", "survey_date": date(2022, 6, 30), "scale": 50_000}
    row = zone(tmp_path, terms=terms)
    assert (row["source"], row["survey_date"], row["scale"]) == ("高台县自然资源局", date(2022, 6, 30), 50_000)


@pytest.mark.parametrize(
    ("column", "cell", "ours"),
    [("到达时间", "很快", "arrival_min"), ("覆盖层厚度", "-3", "overburden_m"), ("烈度", "15", "intensity"), ("调查日期", "2023年", "survey_date"),
     ("比例尺", "大", "scale"), ("断层时代", "很老", "fault_age")],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_unknown_and_told(tmp_path: Path, column: str, cell: str, ours: str) -> None:
    delivery = read(write_geojson(tmp_path / "z.geojson", [feature(polygon(square()), **{column: cell})]))
    assert delivery.report.features_loaded == 1
    assert delivery.frame[ours].iloc[0] is None
    assert cell in told(delivery, 0)
    assert tells(told(delivery, 0), "{trouble}；此值按缺失处理")


def test_faults_may_be_lines_and_other_hazards_may_not(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(TRACE), feature(polygon(square()))])
    assert list(read(path).frame["feature"]) == [1]
    faults = read(path, hazard="fault", grade_required=False, grade_words={})
    assert list(faults.frame.geometry.geom_type) == ["MultiLineString", "MultiPolygon"]


def test_lines_have_no_surveyed_ground_of_their_own_and_the_report_says_so(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "z.geojson", [feature(TRACE)])
    faults = read(path, hazard="fault", grade_required=False, grade_words={})
    own = read_extent("zones", ReadingOptions())
    assert "--extent" in note_extent(faults, own).report.problems[0].advice
    given = read_extent(write_geojson(tmp_path / "e.geojson", rows_of_squares(1)), ReadingOptions())
    assert note_extent(faults, given).report.problems == faults.report.problems


def test_our_own_name_beats_the_usual_ones() -> None:
    assert find_columns(["grade"], ["等级", "GRADE"], {}) == {"grade": "GRADE"}
    assert find_columns(["name"], ["等级"], {}) == {}
    with pytest.raises(UntrustedFile, match="几列"):
        find_columns(["grade"], ["风险等级", "易发性分区"], {})
