"""Excel files: the sentences of a paper in a sheet of the opinion, one of its evidence and one of what it rests on."""

from __future__ import annotations

from app.reports import phrases
from app.reports.by_class import class_words, part_class_words
from app.reports.evidence_rows import record_words, rows_of
from app.reports.paper import Paper
from app.reports.parts import part_lines
from app.reports.places import place_lines
from app.reports.told import Say, ToldVisits
from app.reports.workbook import BookSheet, SheetColumn, about_sheet, write_book


def write_xlsx(paper: Paper) -> bytes:
    """``paper`` as a workbook; cells are guarded against formulas."""
    sheets = [_opinion(paper), _evidence(paper), _grounds(paper)]
    return write_book([*sheets, _visits(paper.visits, paper.say)] if paper.visits else sheets)


def _opinion(paper: Paper) -> BookSheet:
    opinion, say = paper.opinion, paper.say
    lines = [opinion.title, *opinion.about, *record_words(opinion)]
    lines += [
        opinion.badge.words,
        *([phrases.BORDERLINE] if opinion.borderline else []),
        opinion.reason,
        *opinion.advice,
    ]
    if opinion.parts:
        lines += [opinion.parts.title, *part_lines(opinion.parts, say)]
    lines += [words for gap in opinion.gaps for words in (gap.name, gap.why) if words]
    for condition in opinion.conditions:
        lines += [condition.name, condition.state, condition.rules, *(words for _, words in condition.bearings)]
    lines += [words for note in opinion.notes for words in (note.words, note.basis)]
    if opinion.firmness:
        lines += [opinion.firmness.words]
        lines += [words for step in opinion.firmness.steps for words in (step.moved, step.badge.words)]
        lines += [*opinion.firmness.told]
    lines += [
        words for part in opinion.appendix for words in (part.heading, *(words for row in part.rows for words in row))
    ]
    lines += class_words(opinion.by_class, say)
    by_part = part_class_words(opinion.parts, say)
    lines += [phrases.PART_CLASSES, *by_part] if by_part else []
    if opinion.places:
        lines += [opinion.places.title, *place_lines(opinion.places, say)]
    heading = say(phrases.HEADING)
    return BookSheet(heading, (SheetColumn(heading),), [[say(words)] for words in lines])


def _evidence(paper: Paper) -> BookSheet:
    say = paper.say
    cells = [
        ["\n".join(say(words) for words in cell) for cell in row]
        for theme in paper.opinion.themes
        for row in rows_of(theme)
    ]
    columns = tuple(SheetColumn(say(words)) for words in phrases.COLUMNS)
    return BookSheet(say(phrases.EVIDENCE), columns, [*cells, [say(paper.opinion.tally), "", "", ""]])


def _visits(visits: ToldVisits, say: Say) -> BookSheet:
    heading = say(visits.heading)
    rows = [[say(stage), "", "", ""] for stage in visits.stages]
    rows += [
        ["", "", "", ""],
        [heading, "", "", ""],
        *([say(name), say(words), "", ""] for name, words in visits.facts),
    ]
    return BookSheet(heading, tuple(SheetColumn(say(words)) for words in visits.columns), rows)


def _grounds(paper: Paper) -> BookSheet:
    say, grounds = paper.say, paper.opinion.grounds
    rows = [(say(grounds.edition), grounds.published), (say(grounds.rulebook), "")]
    rows += [(say(name), say(words)) for name, words in paper.provenance]
    rows += [(say(paper.house), say(paper.profile)), (say(phrases.DISCLAIMER), "")]
    if paper.synthetic:
        rows.append((say(phrases.SYNTHETIC), ""))
    return about_sheet(say(phrases.GROUNDS), (say(phrases.GROUNDS), say(phrases.HEADING)), rows)
