"""Words the profession has already given a meaning, kept to it on every page, print, file and message."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPOKEN = ("app", "gis_layers", "risk_model", "static/js", "static/css", "docs", "README.md", "README.zh.md")
WRITTEN = {".py", ".js", ".css", ".html", ".svg", ".po", ".toml", ".md"}
FOREIGN = "gis_layers/exchange/register_words.py"  # reads what other offices' files call their land
LOOSE_REDLINE = re.compile("(?<!生态保护)红线")


def spoken() -> list[Path]:
    """The files that say something to people, in whatever form."""
    found = [ROOT / place for place in SPOKEN if (ROOT / place).is_file()]
    for place in SPOKEN:
        found += [path for path in (ROOT / place).rglob("*") if path.suffix in WRITTEN]
    return sorted(path for path in found if str(path.relative_to(ROOT)) != FOREIGN)


def test_a_redline_is_the_ecological_one():
    """What an applicant draws is 拟选址范围: before approval there is no 用地红线."""
    files = spoken()
    assert len(files) > 300
    loose = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LOOSE_REDLINE.search(line)
    ]
    assert loose == []
