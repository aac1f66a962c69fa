"""The rules as data: read, checked and fingerprinted once, then asked by every judgement."""

from risk_model.rulebook.book import RuleBook
from risk_model.rulebook.grades import GradeLook, Scheme, fold_word
from risk_model.rulebook.hazards import Hazard
from risk_model.rulebook.loading import load_rulebook, packaged_rules
from risk_model.rulebook.rules import Ground, Rule

__all__ = [
    "GradeLook",
    "Ground",
    "Hazard",
    "Rule",
    "RuleBook",
    "Scheme",
    "fold_word",
    "load_rulebook",
    "packaged_rules",
]
