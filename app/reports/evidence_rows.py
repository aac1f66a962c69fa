"""Rows of the evidence for files that have cells and no markup: each cell sentence by sentence."""

from __future__ import annotations

from app.reports import phrases
from app.reports.told import Badge, ToldFinding, ToldOpinion, ToldTheme, as_written

Cell = tuple[str, ...]


def record_words(opinion: ToldOpinion) -> Cell:
    """Number, moment and maker of the record, or that there is none."""
    record = opinion.record
    return (as_written(record.number), record.moment, record.maker) if record else (phrases.UNRECORDED,)


def rows_of(theme: ToldTheme) -> list[tuple[Cell, Cell, Cell, Cell]]:
    """The rows of a theme: its name, what was met and measured, what follows, the verdict."""
    name = (theme.name, theme.status)
    if not theme.findings:
        return [(name, _some(theme.told, theme.reach, *theme.surveys), (), _outcome(theme.outcome))]
    first, *others = theme.findings
    rows = [(name, _met(first, theme.reach), _follows(first), _outcome(first.outcome))]
    return [*rows, *(((), _met(one, ""), _follows(one), _outcome(one.outcome)) for one in others)]


def _met(finding: ToldFinding, reach: str) -> Cell:
    badge = _outcome(finding.badge) if finding.badge else ()
    return _some(finding.name, *badge, *finding.measures, reach, finding.survey, finding.mark)


def _follows(finding: ToldFinding) -> Cell:
    return _some(finding.follows, finding.basis, finding.rule or "", finding.rule_kind, finding.procedure)


def _outcome(outcome: Badge | str) -> Cell:
    return (outcome,) if isinstance(outcome, str) else _some(outcome.sign, outcome.words)


def _some(*words: str) -> Cell:
    return tuple(one for one in words if one)
