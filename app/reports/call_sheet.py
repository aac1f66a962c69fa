"""A call sheet written: as text to be read out or pasted, and as A4 by the one way papers are laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.http.figures import length_words
from app.http.i18n import LANGUAGES, in_language
from app.http.templates import templates
from app.reports.files import STYLE
from app.reports.register_files import OWN_STYLE, lay_out, style_of
from risk_model.message import msg

HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class SheetPaper:
    """One printed call sheet; every text is in its language already."""

    title: str
    house: str
    language: str
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    closures: tuple[str, ...]
    basis: str
    synthetic: bool


def sheet_paper(sheet: Mapping[str, Any], house: str, language: str) -> SheetPaper:
    """A call sheet as a paper."""

    def say(words: Any) -> str:
        return in_language(words, language) if isinstance(words, str) else str(words)

    comma = say(msg("、"))
    return SheetPaper(
        title=say(sheet["title"]),
        house=say(house),
        language=language,
        facts=tuple((say(name), say(words)) for name, words in sheet["facts"]),
        heads=tuple(say(head) for head in (
            msg("力量"), msg("状态"), msg("联系人和电话"), msg("能力和装备"), msg("出动"), msg("行车"), msg("步行"), msg("到达"), msg("路程"),
        )),
        rows=tuple(tuple(_row(one, say, comma)) for one in sheet["forces"]),
        closures=tuple(say(line) for line in sheet["closures"]),
        basis=say(msg("路网 {version}；车速和出动时间见设置的默认值；已避开登记的封路。", version=sheet["graph"])),
        synthetic=sheet["synthetic"],
    )  # fmt: skip


def write_text(paper: SheetPaper) -> str:
    """The sheet as plain text."""
    lines = [paper.title, *(f"{name}: {words}" for name, words in paper.facts), ""]
    for row in paper.rows:
        lines += [" | ".join(cell.replace("\n", " ") for cell in row if cell)]
    return "\n".join([*lines, "", *paper.closures, paper.basis])


def write_sheet(paper: SheetPaper) -> bytes:
    """The sheet as A4."""
    return lay_out(page_of(paper), paper.title)


def page_of(paper: SheetPaper) -> str:
    """The page the A4 is laid out from."""
    style = style_of(STYLE, OWN_STYLE)
    page = templates.get_template("reports/call_sheet.html")
    return page.render(paper=paper, language=paper.language, html_language=LANGUAGES[paper.language], style=style)


def _row(one: Mapping[str, Any], say: Any, comma: str) -> Sequence[str]:
    people = [" ".join(filter(None, (one["contact"], one["phone"])))]
    if one["station"]:
        people.append(" ".join(filter(None, (one["station"], one["station_phone"]))))
    brings = [comma.join(say(word) for word in one["capabilities"]), comma.join(one["equipment"])]
    crew = "" if one["crew"] is None else say(msg("{n} 人", n=one["crew"]))
    times = [_minutes(one[name], say) for name in ("turnout_s", "drive_s", "walk_s", "arrival_s")]
    named = f"{say(one['verb'])}\n{one['name']} {crew}".strip()
    return (
        named,
        say(one["state"]),
        "\n".join(people),
        "\n".join(filter(None, brings)),
        *times,
        length_words(one["road_m"]),
    )


def _minutes(seconds: float | None, say: Any) -> str:
    """Minutes to the tenth, as the page says them; a word for whoever cannot come."""
    if seconds is None:
        return str(say(msg("不可达")))
    minutes = round(seconds / 6) / 10
    return str(say(msg("{n} 分钟", n=round(minutes) if seconds >= HOUR_S else minutes)))
