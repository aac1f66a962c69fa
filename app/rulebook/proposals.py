"""Proposed steps worked into the rulebook in force: what the rules would be, or why they may not."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.http.i18n import in_language
from app.platform.errands import heed
from app.platform.errors import NotFound, Refused, RuleChangeRefused
from app.platform.work import Work
from gis_layers.stores import rulebooks
from risk_model.errors import ChangeRefused, RiskModelError
from risk_model.grading import grading_terms
from risk_model.message import msg
from risk_model.rulebook import Entry, Overlay, RuleBook, amend, read_change, read_local_rule

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposed:
    """The steps somebody proposes with the reason, or the version to return to."""

    reason: str
    steps: tuple[Step, ...] = ()
    equal_to: int | None = None


def rulebook_proposed(work: Work, proposed: Proposed) -> RuleBook:
    """The rulebook that would be in force; RuleChangeRefused names rule, field and why, Refused where nothing changes."""
    heed()
    if proposed.equal_to is not None:
        book = _book_of_version(work, proposed.equal_to)
    else:
        book = _amended(work, proposed.steps)
    if book == work.rulebook:
        raise Refused(msg("提议与现行规则库没有差别；请检查新值"), code="unchanged")
    return book


def _amended(work: Work, steps: Sequence[Step]) -> RuleBook:
    try:
        book = amend(work.deployment.books.packaged.texts, _overlay_after(work.rulebook.overlay, steps))
        grading_terms(book)
    except ChangeRefused as refusal:
        told = _told(refusal.article, refusal.field, refusal.why)
        raise RuleChangeRefused(str(refusal), **told) from refusal
    except RiskModelError as trouble:
        raise RuleChangeRefused(str(trouble), **_told(*_named(steps), str(trouble))) from trouble
    return book


def _told(rule: str, field: str, why: str) -> dict[str, str]:
    """What a program reads of a change that may not be made; ``why_en`` is there for readers of both languages."""
    return {"rule": rule, "field": field, "why": why, "why_en": in_language(why, "en")}


def _named(steps: Sequence[Step]) -> tuple[str, str]:
    first = steps[0] if steps else {}
    rule = first.get("rule")
    return str(rule.get("id", "") if isinstance(rule, Mapping) else first.get("article", "")), str(
        first.get("field", "")
    )


def _overlay_after(overlay: Overlay, steps: Sequence[Step]) -> Overlay:
    for number, step in enumerate(steps, 1):
        overlay = _after(overlay, step, msg("第 {number} 步", number=number))
    return overlay


def _after(overlay: Overlay, step: Step, name: str) -> Overlay:
    match step["op"]:
        case "change":
            return overlay.with_(read_change(Entry(msg("提议"), name, _dated(step))))
        case "add_rule":
            return overlay.with_(read_local_rule(Entry(msg("提议"), name, _dated(step["rule"]))))
        case "undo":
            return _without(overlay, (step["article"], step["field"]))
        case _:
            return _without(overlay, step["id"])


def _without(overlay: Overlay, mark: tuple[str, str] | str) -> Overlay:
    after = overlay.without(mark)
    if after == overlay:
        named = mark if isinstance(mark, str) else " · ".join(mark)
        raise NotFound(msg("{name} 没有本地改动，无从撤销", name=named))
    return after


def _dated(table: Step) -> dict[str, object]:
    """A step as the rule reader takes it: without its own name, dates as dates."""
    told = {key: value for key, value in table.items() if key != "op" and value is not None}
    return told | {"valid_from": datetime.date.fromisoformat(str(told.get("valid_from")))}


def _book_of_version(work: Work, number: int) -> RuleBook:
    version = rulebooks.find_version(work.session, number)
    if version is None:
        raise NotFound(msg("没有第 {number} 版规则库；已有的版本见 /api/rulebook/versions", number=number))
    packaged = work.deployment.books.packaged.fingerprint
    if rulebooks.packaged_fingerprint(work.session, version.fingerprint) != packaged:
        raise Refused(
            msg("第 {number} 版建立在旧软件的规则上，不能原样恢复；请逐项提议要恢复的本地改动", number=number),
            code="other-rules",
        )
    return work.deployment.books.of(work.session, version.fingerprint)
