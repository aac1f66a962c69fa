"""The rules as data: read, checked and fingerprinted once, then asked by every judgement."""

from risk_model.rulebook.articles import Article, articles_of
from risk_model.rulebook.book import RuleBook
from risk_model.rulebook.chains import Chains, Event, EventReach, Link, ZoneKind
from risk_model.rulebook.change_policy import admit, admit_change
from risk_model.rulebook.document import RulebookDocument, document_of
from risk_model.rulebook.entries import Entry
from risk_model.rulebook.grades import GradeLook, Scheme, fold_word
from risk_model.rulebook.hazards import Hazard
from risk_model.rulebook.loader import OVERLAY_FILE, amend, load_rulebook, packaged_rules, read_documents
from risk_model.rulebook.overlay_application import as_proposed
from risk_model.rulebook.overlays import (
    Backing,
    LocalRule,
    Overlay,
    RuleChange,
    packaged_id,
    read_change,
    read_local_rule,
    read_overlay,
)
from risk_model.rulebook.rules import LegalBasis, Rule
from risk_model.rulebook.run_cards import RunCardRule, RunCards
from risk_model.rulebook.strictness import Sense
from risk_model.rulebook.toml_text import toml_of

__all__ = [
    "OVERLAY_FILE",
    "Article",
    "Backing",
    "Chains",
    "Entry",
    "Event",
    "EventReach",
    "GradeLook",
    "Hazard",
    "LegalBasis",
    "Link",
    "LocalRule",
    "Overlay",
    "Rule",
    "RuleBook",
    "RuleChange",
    "RulebookDocument",
    "RunCardRule",
    "RunCards",
    "Scheme",
    "Sense",
    "ZoneKind",
    "admit",
    "admit_change",
    "amend",
    "articles_of",
    "as_proposed",
    "document_of",
    "fold_word",
    "load_rulebook",
    "packaged_id",
    "packaged_rules",
    "read_change",
    "read_documents",
    "read_local_rule",
    "read_overlay",
    "toml_of",
]
