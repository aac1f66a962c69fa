"""The appendix of an opinion: what is too long for its two sheets, as lists every kind of file places alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from app.reports import phrases
from app.reports.told import ToldFinding, ToldNote, ToldPart, ToldTheme, ToldUnasked, as_written
from risk_model.message import msg

OTHERS: Final = msg("其余专题")
SURVEYS: Final = msg("区划的调查情况")


def tell_appendix(
    themes: Sequence[ToldTheme], not_asked: Sequence[ToldUnasked], response: Sequence[ToldNote]
) -> Iterator[ToldPart]:
    """The lists of the appendix that have a row, in their order."""
    unasked = [(one.why, one.name) for one in not_asked]
    comes = tuple((one.words, one.basis) if one.basis else (one.words,) for one in response)
    parts = (
        ToldPart(OTHERS, tuple((line,) for line in _others(themes))),
        ToldPart(phrases.UNASKED, tuple((line,) for line in _runs(unasked))),
        ToldPart(SURVEYS, tuple((line,) for line in _surveys(themes))),
        ToldPart(phrases.RESPONSE, comes),
    )
    return (one for one in parts if one.rows)


def concerned(themes: Sequence[ToldTheme]) -> list[ToldTheme]:
    """The themes of which something was met: the evidence of the first sheets."""
    return [theme for theme in themes if theme.findings]


def _others(themes: Sequence[ToldTheme]) -> Iterator[str]:
    """Themes of which nothing was met, by what is known of them."""
    untouched = [theme for theme in themes if not theme.findings]
    return _runs((msg("{status} · {told}", status=one.status, told=one.told), _with_reach(one)) for one in untouched)


def _with_reach(theme: ToldTheme) -> str:
    return msg("{name}（{words}）", name=theme.name, words=theme.reach) if theme.reach else theme.name


def _surveys(themes: Sequence[ToldTheme]) -> Iterator[str]:
    """How far the rules look about the site, then each survey with the zones it is of or the themes that are clear by it."""
    met = concerned(themes)
    yield from _runs((theme.reach, theme.name) for theme in met if theme.reach)
    of_zones = [one for theme in met for one in theme.findings if one.survey]
    of_themes = [(words, theme.name) for theme in themes for words in theme.surveys]
    yield from _runs([*((one.survey, _named(one)) for one in of_zones), *of_themes])


def _named(finding: ToldFinding) -> str:
    """A zone by its name and mark; by its mark alone where nothing else is known of it."""
    if finding.name == finding.zone:
        return finding.mark
    return msg("{name} {mark}", name=finding.name, mark=as_written(finding.mark))


def _runs(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is said of several once, with all their names behind it."""
    found: dict[str, dict[str, None]] = {}
    for words, name in pairs:
        found.setdefault(words, {})[name] = None
    for words, names in found.items():
        yield msg("{words}：{names}", words=words, names=[*names])
