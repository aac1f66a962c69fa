"""The English of the interface: one word for one thing as the glossary has it, singular and plural, one capitalisation."""

import re
from pathlib import Path

import pytest

from app.http.i18n import COUNTED, catalogue, counted_place, in_language, singulars, translate
from risk_model.message import msg

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?P<chinese>[^|]+) \| (?P<english>[^|]+) \| ", re.MULTILINE)
PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")

OTHER_WORDS = {
    "图层、成果": "a layer of a file or a map and the product of a survey, too",
    "等级": "a grade is often left out where what is graded is named",
    "等级体系": "a scheme of what, the sentence says",
    "分级结果": "graded hazard and graded risk are the names of its two products",
    "本地改动": "an overlay to a programmer, local changes to everybody else",
    "改动": "a change of anything",
    "依据": "evidence, basis, ground: what anything rests on",
    "规则": "also of other rules than ours",
    "要求": "a plain verb, too",
    "接触": "a plain verb, too",
    "发现": "a plain verb, too",
    "登记": "to record, to register",
    "四色": "a page of enterprises is called after them",
    "试算": "to try is the verb",
    "桩号": "a road with its stakes in a field of few letters",
    "备份": "to back up is the verb",
    "暴露": "the degree of exposure is a figure of its own",
    "结论": "also of a survey or of a meeting",
    "专题": "left out where the sentence is of nothing else",
    "任务": "a calendar of them, a part of one",
    "稳定性": "tested is the verb",
    "灾种": "a score is one of a hazard already",
}
"""Terms that stand for more than their own thing in Chinese, or go without saying in English, with why."""
SHORTER = {"灾害链": "chain", "调查范围": "survey", "普查综合风险区划": "composite risk zoning"}
"""Terms the English may say with one word of theirs."""


def terms() -> dict[str, str]:
    rows = ROW.findall((ROOT / "docs/glossary.md").read_text("utf-8"))
    return {
        chinese: english for chinese, english in rows if re.search("[\u4e00-\u9fff]", chinese) and chinese != "中文"
    }


def contradictions(said: dict[str, str]) -> list[tuple[str, str]]:
    """Sentences whose English calls a term of the glossary something else."""
    return [
        (chinese, english)
        for term, word in terms().items()
        if term not in OTHER_WORDS
        for chinese, english in said.items()
        if term in chinese and not _holds(english.lower(), SHORTER.get(term, word))
    ]


def _holds(english: str, word: str) -> bool:
    """Whether the English has the term, in the plural or not."""
    return re.sub(r"(y|s)$", "", word.split(",", maxsplit=1)[0].lower()) in english


def test_the_english_calls_every_term_what_the_glossary_calls_it():
    assert len(terms()) - len(OTHER_WORDS) > 30
    assert contradictions(dict(catalogue("en"))) == []
    assert contradictions({"重大危险源": "major source of danger"})
    assert OTHER_WORDS.keys() | SHORTER.keys() <= terms().keys()


NOUNS = re.compile(r"(?: [a-z-]+){0,2}? (?P<noun>[a-z]{2,}[a-rt-z]s)\b")
NO_PLURAL = frozenset(["has", "its", "was", "this", "always", "less", "minus"])
ALWAYS_SEVERAL = {
    "一个方案有 2 到 {count} 个等级": "more than two",
    "这里有 {n} 个图形，一次只筛查一个；请用文件选择其中一个。": "said of several alone",
    "这些坐标有 {n} 种读法，请选定一种：": "said of several alone",
    "至少要 {n} 个不同的点，现在只有 {found} 个。": "two or three",
    "{name} 里有 {n} 个图层；请指明其中一个（命令行用 --layer）：{layers}": "said of several alone",
    "点有 {n} 对坐标，应当只有一对": "said of several alone",
    "面有 {n} 个外边界，应当只有一个": "said of several alone",
    "表 {name} 的 {rows} 行内容不同": "a table, however many rows it has",
    "这份台账有 {rows} 行，一份文件最多 {most} 行；请先筛选，或下载 Excel、CSV": "thousands",
    "第 {n} 行有 {count} 个数，看不出哪两个是坐标。": "three or more",
    "第 {n} 行的两个坐标都标成了经度或都标成了纬度。": "the number of a line",
    "图形有 {found} 个顶点，最多 {most} 个；请简化图形或拆分后重试": "more than may be",
    "图形有 {found} 个部分（含内环），最多 {most} 个；请拆分后重试": "more than may be",
    "{name}：.shp 有 {shapes} 个图形，.shx 列出 {listed} 个，.dbf 有 {rows} 行，无法判断哪一行属于哪个图形；"
    "请向资料提供单位索取同一次导出的全部文件": "of four numbers none is first",
    "{where}：{count} 个字的文字放不进一个单元格，已略去": "thousands",
    "地块写明面积 {written} 公顷，界址点围成 {found} 公顷": "a measure with its decimals",
}
"""Sentences that are never said of one, with why."""


def test_whoever_counts_in_english_can_count_to_one():
    lacking = set()
    for chinese, english in catalogue("en").items():
        place = counted_place(chinese)
        for sign in (f"%({place})s", f"{{{place}}}"):
            found = NOUNS.match(english.partition(sign)[2]) if sign in english else None
            if (
                found
                and found["noun"] not in NO_PLURAL
                and chinese not in singulars("en").keys() | ALWAYS_SEVERAL.keys()
            ):
                lacking.add((chinese, english))
    assert lacking == set()


@pytest.mark.parametrize("chinese", singulars("en"))
def test_singular_and_plural_are_of_one_count(chinese):
    one, several = singulars("en")[chinese], catalogue("en")[chinese]
    assert counted_place(chinese) in COUNTED
    assert one != several
    assert {*PLACE.findall(one)} <= {*PLACE.findall(several)} == {*PLACE.findall(chinese)}


def test_one_is_singular_wherever_it_is_said():
    assert translate("%(count)s 个区", "en", count=1) == "1 zone"
    assert translate("%(count)s 个区", "en", count="1") == "1 zone"
    assert translate("%(count)s 个区", "en", count=11) == "11 zones"
    assert translate("%(count)s 个区", "zh", count=1) == "1 个区"
    assert in_language(msg("{days} 天", days=1), "en") == "1 day"
    assert in_language(msg("{hours} 小时", hours="0"), "en") == "0 hours"
    assert in_language(msg("{days} 天", days=1), "zh") == "1 天"


HEAD = re.compile(r"<(?:th|dt|h[1-6]|button|label|summary|legend)\b[^<]*?>\s*\{\{ ?_\([\"']([^\"']+)[\"']\) ?\}\}")
NAMES = re.compile(
    r"\b(?:Anzhi|Access|Arc\w+|Beijing|Chinese|Chrome|Edge|English|Enter|Excel|Feature|Firefox|Gauss|Geo\w+|Infinity|Linux|Mac|"
    r"Office|Open\w+|Parquet|Post\w+|Python|Safari|Space|Topo\w+|Word|Libre\w+|Authorization|Bearer|Ctrl|Done|If|Backup|Alt|Shift|Del)\b"
)
"""Words with a capital of their own."""
TITLE_CASE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+\b")


def test_headings_and_buttons_begin_with_a_capital_and_have_no_other():
    for path in sorted((ROOT / "app/templates").rglob("*.html")):
        for chinese in HEAD.findall(path.read_text("utf-8")):
            assert not catalogue("en")[chinese][0].islower(), (path.name, chinese)
    other = {english for english in catalogue("en").values() if TITLE_CASE.search(NAMES.sub("", english))}
    assert other == set()


def test_sentences_of_the_scripts_are_joined_as_the_language_parts_them():
    """Sentences pushed one after another and joined by nothing would run into each other in English."""
    glued = [
        path.name
        for path in sorted((ROOT / "static/js").rglob("*.js"))
        if re.search(r"\b(told|words|said|sentences)(\.filter\(Boolean\))?\.join\(\"\"\)", path.read_text("utf-8"))
    ]
    assert glued == []
