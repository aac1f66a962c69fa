"""The rules as data: read, checked and fingerprinted once, then asked by every judgement."""

from risk_model.rulebook.book import RuleBook
from risk_model.rulebook.chains import Chains, Event, Link, Spread, ZoneKind
from risk_model.rulebook.grades import GradeLook, Scheme, fold_word
from risk_model.rulebook.hazards import Hazard
from risk_model.rulebook.loading import load_rulebook, packaged_rules
from risk_model.rulebook.rules import Ground, Rule

__all__ = [
    "Chains",
    "Event",
    "GradeLook",
    "Ground",
    "Hazard",
    "Link",
    "Rule",
    "RuleBook",
    "Scheme",
    "Spread",
    "ZoneKind",
    "fold_word",
    "load_rulebook",
    "packaged_rules",
]
