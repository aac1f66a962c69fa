"""Loading the rule files into one checked rulebook with a fingerprint over what they say, not how they are typed."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from risk_model.errors import InvalidRule
from risk_model.message import msg
from risk_model.rulebook.articles import OBJECTS, document_of_theme
from risk_model.rulebook.book import RuleBook
from risk_model.rulebook.chains import NO_CHAINS, read_chains
from risk_model.rulebook.change_policy import admit, refuse_disorder
from risk_model.rulebook.constraints import FOLDER, read_constraint
from risk_model.rulebook.entries import Entry
from risk_model.rulebook.grades import read_schemes
from risk_model.rulebook.hazards import Hazard, read_hazard
from risk_model.rulebook.isolation import Isolation, read_isolation
from risk_model.rulebook.neighbours import read_neighbours
from risk_model.rulebook.overlay_application import with_overlay
from risk_model.rulebook.overlays import OVERLAY, Overlay, whole_overlay
from risk_model.rulebook.regional import read_regional
from risk_model.rulebook.run_cards import read_run_cards
from risk_model.rulebook.strictness import Sense
from risk_model.rulebook.terms import SitingTerms, read_terms
from risk_model.rulebook.toml_text import plain, toml_of

OVERLAY_FILE = f"{OVERLAY}.toml"


def packaged_rules() -> dict[str, str]:
    """The texts of the packaged rule files by their path under ``rules/`` (``"hazards/flood.toml"``)."""
    return dict(texts_under(resources.files("risk_model") / "rules"))


def texts_under(folder: Traversable, prefix: str = "") -> list[tuple[str, str]]:
    """The rule files under ``folder``, inner folders included, as pairs of path (after ``prefix``) and text."""
    found: list[tuple[str, str]] = []
    for item in folder.iterdir():
        if item.is_dir():
            found += texts_under(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".toml"):
            found.append((prefix + item.name, item.read_text(encoding="utf-8")))
    return found


def load_rulebook(files: Mapping[str, str] | None = None) -> RuleBook:
    """Read and check rule files; the packaged ones unless ``files`` (path under ``rules/`` to text) is given.

    A deployment's own rules stand beside them as ``overlay.toml`` (see :func:`amend`, which checks what it may say).
    InvalidRule names the file, the rule and the mend.
    """
    texts = packaged_rules() if files is None else dict(files)
    packaged = read_documents(texts)
    documents = with_overlay(packaged, whole_overlay(packaged.get(OVERLAY)))
    for needed in ("grades", "siting"):
        if needed not in documents:
            raise InvalidRule(msg("{needed}.toml：缺少这个文件；请放回其他规则文件旁边", needed=needed))
    schemes, unassessed = read_schemes(Entry("grades.toml", "grades", documents["grades"]))
    read = [
        read_hazard(Entry(f"{path}.toml", "hazard", document), schemes)
        for path, document in documents.items()
        if path.startswith("hazards/")
    ]
    hazards = {hazard.key: hazard for hazard in sorted(read, key=lambda hazard: (hazard.order, hazard.key))}
    # Books from before objects were read are read on: what was judged by them is judged again.
    told = documents.get("objects")
    neighbours = read_neighbours(Entry("objects.toml", "objects", told)) if told else None
    constraints = _read_constraints(documents)
    beside = {neighbours.theme.key: neighbours.theme} if neighbours else {}
    _check_identities(hazards | constraints | beside, documents)
    siting = Entry("siting.toml", "siting", documents["siting"])
    terms = read_terms(siting, hazards | constraints)
    return RuleBook(
        version=documents["siting"].get("version", ""),
        fingerprint=fingerprint_of(documents),
        hazards=MappingProxyType(hazards),
        schemes=MappingProxyType(schemes),
        unassessed_words=unassessed,
        terms=terms,
        chains=read_chains(Entry("chains.toml", "chains", documents["chains"]), hazards)
        if "chains" in documents
        else NO_CHAINS,
        neighbours=neighbours,
        constraints=MappingProxyType(constraints),
        regional=MappingProxyType(read_regional(documents)),
        isolation=_read_isolation(siting, terms),
        run_cards=read_run_cards(documents),
        documents=MappingProxyType(documents),
        texts=MappingProxyType(texts),
        reload=load_rulebook,
    )


def _read_isolation(siting: Entry, terms: SitingTerms) -> Isolation | None:
    """The duty of isolation; None in books from before it, or from before building types were told apart."""
    known = "isolation" in siting and terms.building_types
    return read_isolation(siting.inner("isolation"), terms) if known else None


def _read_constraints(documents: Mapping[str, Any]) -> dict[str, Hazard]:
    """The themes of land set aside, in theme order; none in books from before these were asked."""
    told = [(path, document) for path, document in documents.items() if path.startswith(FOLDER)]
    themes = [read_constraint(Entry(f"{path}.toml", "constraint", document)) for path, document in told]
    return {theme.key: theme for theme in sorted(themes, key=lambda theme: (theme.order, theme.key))}


def read_documents(texts: Mapping[str, str]) -> dict[str, Any]:
    """The parsed content of rule files by path without suffix; the overlay is not worked in."""
    return {path.removesuffix(".toml"): _parse(path, text) for path, text in sorted(texts.items())}


def amend(files: Mapping[str, str], overlay: Overlay) -> RuleBook:
    """The packaged rules of ``files`` under ``overlay`` instead of the one they may hold; an empty one changes nothing.

    ChangeRefused for a change that may not be made, InvalidRule for one that makes no sound rulebook.
    """
    texts = {path: text for path, text in files.items() if path != OVERLAY_FILE}
    senses = admit(read_documents(texts), overlay)
    book = load_rulebook(texts | ({OVERLAY_FILE: toml_of(overlay.as_document())} if overlay else {}))
    refuse_disorder(book, {key for key, sense in senses.items() if sense is not Sense.TIGHTER})
    return book


def fingerprint_of(documents: Mapping[str, Any]) -> str:
    """sha256 (hex) over the parsed content with sorted keys: blind to file order, white space and comments."""
    canonical = json.dumps(plain(dict(documents)), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _parse(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise InvalidRule(msg("{path}：不是 TOML 文件；请改正此处：{trouble}", path=path, trouble=trouble)) from trouble


def _check_identities(hazards: Mapping[str, Hazard], documents: Mapping[str, Any]) -> None:
    counts = Counter(rule.id for hazard in hazards.values() for rule in hazard.rules)
    for rule in (rule for hazard in hazards.values() for rule in hazard.rules):
        if counts[rule.id] > 1:
            file = document_of_theme(documents, rule.hazard) or OBJECTS
            raise InvalidRule(msg("{file}.toml：规则 {id}：编号已被占用；每条规则用自己的编号", file=file, id=rule.id))
