"""The verdict by class in words: what the same outline would get as each other kind of project."""

from __future__ import annotations

from app.reports.findings import Told, verdict_badge
from app.reports.told import Say, ToldClass
from risk_model.message import bilingual
from risk_model.rulebook import RuleBook
from risk_model.vocabulary import ProjectClass


def tell_classes(answer: Told, rulebook: RuleBook) -> tuple[ToldClass, ...]:
    """Verdicts by class in their order; none of checks made before they were asked."""
    return tuple(_told(one, answer, rulebook) for one in answer.get("by_class", ()))


def _told(one: Told, answer: Told, rulebook: RuleBook) -> ToldClass:
    key = one["project_class"]
    names = rulebook.terms.class_names.get(ProjectClass(key))
    name, now = bilingual(*names) if names else "", key == answer["site"]["project_class"]
    return ToldClass(key, name, one["verdict"], verdict_badge(one["verdict"]), now=now)


def class_words(classes: tuple[ToldClass, ...], say: Say) -> list[str]:
    """A line for each class, for files that have cells and no markup."""
    return [f"{one.key} {say(one.name)}: {one.badge.sign} {say(one.badge.words)}" for one in classes]
