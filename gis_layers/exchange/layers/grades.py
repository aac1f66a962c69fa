"""The grade of each feature: a word of the chosen scheme, or a reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gis_layers.exchange.layers.ingest import Received
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.written import as_written, is_nothing, otherwise
from risk_model.message import msg
from risk_model.vocabulary import Grade

_CHECK = msg("核对；不对则在源数据中改正后重新导入")
_NOT_GRADED = frozenset({"未评估", "未定级", "未分级", "无数据", "未调查"})


@dataclass(frozen=True, slots=True)
class GradeTerms:
    """The words of the scheme, whether the hazard needs a grade, and a grade given for the whole delivery."""

    words: Mapping[str, Grade]
    required: bool
    fixed: Grade | None = None


def read_grades(received: Received, terms: GradeTerms) -> list[Grade | None]:
    """One grade a feature; features whose word is unknown, or which lack a grade they need, are refused in the journal."""
    journal, count = received.journal, len(received.geometries)
    if terms.fixed is not None:
        return [terms.fixed] * count
    column = received.columns.found.get("grade")
    if column is None:
        if terms.required and journal.whole_file_error is None:
            there = [*received.raw.attributes.columns] or msg("（没有属性列）")
            journal.refuse_file(
                msg("找不到等级所在的列"),
                msg("用 --grade-field 指明，或用 --grade 给定统一的等级；现有的列：{columns}", columns=there),
            )
        return [None] * count
    return [_grade_of(feature, cell, received, terms) for feature, cell in enumerate(received.columns.cells("grade"))]


def _grade_of(feature: int, cell: object, received: Received, terms: GradeTerms) -> Grade | None:
    journal = received.journal
    if feature in journal.refused:
        return None
    word = "" if is_nothing(cell) else plain(cell)
    if not word or word in _NOT_GRADED:
        if terms.required:
            trouble = msg("等级为「{word}」", word=word) if word else msg("没有等级")
            journal.refuse(
                feature, trouble, advice=msg("补上评估等级后重新导入；未评估的地方应划出调查范围，不应作为区划图斑")
            )
        return None
    grade = terms.words.get("".join(word.split()))
    if grade is None and word.endswith(".0"):
        grade = terms.words.get(word.removesuffix(".0"))
        if grade is not None:
            journal.note(feature, otherwise(cell, word.removesuffix(".0"), msg("等级没有小数")), advice=_CHECK)
    if grade is None and (terms.required or terms.words):
        accepted = [*dict.fromkeys(known.name for known in terms.words.values())]
        journal.refuse(
            feature,
            msg("等级「{word}」不在所选分级方案里", word=as_written(cell)),
            advice=msg("可用的等级：{known}；或用 --grade-scheme 换一种方案", known=accepted),
        )
    return grade
