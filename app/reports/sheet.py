"""Excel files: the sentences of a paper in a sheet of the opinion, one of its evidence and one of what it rests on."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from app.reports import phrases
from app.reports.evidence_rows import record_words, rows_of
from app.reports.paper import Paper
from gis_layers.exchange.formats.writers import write_tables


def write_xlsx(paper: Paper) -> bytes:
    """``paper`` as a workbook; cells are guarded against formulas."""
    say = paper.say
    tables = {
        say(phrases.HEADING)[:31]: _opinion(paper),
        say(phrases.EVIDENCE): _evidence(paper),
        say(phrases.GROUNDS): _grounds(paper),
    }
    with TemporaryDirectory(prefix="anzhi-paper-") as folder:
        path = Path(folder) / "opinion.xlsx"
        write_tables(tables, path)
        return path.read_bytes()


def _opinion(paper: Paper) -> pd.DataFrame:
    opinion, say = paper.opinion, paper.say
    lines = [opinion.title, *opinion.about, *record_words(opinion)]
    lines += [
        opinion.badge.words,
        *([phrases.BORDERLINE] if opinion.borderline else []),
        opinion.reason,
        *opinion.advice,
    ]
    lines += [words for gap in opinion.gaps for words in (gap.name, gap.why) if words]
    for condition in opinion.conditions:
        lines += [condition.name, condition.state, condition.rules, *(words for _, words in condition.bearings)]
    lines += [words for note in opinion.notes for words in (note.words, note.basis)]
    if opinion.firmness:
        lines += [opinion.firmness.words]
        lines += [words for step in opinion.firmness.steps for words in (step.moved, step.badge.words)]
    return pd.DataFrame({say(phrases.HEADING): [say(words) for words in lines]})


def _evidence(paper: Paper) -> pd.DataFrame:
    say = paper.say
    cells = [
        ["\n".join(say(words) for words in cell) for cell in row]
        for theme in paper.opinion.themes
        for row in rows_of(theme)
    ]
    return pd.DataFrame(
        [*cells, [say(paper.opinion.tally), "", "", ""]], columns=[say(words) for words in phrases.COLUMNS]
    )


def _grounds(paper: Paper) -> pd.DataFrame:
    say, grounds = paper.say, paper.opinion.grounds
    rows = [(say(grounds.edition), grounds.published), (say(grounds.rulebook), "")]
    rows += [(say(name), say(words)) for name, words in paper.provenance]
    rows += [(say(paper.house), say(paper.profile)), (say(phrases.DISCLAIMER), "")]
    if paper.synthetic:
        rows.append((say(phrases.SYNTHETIC), ""))
    return pd.DataFrame(rows, columns=[say(phrases.GROUNDS), say(phrases.HEADING)])
