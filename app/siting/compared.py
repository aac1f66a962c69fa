"""Answers of two checks of one site compared, and what differs in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.http.figures import area_words, length_words
from app.reports.part_words import ground_words
from app.reports.told import as_written
from app.siting.parts_compared import condition_of_part, gap_words, gaps_of, part_of
from risk_model.codes import code_name
from risk_model.errors import UnknownScheme
from risk_model.message import Message, bilingual, msg
from risk_model.reviews import (
    GroundKey,
    Judgement,
    JudgementChange,
    MetChange,
    MetGround,
    difference,
    worst_rules,
)
from risk_model.reviews.difference import SAME_M, SAME_M2
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import Verdict

Answer = Mapping[str, Any]
"""The answer of a check in plain values, as it is kept."""
MOST_LINES = 40


def judgement_of(answer: Answer, rulebook: RuleBook) -> Judgement:
    """What an answer holds as far as it is compared; grades are named by ``rulebook``."""
    met: dict[GroundKey, list[Answer]] = {}
    for theme in answer["themes"]:
        for finding in theme["findings"]:
            key = (theme["theme"], finding["product"], _subject(finding), part_of(finding))
            met.setdefault(key, []).append(finding)
    open_ones = (condition_of_part(one) for one in answer["conditions"] if not one["closed"])
    return Judgement(
        Verdict(answer["verdict"]),
        {key: _met(findings, rulebook) for key, findings in met.items()},
        gaps_of(answer),
        frozenset(bilingual(one["procedure"], one["procedure_en"]) for one in open_ones),
    )


def _subject(finding: Answer) -> str:
    about = finding["object"]
    return finding["zone"] or (f"{about['kind']} {about['id']}" if about else finding["zone_name"])


def _met(findings: Sequence[Answer], rulebook: RuleBook) -> MetGround:
    one = findings[0]
    about = one["object"]
    return MetGround(
        name=one["zone_name"] or (about["name"] if about else ""),
        version=one["zone_version"],
        grade=_grade(one, rulebook),
        scheme=one["grade_scheme"],
        rank=one["grade_rank"],
        overlap_m2=max(each["overlap_m2"] for each in findings),
        distance_m=min(each["distance_m"] for each in findings),
        rules=worst_rules((each["rule"], Verdict(each["verdict"])) for each in findings if each["rule"]),
        part=ground_words(one),
    )


def _grade(finding: Answer, rulebook: RuleBook) -> Message | None:
    if not finding["grade"]:
        return None
    try:
        looks = rulebook.scheme(finding["grade_scheme"]).grades if finding["grade_scheme"] else ()
    except UnknownScheme:
        looks = ()
    named = next((bilingual(look.name, look.name_en) for look in looks if look.rank == finding["grade_rank"]), None)
    return named or as_written(finding["grade"])


def compare(before: Answer, now: Answer, rulebook: RuleBook) -> JudgementChange:
    """Difference between the judgements of two answers on one site."""
    return difference(judgement_of(before, rulebook), judgement_of(now, rulebook))


def cause_of(before: Answer, now: Answer) -> list[Message]:
    """The edition and the rulebook that changed between two answers; where neither did, what else may have."""
    editions = [answer["edition"] and answer["edition"]["number"] for answer in (before, now)]
    books = [answer["rulebook"]["number"] for answer in (before, now)]
    told = []
    if editions[0] != editions[1]:
        told.append(msg("区划第 {now} 版启用（原判定依据第 {before} 版）", now=editions[1], before=editions[0] or "—"))
    if before["rulebook"]["fingerprint"] != now["rulebook"]["fingerprint"]:
        told.append(
            msg("规则库第 {now} 版启用（原判定依据第 {before} 版）", now=books[1] or "—", before=books[0] or "—")
        )
    return told or [msg("台账资料或判定日期变化")]


def change_lines(change: JudgementChange, rulebook: RuleBook) -> list[Message]:
    """A change in sentences, the verdict first; of very many the first, with how many more there are."""
    lines = list(_lines(change, rulebook))
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], msg("另有 {count} 处变化，见两份筛查意见", count=more)]


def _lines(change: JudgementChange, rulebook: RuleBook) -> Iterator[Message]:
    if change.before is not change.now:
        named = (code_name("verdict", change.before), code_name("verdict", change.now))
        yield msg("结论由「{before}」变为「{now}」", before=named[0], now=named[1])
    for one in change.grounds:
        theme, met = rulebook.hazard_name(one.key[0]), one.now or one.before
        if met is not None and met.part is not None:
            theme = msg("{words}（{part}）", words=theme, part=met.part)
        yield msg("{theme}：{ground}，{changes}", theme=theme, ground=_named(one), changes=[*_changes(one)])
    yield from (msg("{theme}：变为没有资料", theme=gap_words(gap, rulebook)) for gap in sorted(change.gaps_opened))
    yield from (msg("{theme}：补上了资料", theme=gap_words(gap, rulebook)) for gap in sorted(change.gaps_filled))
    yield from (msg("新增条件：{condition}", condition=one) for one in sorted(change.conditions_made))
    yield from (msg("不再需要：{condition}", condition=one) for one in sorted(change.conditions_gone))


def _named(change: MetChange) -> Message:
    met = change.now or change.before
    if met is None:
        raise LookupError(f"nothing was met at {change.key}")
    if met.version is None:
        return msg("「{name}」", name=met.name or change.key[2])
    return msg("区划 {zone}「{name}」第 {version} 版", zone=change.key[2], name=met.name, version=met.version)


def _changes(change: MetChange) -> Iterator[Message]:
    before, now = change.before, change.now
    if now is None:
        yield msg("不再触及")
    elif before is None:
        yield msg("新触及，重叠 {area}", area=area_words(now.overlap_m2)) if now.overlap_m2 else msg("新触及，距离 {length}", length=length_words(now.distance_m))  # fmt: skip
        if now.grade is not None:
            yield msg("等级 {grade}", grade=now.grade)
    else:
        yield from _measures(before, now, change.grown_m2)
    for rules, verdict in _by_verdict(change.rules_met):
        yield msg("触发规则 {rules}（{verdict}）", rules=rules, verdict=verdict)
    for rules, verdict in _by_verdict(change.rules_left):
        yield msg("不再触发规则 {rules}（{verdict}）", rules=rules, verdict=verdict)


def _measures(before: MetGround, now: MetGround, grown_m2: float) -> Iterator[Message]:
    if (before.scheme, before.rank, before.grade) != (now.scheme, now.rank, now.grade):
        ungraded = msg("未分级")
        yield msg("等级由 {before} 变为 {now}", before=before.grade or ungraded, now=now.grade or ungraded)
    if abs(grown_m2) >= SAME_M2:
        area = area_words(abs(grown_m2))
        yield msg("重叠增加 {area}", area=area) if grown_m2 > 0 else msg("重叠减少 {area}", area=area)
    if abs(before.distance_m - now.distance_m) >= SAME_M:
        lengths = (length_words(before.distance_m), length_words(now.distance_m))
        yield msg("距离由 {before} 变为 {now}", before=lengths[0], now=lengths[1])


def _by_verdict(rules: Mapping[str, Verdict]) -> Iterator[tuple[list[str], Message]]:
    for verdict in sorted(set(rules.values()), key=lambda one: -one.severity):
        those = sorted(rule for rule, judged in rules.items() if judged is verdict)
        yield those, code_name("verdict", verdict)
