"""Words the profession has already given a meaning, kept to it on every page, print, file and message."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPOKEN = ("app", "gis_layers", "risk_model", "static/js", "static/css", "docs", "README.md", "README.zh.md")
WRITTEN = {".py", ".js", ".css", ".html", ".svg", ".po", ".toml", ".md"}
FOREIGN = {"gis_layers/exchange/text/usual_headings.py"}
"""What other offices' files say."""
ALSO_FOREIGN = re.compile(r"\s*suffixes = .*|also = \[[^\]]*\]")
"""What they say beside our own words."""
LOOSE_REDLINE = re.compile("(?<!生态保护)红线")
LOOSE_RISK = re.compile("(?<!普查)(?<!自然灾害)综合风险|多灾种危险性")


def spoken() -> list[Path]:
    """The files that say something to people, in whatever form."""
    found = [ROOT / place for place in SPOKEN if (ROOT / place).is_file()]
    for place in SPOKEN:
        found += [path for path in (ROOT / place).rglob("*") if path.suffix in WRITTEN]
    return sorted(path for path in found if str(path.relative_to(ROOT)) not in FOREIGN)


def lines_with(words: re.Pattern[str]) -> list[str]:
    files = spoken()
    assert len(files) > 300
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(ALSO_FOREIGN.sub("", line))
    ]


def test_a_redline_is_the_ecological_one():
    """What an applicant draws is 拟选址范围: before approval there is no 用地红线."""
    assert lines_with(LOOSE_REDLINE) == []


def test_the_census_zoning_and_our_grading_never_share_a_name():
    """普查综合风险区划 is the census's; what this system grades is 分级结果·危险性 and 分级结果·风险."""
    assert lines_with(LOOSE_RISK) == []
