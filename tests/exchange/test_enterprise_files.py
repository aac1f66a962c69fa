"""Credit codes, risk points in a cell, and the ledger of hidden dangers with its Chinese heading."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_layers.exchange import ReadingOptions, read_enterprises, read_hidden_dangers
from gis_layers.exchange.text.credit_codes import WEIGHTS, check_sign, read_credit_code, says_unlicensed
from gis_layers.exchange.text.listed_stock import read_inventory
from gis_layers.exchange.text.risk_points import read_risk_points
from tests.exchange.deliveries import told

CODE = "91350100M000100Y43"
HEADING = (
    "隐患编号,来源渠道,行业领域,单位名称,统一社会信用代码,村(社区)代码,经度,纬度,坐标系,判定标准,判定条款(原文),发现日期,确认日期,整改措施,"
    "整改责任人,整改资金(万元),整改期限,应急预案,督办级别,状态,验收人,销号日期,备注"
)


def line(code="YH-1", state="整改中", confirmed="2026-05-03", deadline="2026-07-01", closed="", **more: str) -> str:
    crs, found = more.get("crs", "CGCS2000"), more.get("found", "2026-05-01")
    return (
        f"{code},群众举报,工贸,试验厂,{CODE},620724102201,99.80,39.33,{crs},工贸10号令,第一条,{found},{confirmed},停用,甲某,1.5,{deadline},有,镇级,"
        f"{state},乙某,{closed},备注"
    )


def ledger(folder: Path, *lines: str, heading: str = HEADING) -> Path:
    path = folder / "ledger.csv"
    path.write_text("﻿" + "\n".join([heading, *lines]), encoding="utf-8")
    return path


def test_the_last_sign_of_a_credit_code_proves_the_others():
    assert WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    assert read_credit_code(f" {CODE.lower()} ") == CODE
    assert read_credit_code("９１３５０１００Ｍ０００１００Ｙ４３") == CODE


@pytest.mark.parametrize("wrong", ["91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43", "", "无照"])
def test_a_credit_code_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="统一社会信用代码"):
        read_credit_code(wrong)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_sign_is_always_noticed(first, place, shift):
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    other = first[:place] + signs[(signs.index(first[place]) + shift) % 31] + first[place + 1 :]
    assert check_sign(other) != check_sign(first)


def test_an_enterprise_may_say_that_it_has_no_licence():
    assert says_unlicensed("无照")
    assert not says_unlicensed(CODE)


def test_risk_points_are_read_from_one_cell():
    first, second = read_risk_points("储罐区：LEC 3*6×15；配电室:LS=3x4")
    assert (first["name"], first["method"]) == ("储罐区", "lec")
    assert first["figures"] == {"likelihood": 3.0, "exposure": 6.0, "consequence": 15.0}
    assert (second["method"], second["figures"]) == ("matrix", {"likelihood": 3.0, "severity": 4.0})


@pytest.mark.parametrize("cell", ["储罐区", "储罐区:LEC 3*6", "储罐区:FTA 3*6*7", "储罐区:LS 3*.*", "甲:LS 1*1;乙"])
def test_a_risk_point_that_cannot_be_read_spoils_the_list(cell):
    with pytest.raises(ValueError, match=r"储罐区|乙"):
        read_risk_points(cell)


def test_stock_may_name_its_unit_and_its_classes():
    assert read_inventory("罐区/液氯:15;粗品[W5.1+J5]:3吨;氨").value[:2] == [
        {"substance": "液氯", "cas": None, "tonnes": 15.0, "unit": "罐区"},
        {"substance": "粗品", "cas": None, "tonnes": 3.0, "classes": ["W5.1", "J5"]},
    ]
    assert read_inventory("氨").value[0]["tonnes"] is None


def test_enterprises_come_with_code_scores_and_conditions(tmp_path: Path):
    path = tmp_path / "e.csv"
    path.write_text(
        f"企业名称,信用代码,风险点,诊断得分,直接判定情形,经度,纬度\n甲,{CODE},罐区:LEC 6*6*7,88,undesigned_plant,99.8,39.3\n乙,无照,,,,99.8,39.3\n"
        "丙,123,罐区:LEC 4*6*7,,,99.8,39.3\n",
        encoding="utf-8",
    )

    def check(point: dict) -> None:
        if point["figures"].get("likelihood") == 4:
            raise ValueError("no score for 4")

    delivery = read_enterprises(path, ReadingOptions(), check)
    first, second, third = delivery.frame.to_dict("records")
    assert [point["method"] for point in first["risk_points"]] == ["lec", "diagnosis"]
    assert first["risk_points"][1]["conditions"] == ["undesigned_plant"]
    assert (first["credit_code"], second["credit_code"], second["unlicensed"]) == (CODE, None, True)
    assert (third["risk_points"], third["credit_code"]) == (None, None)
    assert "no score for 4" in told(delivery, 2)


def test_the_usual_ledger_is_read_by_its_chinese_heading_and_names_nobody(tmp_path: Path):
    delivery = read_hidden_dangers(
        ledger(tmp_path, line(), line("YH-2", "销号", closed="2026-06-30")), ReadingOptions()
    )
    first, second = delivery.frame.to_dict("records")
    assert delivery.report.features_loaded == 2
    assert (first["code"], first["state"], first["channel"], first["supervision"]) == (
        "YH-1",
        "rectifying",
        "report",
        "town",
    )
    assert (first["enterprise"], first["credit_code"], first["village_code"]) == ("试验厂", CODE, "620724102201")
    assert (first["found_on"], first["deadline"], second["closed_on"]) == (date(2026, 5, 1), date(2026, 7, 1), date(2026, 6, 30))  # fmt: skip
    assert "甲某" not in str(delivery.frame.to_dict())


def test_own_names_and_told_fields_are_read_too(tmp_path: Path):
    path = ledger(tmp_path, "A-1,登记,2026-05-01,99.8,39.3", heading="no,state,found_on,lon,lat")
    options = ReadingOptions(fields={"code": "no"})
    (row,) = read_hidden_dangers(path, options).frame.to_dict("records")
    assert (row["code"], row["state"], row["channel"]) == ("A-1", "registered", "department")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (line(state="悬而未决"), "状态"),
        (line(code=""), "编号"),
        (line(found=""), "发现日期"),
        (line(confirmed=""), "确认日期"),
        (line(deadline=""), "整改期限"),
        (line(closed="2026-06-01"), "销号日期"),
        (line(confirmed="2026-04-01"), "早于发现"),
        (line(state="销号", closed="2026-05-02"), "早于确认"),
        (line(crs="GCJ-02"), "坐标系"),
    ],
)
def test_a_line_that_contradicts_itself_is_refused_by_name(tmp_path: Path, wrong, why):
    delivery = read_hidden_dangers(ledger(tmp_path, line("YH-0"), wrong), ReadingOptions())
    assert (delivery.report.features_loaded, delivery.report.features_refused) == (1, 1)
    assert why in told(delivery, 1)


def test_a_code_that_stands_twice_is_loaded_once(tmp_path: Path):
    delivery = read_hidden_dangers(ledger(tmp_path, line(), line()), ReadingOptions())
    assert delivery.report.features_refused == 1
