"""Inputs of a proposal: every field that may be changed is chosen, ticked or given as a number with its unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from risk_model.codes import enumeration
from risk_model.message import bilingual
from risk_model.rulebook import Article, RuleBook
from risk_model.rulebook.articles import RULE
from risk_model.rulebook.fields import Direction
from risk_model.rulebook.grades import PATTERNS
from risk_model.vocabulary import ProjectClass
from risk_model.weights import JUDGEMENTS

InputKind = Literal["number", "numbers", "one", "several", "ordered", "distance", "matrix", "colour", "wording"]
TYPED: Final = frozenset(["number", "numbers", "distance", "colour", "wording"])
"""Inputs that carry what was typed, and not only a choice."""
MORE_NUMBERS: Final = 2
"""Empty places offered for a list of numbers that may grow."""
Option = tuple[str, str]
"""A value and what people call it."""
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class FieldInput:
    """Input of one field: its ``kind``, what is ``chosen`` now, ``options`` to choose from, and the unit of numbers."""

    kind: InputKind
    chosen: tuple[str, ...]
    options: tuple[Option, ...] = ()
    unit: str = ""
    places: int = 1

    @property
    def rest(self) -> Sequence[int]:
        """Places that are empty so far."""
        return range(self.places - len(self.chosen))


def input_of(book: RuleBook, article: Article, path: str, value: object) -> FieldInput:
    """The input of the field ``path`` of ``article``, holding ``value``."""
    named, old = article.field(path), article.fields[path]
    if isinstance(old, list):
        return _list_input(book, article, path, value, unit=named.unit)
    chosen = (_plain(value),)
    if named.direction is Direction.SEVERITY:
        return FieldInput("one", (enumeration("rule_letter").find(str(value)[:1]) or "",), _codes("rule_letter"))
    if named.direction is Direction.DISTANCE:
        return FieldInput("distance", chosen, _codes("avoidance_word"), named.unit)
    if isinstance(old, bool):
        return FieldInput("one", chosen, _codes("yes_or_no"))
    if isinstance(old, int | float):
        return FieldInput("number", chosen, unit=named.unit)
    options = tuple(_options(book, article, path))
    return FieldInput("one" if options else "colour" if path.endswith(".colour") else "wording", chosen, options)


def _list_input(book: RuleBook, article: Article, path: str, value: object, *, unit: str) -> FieldInput:
    rows = list(value) if isinstance(value, list | tuple) else []
    if rows and isinstance(rows[0], list):
        upper = tuple(str(cell) for number, row in enumerate(rows) for cell in row[number + 1 :])
        return FieldInput("matrix", upper, tuple((word, word) for word in JUDGEMENTS), places=len(rows))
    chosen = tuple(_plain(one) for one in rows)
    if rows and isinstance(rows[0], int | float):
        more = MORE_NUMBERS if article.field(path).direction is Direction.MORE else 0
        return FieldInput("numbers", chosen, unit=unit, places=len(chosen) + more)
    offered = list(_options(book, article, path))
    known = {word for word, _ in offered}
    options = (*offered, *((word, word) for word in chosen if word not in known))
    if article.id == "grading.hazards":
        return FieldInput("ordered", chosen, options, places=len(options))
    return FieldInput("several", chosen, options)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _codes(key: str) -> tuple[Option, ...]:
    return tuple((code.code, code.name) for code in enumeration(key).values())


def _options(book: RuleBook, article: Article, path: str) -> Iterator[Option]:
    """Values a field of words may hold; nothing for free wording."""
    place = f"{RULE if article.kind == RULE else article.id}/{path}"
    for pattern, choices in CHOICES:
        if pattern.fullmatch(place):
            yield from choices(book, path)
            return


def procedures_of(book: RuleBook, _path: str = "") -> Iterator[Option]:
    """Every procedure some rule asks for."""
    known: dict[str, str] = {}
    for rule in book.rules:
        for number, step in enumerate(rule.procedure):
            known.setdefault(step, rule.procedure_en[number] if number < len(rule.procedure_en) else "")
    return ((step, bilingual(step, english)) for step, english in sorted(known.items()))


def _themes(book: RuleBook, _path: str) -> Iterator[Option]:
    return (
        (key, bilingual(theme.name_zh, theme.name_en)) for key, theme in ({**book.hazards, **book.constraints}).items()
    )


def _grades(book: RuleBook, path: str) -> Iterator[Option]:
    scheme = book.schemes.get(path.removeprefix("grades."))
    return ((look.name, bilingual(look.name, look.name_en)) for look in (scheme.grades if scheme else ()))


def _building_types(book: RuleBook, _path: str) -> Iterator[Option]:
    return ((one.key, one.name) for one in book.terms.building_types.values())


def _classes(book: RuleBook, _path: str) -> Iterator[Option]:
    names = book.terms.class_names
    return ((one.value, bilingual(*(f"{one.value} {word}" for word in names[one]))) for one in ProjectClass)


def _patterns(_book: RuleBook, _path: str) -> Iterator[Option]:
    return ((code.code, code.name) for code in enumeration("grade_pattern").values() if code.code in PATTERNS)


def _of(key: str) -> Callable[[RuleBook, str], Iterator[Option]]:
    return lambda _book, _path: iter(_codes(key))


CHOICES: Final = tuple(
    (re.compile(pattern), choices)
    for pattern, choices in (
        (r"rule/(except_fault_ages|avoidance\.older_ages)", _of("fault_age")),
        (r"(rule/|grading\.hazards/.+\.)products", _of("product")),
        (r"rule/grades\..+", _grades),
        (r"(rule/procedure|regional_assessments\.\w+/closes)", procedures_of),
        (r"regional_assessments\.\w+/except_classes", _classes),
        (r"siting\.mandatory/.+", _themes),
        (r"siting\.seismic_class/.+", _of("seismic_class")),
        (r"siting\.isolation/building_types", _building_types),
        (r"grading\.hazards/.+\.without_zone", _of("without_zone")),
        (r"grading\.risk/joining", _of("risk_joining")),
        (r"grades\.looks/.+\.pattern", _patterns),
        (r"run_cards\.\w+/ordinary", _of("rescue_level")),
        (r"run_cards\.terms/road_classes", _of("road_class")),
    )
)
"""What the words of a field are chosen from, by article and field."""
