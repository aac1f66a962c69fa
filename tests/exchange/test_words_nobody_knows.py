"""A word nobody knows is never taken for a default where a judgement rests on it: its row is refused by name, with the next step."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_layers.exchange import Declarations, Delivery, ReadingOptions, read_hidden_dangers, read_projects, read_sites
from risk_model.rulebook import load_rulebook
from risk_model.vocabulary import ProjectClass
from tests.exchange.deliveries import feature, polygon, square, told, write_geojson
from tests.saying import tells

BOOK = load_rulebook()
OF_THE_RULEBOOK = Declarations(BOOK.terms.building_words, default_class=ProjectClass.K6)
BLANK = [None, "", " ", "-", "/", "无", "暂无", "NULL"]
SAYS_UNKNOWN = ["未知", "不详"]
NO_CLASS = ["K10", "K1-K3", "一类", "K", "四", "8", True, ["K1", "K2"], {"a": "K1"}]
NO_SEISMIC = ["E", "戊类", "乙丙", "7度", True, {"a": "乙"}]
NO_BUILDING = ["学校", "hospital2", "医院?", 3, True]
words = st.text("甲类建筑K抗0", min_size=2, max_size=5)
CELLS = st.sampled_from(BLANK + SAYS_UNKNOWN + NO_CLASS + NO_SEISMIC + NO_BUILDING) | words


def read(columns: dict[str, list[Any]], *, projects: bool = False) -> Delivery:
    rows = [
        feature(polygon(square(99.60 + 0.01 * number)), 名称=f"{number}号", **dict(zip(columns, cells, strict=True)))
        for number, cells in enumerate(zip(*columns.values(), strict=True))
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = write_geojson(Path(folder) / "s.geojson", rows)
        return (read_projects if projects else read_sites)(path, ReadingOptions(), OF_THE_RULEBOOK)


@pytest.mark.parametrize("projects", [False, True], ids=["sites", "projects"])
@pytest.mark.parametrize(
    ("column", "strange"),
    [("project_class", NO_CLASS), ("seismic_class", NO_SEISMIC), ("building_type", NO_BUILDING)],
)
def test_what_nobody_understands_is_refused_and_what_is_blank_is_not(projects: bool, column: str, strange: list[Any]):
    cells = [*strange, *SAYS_UNKNOWN, *BLANK]
    beside = {} if column == "project_class" else {"project_class": ["K6"] * len(cells)}
    delivery = read({column: cells, **beside}, projects=projects)
    refused = len(cells) if projects and column == "project_class" else len(strange) + len(SAYS_UNKNOWN)
    assert list(delivery.frame["feature"]) == list(range(refused, len(cells)))
    assert set(delivery.frame[column]) <= {None}
    for number in range(len(strange) + len(SAYS_UNKNOWN)):
        assert column in told(delivery, number) or tells(told(delivery, number), "没有可用的{what}", what="项目类别")
    assert all(problem.advice for problem in delivery.report.problems)


@given(cells=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_loaded_site_says_nothing_or_what_it_was_understood_to_say(cells: list[tuple[Any, Any, Any]]):
    names = ("project_class", "seismic_class", "building_type")
    delivery = read({name: [row[number] for row in cells] for number, name in enumerate(names)})
    assert delivery.report.features_loaded + delivery.report.features_refused == len(cells)
    for row in delivery.frame.to_dict("records"):
        for name, cell in zip(names, cells[row["feature"]], strict=True):
            assert (row[name] is None) == (cell in BLANK), (name, cell, row[name])


@pytest.mark.parametrize(
    ("column", "word"), [("督办级别", "区级"), ("督办级别", "不详"), ("来源渠道", "天上"), ("状态", "悬而未决")]
)
def test_a_hidden_danger_with_a_word_nobody_knows_is_refused(tmp_path: Path, column: str, word: str):
    said = {"隐患编号": "A-1", "状态": "登记", "发现日期": "2026-05-01"}
    rows = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [99.8, 39.3]}, "properties": properties}
        for properties in ({**said, column: word}, {**said, "隐患编号": "A-2"})
    ]
    path = tmp_path / "h.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    delivery = read_hidden_dangers(path, ReadingOptions())
    (kept,) = delivery.frame.to_dict("records")
    assert (kept["code"], kept["found_on"], kept["supervision"]) == ("A-2", date(2026, 5, 1), "none")
    assert f"「{word}」" in told(delivery, 0)
