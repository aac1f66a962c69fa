"""The siting rules as a page: what each reads, what it says for each project class, and what it rests on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.maps.legend import PRODUCT_NAMES, LegendEntry, legend_of
from risk_model.rulebook import RuleBook
from risk_model.rulebook.rules import Rule
from risk_model.vocabulary import ProjectClass

RELATIONS = {
    "intersects": "用地与区划重叠",
    "distance_lt": "距离小于",
    "within_m": "位于范围内",
    "fault_avoidance": "小于断裂避让距离",
}
KINDS = {"law": "法律法规", "standard": "标准规范", "default": "本系统默认"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants to know the rules of; empty fields ask for all."""

    hazard: str = ""
    product: str = ""
    scheme: str = ""
    rank: str = ""

    def speaks(self, rule: Rule) -> bool:
        """Whether ``rule`` reads such a zone."""
        if (self.hazard and rule.hazard != self.hazard) or (self.product and self.product not in rule.products):
            return False
        return not self.rank.isdecimal() or rule.knows(self.scheme, int(self.rank))


def rules_asked(rulebook: RuleBook, asked: Asked, on: datetime.date) -> dict[str, Any]:
    """What the page of rules shows: the rules of ``asked`` in force on day ``on``, by hazard, and the words around them."""
    shown = [rule for rule in rulebook.rules if rule.in_force(on) and asked.speaks(rule)]
    return {
        "asked": asked,
        "grade": _grade_asked(rulebook, asked),
        "hazards": rulebook.hazards,
        "groups": _by_hazard(rulebook, shown),
        "classes": {one: rulebook.terms.class_names[one][0] for one in ProjectClass},
        "products": PRODUCT_NAMES,
        "relations": RELATIONS,
        "kinds": KINDS,
    }


def _grade_asked(rulebook: RuleBook, asked: Asked) -> LegendEntry | None:
    entries = legend_of(rulebook).of_scheme(asked.scheme)
    return next((entry for entry in entries if str(entry.rank) == asked.rank), None)


def _by_hazard(rulebook: RuleBook, shown: Sequence[Rule]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in shown:
        groups.setdefault(rule.hazard, []).append({"rule": rule, "grades": _grade_names(rulebook, rule)})
    return groups


def _grade_names(rulebook: RuleBook, rule: Rule) -> list[str]:
    if rule.grades is None:
        return []
    looks = [
        look for scheme in rule.grades for look in rulebook.scheme(scheme).grades if look.rank in rule.grades[scheme]
    ]
    return list(dict.fromkeys(look.name for look in looks))
