"""The verdict by class in words: what the same outline, or one of its parts, would get as each other kind of project."""

from __future__ import annotations

from app.reports.findings import Told, verdict_badge
from app.reports.told import Say, ToldClass, ToldSiteParts
from risk_model.message import bilingual, msg
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ProjectClass


def tell_classes(answer: Told, rulebook: RuleBook) -> tuple[ToldClass, ...]:
    """Verdicts by class in their order; none of checks made before they were asked."""
    now = answer["site"]["project_class"]
    return tuple(_told(one, one["verdict"], now, rulebook) for one in answer.get("by_class", ()))


def tell_part_classes(part: Told, rulebook: RuleBook) -> tuple[ToldClass, ...]:
    """Verdicts on the whole site by class of one part, in their order; none of checks made before they were asked."""
    now = part["project_class"]
    return tuple(_told(one, one["site_verdict"], now, rulebook) for one in part.get("by_class", ()))


def _told(one: Told, verdict: str, now: str, rulebook: RuleBook) -> ToldClass:
    key = one["project_class"]
    names = rulebook.terms.class_names.get(ProjectClass(key))
    name, own = bilingual(*names) if names else "", ""
    if one["verdict"] != verdict:
        own = msg("分区：{verdict}", verdict=verdict_badge(one["verdict"]).words)
    return ToldClass(key, name, verdict, verdict_badge(verdict), now=key == now, own=own)


def class_words(classes: tuple[ToldClass, ...], say: Say) -> list[str]:
    """A line for each class, for files that have cells and no markup."""
    return [_line(one, say) for one in classes]


def part_class_words(parts: ToldSiteParts | None, say: Say) -> list[str]:
    """A line for each part with the verdicts on the whole site by its class."""
    told = [] if parts is None else [one for one in parts.parts if one.by_class]
    return [f"{say(one.name)} · {'; '.join(class_words(one.by_class, say))}" for one in told]


def _line(one: ToldClass, say: Say) -> str:
    own = f" ({say(one.own)})" if one.own else ""
    return f"{one.key} {say(one.name)}: {one.badge.sign} {say(one.badge.words)}{own}"
