"""Tables with coordinates: CSV and Excel, from every hand."""

from pathlib import Path

import pytest
import shapely
from openpyxl import Workbook

from gis_layers.errors import AmbiguousLayer, UnreadableFile
from gis_layers.exchange import ReadingOptions, read_sites
from gis_layers.exchange.formats.tabular import read_coordinate
from tests.saying import refusing, tells

HEADING = "名称,经度,纬度,项目类别,抗震设防类别\n"


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_with_longitude_and_latitude_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = table(
        tmp_path / "s.csv", HEADING + "南华中学,99.80,39.33,K2 学校,乙类\n加油站,９９．８１,39.34,k1,\n", encoding
    )
    delivery = read_sites(path, ReadingOptions())
    assert list(delivery.frame["name"]) == ["南华中学", "加油站"]
    assert list(delivery.frame["project_class"]) == ["K2", "K1"]
    assert list(delivery.frame["seismic_class"]) == ["乙", None]
    assert shapely.get_coordinates(delivery.frame.geometry).tolist() == [[99.80, 39.33], [99.81, 39.34]]
    assert delivery.report.encoding == ("GB18030" if encoding == "gb18030" else "UTF-8")


def test_a_row_without_readable_coordinates_is_refused_and_the_others_are_loaded(tmp_path: Path) -> None:
    path = table(
        tmp_path / "s.csv", HEADING + "甲,99.80,39.33,K4,丙\n乙,东边,39.33,K4,丙\n丙,,,K4,丙\n丁,99.81,39.33,K9,戊\n"
    )
    delivery = read_sites(path, ReadingOptions())
    assert list(delivery.frame["feature"]) == [0]
    problems = {problem.feature: problem.problem for problem in delivery.report.problems}
    assert "东边" in problems[1]
    assert tells(problems[2], "没有几何，或几何无法解析")
    assert "K9" in problems[3]
    assert (delivery.report.features_read, delivery.report.features_refused) == (4, 3)


def test_columns_can_be_named_and_well_known_text_is_read(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "n;e;a\n39.33;99.80;x\n")
    options = ReadingOptions(fields={"lon": "e", "lat": "n", "name": "a"})
    assert read_sites(path, options).frame.geometry.iloc[0].wkt == "POINT (99.8 39.33)"
    drawn = table(
        tmp_path / "w.csv", 'name,WKT\na,"POLYGON ((99.8 39.3, 99.81 39.3, 99.81 39.31, 99.8 39.3))"\nb,POLYGON ((\n'
    )
    delivery = read_sites(drawn, ReadingOptions())
    assert delivery.frame.geometry.iloc[0].geom_type == "Polygon"
    assert delivery.report.features_refused == 1


def test_metres_in_a_table_need_their_crs_and_x_for_north_is_found_out(tmp_path: Path) -> None:
    path = table(tmp_path / "s.csv", "名称,X坐标,Y坐标\n甲,4355445.351,33568978.505\n")
    delivery = read_sites(path, ReadingOptions(crs="EPSG:4521"))
    assert not delivery.report.trusted
    assert tells(delivery.report.problems[0].problem, "坐标两轴颠倒：{declared} 的横轴上是北坐标（纬度）")
    mended = ReadingOptions(crs="EPSG:4521", fields={"lon": "Y坐标", "lat": "X坐标"})
    (place,) = shapely.get_coordinates(read_sites(path, mended).frame.geometry)
    assert tuple(place) == pytest.approx((99.80, 39.33), abs=1e-8)


def test_a_table_without_coordinates_says_which_columns_it_looked_for(tmp_path: Path) -> None:
    delivery = read_sites(table(tmp_path / "s.csv", "名称\n甲\n"), ReadingOptions())
    assert delivery.report.features_loaded == 0
    assert tells(
        delivery.report.problems[0].problem,
        "表中没有经纬度列（lon、lat 或 经度、纬度），也没有 WKT 列；现有的列：{columns}",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_undecodable_cell_hides_no_row(tmp_path: Path, encoding: str) -> None:
    text = HEADING + "".join(f"站点{number},99.8{number},39.33,K5,丙\n" for number in range(9))
    path = table(tmp_path / "s.csv", text, encoding)
    path.write_bytes(path.read_bytes().replace("站点4".encode(encoding), b"\xff\xff4"))
    delivery = read_sites(path, ReadingOptions())
    assert delivery.report.features_loaded == 9
    assert list(delivery.frame["name"])[3:6] == ["站点3", None, "站点5"]
    (problem,) = delivery.report.problems
    assert problem.feature == 4
    assert problem.location == pytest.approx((99.84, 39.33))


def test_an_empty_table_and_undecodable_bytes_are_unreadable(tmp_path: Path) -> None:
    with refusing(UnreadableFile, match="empty"):
        read_sites(table(tmp_path / "s.csv", ""), ReadingOptions())
    (tmp_path / "b.csv").write_bytes(b"a,b\n\xff\xff\xff,\x81")
    with refusing(UnreadableFile, match="--encoding"):
        read_sites(tmp_path / "b.csv", ReadingOptions())


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("99°48′00″", 99.8), ("东经99度48分0秒", 99.8), ("39:19:48", 39.33), ("３９．３３", 39.33), (39.33, 39.33), ("39°19.8", None), ("x", None)],
)  # fmt: skip
def test_degrees_are_read_as_people_write_them(cell: object, degrees: float | None) -> None:
    if degrees is None:
        with pytest.raises(ValueError, match=r"\w"):
            read_coordinate(cell)
    else:
        assert read_coordinate(cell) == pytest.approx(degrees)


def test_a_workbook_of_two_sheets_asks_which(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["名称", "lon", "lat"])  # type: ignore[union-attr]
    book.active.append(["南华中学", 99.80, 39.33])  # type: ignore[union-attr]
    book.create_sheet("说明").append(["填表说明"])
    path = tmp_path / "s.xlsx"
    book.save(path)
    with pytest.raises(AmbiguousLayer, match="说明"):
        read_sites(path, ReadingOptions())
    delivery = read_sites(path, ReadingOptions(layer="Sheet"))
    assert list(delivery.frame["name"]) == ["南华中学"]
    book["说明"].delete_rows(1)
    book.save(path)
    assert read_sites(path, ReadingOptions()).report.features_loaded == 1, "an empty sheet is none to choose from"
    with refusing(UnreadableFile, match="empty"):
        read_sites(path, ReadingOptions(layer="说明"))


def test_what_only_calls_itself_a_workbook_is_unreadable(tmp_path: Path) -> None:
    with refusing(UnreadableFile, match="workbook"):
        read_sites(table(tmp_path / "s.xlsx", "not a workbook"), ReadingOptions())
