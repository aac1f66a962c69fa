"""Lists of a paper for its Word file: headings with rows of words, in the paper's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from app.reports import phrases
from app.reports.appendix import concerned
from app.reports.by_class import class_words, part_class_words
from app.reports.paper import Paper
from app.reports.parts import part_lines
from app.reports.places import place_lines
from app.reports.told import Badge, Say, ToldFinding, ToldTheme

Words: TypeAlias = "str | Sequence[Words] | Mapping[str, Words]"
"""Words a template places, lists of them, and rows by name."""
Lists: TypeAlias = list[dict[str, Words]]
"""Lists, each with its ``heading`` and ``rows``."""
CELLS: Final = ("theme", "met", "follows", "outcome")
"""Cells of a row of the evidence."""


def all_lists(paper: Paper) -> Lists:
    """All lists one after another, for an office's own template that has no appendix."""
    say, opinion = paper.say, paper.opinion
    unasked = [f"{say(one.name)} · {say(one.why)}" for one in opinion.not_asked]
    response = ["\n".join(say(words) for words in (one.words, one.basis) if words) for one in opinion.response]
    told = ((phrases.UNASKED, unasked), (phrases.RESPONSE, response))
    return [*unknown_lists(paper), *duty_lists(paper), *_listed(paper, told), *_at_length(paper)]


def unknown_lists(paper: Paper) -> Lists:
    """The parts of the site, and themes nobody can speak of, with why: they stand on the first sheet."""
    say = paper.say
    gaps = [" · ".join(say(words) for words in (gap.name, gap.why) if words) for gap in paper.opinion.gaps]
    return _listed(paper, [(phrases.PARTS, part_lines(paper.opinion.parts, say)), (phrases.GAPS, gaps)])


def duty_lists(paper: Paper) -> Lists:
    """What must be done and what a design has to mind."""
    say, opinion = paper.say, paper.opinion
    conditions = [
        "\n".join([f"{say(one.name)} · {say(one.state)}", say(one.rules), *(say(words) for _, words in one.bearings)])
        for one in opinion.conditions
    ]
    notes = [f"{say(note.words)}\n{say(note.basis)}" for note in opinion.notes]
    return _listed(paper, [(phrases.CONDITIONS, conditions), (phrases.NOTES, notes)])


def appendix_lists(paper: Paper) -> Lists:
    """What follows on sheets of its own."""
    told = [(one.heading, ["\n".join(map(paper.say, row)) for row in one.rows]) for one in paper.opinion.appendix]
    return [*_listed(paper, told), *_at_length(paper)]


def evidence_rows(paper: Paper) -> list[dict[str, str]]:
    """A row for each finding, of few lines: how its zone was surveyed stands in the appendix."""
    say = paper.say
    return [
        dict(zip(CELLS, (_named(theme, say) if first else "", *_found(one, say)), strict=True))
        for theme in concerned(paper.opinion.themes)
        for first, one in zip([True] + [False] * len(theme.findings), theme.findings, strict=False)
    ]


def badge_words(badge: Badge | str, say: Say) -> str:
    """A badge in words, with its sign."""
    return say(badge) if isinstance(badge, str) else f"{badge.sign} {say(badge.words)}".strip()


def _named(theme: ToldTheme, say: Say) -> str:
    return f"{say(theme.name)}\n{say(theme.status)}"


def _found(one: ToldFinding, say: Say) -> tuple[str, str, str]:
    name = f"{say(one.name)} {badge_words(one.badge, say)}" if one.badge else say(one.name)
    measured = " · ".join(map(say, (*one.measures, one.mark)))
    rule = " · ".join(say(words) for words in (one.rule, one.rule_kind, one.procedure) if words)
    follows = "\n".join(words for words in (say(one.follows), say(one.basis) if one.basis else "", rule) if words)
    return f"{name}\n{measured}", follows, badge_words(one.outcome, say)


def _listed(paper: Paper, told: Iterable[tuple[str, Sequence[Words]]]) -> Lists:
    return [{"heading": paper.say(heading), "rows": rows} for heading, rows in told if rows]


def _at_length(paper: Paper) -> Lists:
    say, opinion = paper.say, paper.opinion
    classes = ["; ".join(class_words(opinion.by_class, say))] if opinion.by_class else []
    places = place_lines(opinion.places, say) if opinion.places else []
    parts = part_class_words(opinion.parts, say)
    return _listed(paper, [(phrases.CLASSES, classes), (phrases.PART_CLASSES, parts), (phrases.PLACES, places)])
