"""Hazards: their names, order and look, the grade schemes they may carry, and their siting rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from risk_model.message import msg
from risk_model.rulebook.entries import Entry
from risk_model.rulebook.grades import Scheme
from risk_model.rulebook.rules import Rule, read_rule
from risk_model.vocabulary import Product, ProjectClass, SeismicClass


@dataclass(frozen=True, slots=True)
class Hazard:
    """One theme of the screening; ``order`` sorts themes, ``graded`` says whether a zone must carry a grade.

    A ``composed`` theme is made of all others and known only where they are.

    ``products_read`` are the products some rule of it reads, empty for a hazard without rules.
    """

    key: str
    name_zh: str
    name_en: str
    order: int
    colour: str
    pattern: str
    geometry: str
    graded: bool
    schemes: tuple[str, ...]
    default_schemes: Mapping[str, str]
    rules: tuple[Rule, ...]
    products_read: frozenset[str]
    composed: bool = False

    def surveyed_by(self, product: str) -> bool:
        """Whether a layer of ``product`` counts as a survey of this theme."""
        return not self.rules or product in self.products_read

    def rules_for(self, product: str, on: date) -> tuple[Rule, ...]:
        """The rules in force on ``on`` that read ``product``."""
        return tuple(rule for rule in self.rules if product in rule.products and rule.in_force(on))

    def knows(self, product: str, scheme: str, rank: int) -> bool:
        """Whether a zone of this product and grade can be read: by some rule, or because no rule reads the product."""
        reading = [rule for rule in self.rules if product in rule.products]
        return not reading or any(rule.knows(scheme, rank) for rule in reading)

    def reaches_m(self, project_class: ProjectClass, seismic_class: SeismicClass, *, intensity: float) -> set[float]:
        """Every distance in metres above 0 below which one of the rules may object to such a project."""
        reaches = {rule.reach_m(project_class, seismic_class, intensity=intensity) for rule in self.rules}
        return reaches - {0.0}

    def reach_m(
        self, project_class: ProjectClass, seismic_class: SeismicClass, *, intensity: float | None = None
    ) -> float:
        """The distance in metres below which some rule may object to such a project; 0 where all must overlap."""
        reaches = (rule.reach_m(project_class, seismic_class, intensity=intensity) for rule in self.rules)
        return max(reaches, default=0.0)


def read_hazard(entry: Entry, schemes: Mapping[str, Scheme]) -> Hazard:
    """One hazard file; InvalidRule names the file, the rule and the mend."""
    key = entry.text("key")
    if entry.file != f"hazards/{key}.toml":
        raise entry.wrong(msg("灾种 '{key}' 的文件应名为 hazards/{key}.toml", key=key))
    allowed = entry.some_of("schemes", schemes)
    colour = entry.text("colour")
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise entry.wrong(msg("'colour' 应写作 #c8372d 这样，不能是 {colour}", colour=colour))
    rules = tuple(read_rule(row, key, schemes) for row in entry.list_of("rules", ()))
    hazard = Hazard(
        key=key,
        name_zh=entry.text("name_zh"),
        name_en=entry.text("name_en"),
        order=int(entry.number("order")),
        colour=colour,
        pattern=entry.text("pattern"),
        geometry=entry.one_of("geometry", ("area", "line")),
        graded=entry.flag("graded"),
        schemes=allowed,
        default_schemes=_read_defaults(entry.inner("default_schemes"), allowed),
        rules=rules,
        products_read=frozenset[str]().union(*(rule.products for rule in rules)),
        composed=entry.flag("composed", False),
    )
    entry.close()
    return hazard


def _read_defaults(entry: Entry, allowed: tuple[str, ...]) -> dict[str, str]:
    defaults = {
        entry.check_word("default_schemes", product, list(Product)): entry.one_of(product, allowed) for product in entry
    }
    if Product.HAZARD not in defaults:
        raise entry.wrong(msg("至少要写明成果 'hazard' 的方案"))
    return defaults


def plain_theme(entry: Entry, key: str, rules: tuple[Rule, ...], *, colour: str) -> Hazard:
    """The theme of an opinion that grades nothing: land set aside, registered objects."""
    return Hazard(
        key=key,
        name_zh=entry.text("name_zh"),
        name_en=entry.text("name_en"),
        order=int(entry.number("order")),
        colour=colour,
        pattern="parallel-lines",
        geometry="area",
        graded=False,
        schemes=(),
        default_schemes={},
        rules=rules,
        products_read=frozenset[str]().union(*(rule.products for rule in rules)),
    )
