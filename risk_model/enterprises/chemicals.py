"""The substances and classes of GB 18218-2018 as ``rules/hazardous_chemicals.toml`` gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from risk_model.enterprises.terms import exact
from risk_model.rulebook import RuleBook, fold_word
from risk_model.rulebook.entries import Entry, read_backing

_CAS = re.compile(r"\d{2,7}-\d{2}-\d")


@dataclass(frozen=True, slots=True)
class Substance:
    """A critical amount in tonnes and β, with the table they stand in."""

    name: str
    critical_t: Fraction
    beta: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class ChemicalTerms:
    """All of ``hazardous_chemicals.toml``; ``names`` are folded, ``alphas`` fall from the most residents.

    ``bounds`` are the lower bounds of R of levels 1 to 3.
    """

    threshold: Fraction
    residents_within_m: float
    alphas: tuple[tuple[int, Fraction], ...]
    bounds: tuple[Fraction, ...]
    names: Mapping[str, Substance]
    numbers: Mapping[str, Substance]
    classes: Mapping[str, Substance]
    basis: str

    def alpha(self, residents: int | None) -> Fraction:
        """α for so many residents; the worst there is where nobody knows how many."""
        if residents is None:
            return max(alpha for _, alpha in self.alphas)
        return next(alpha for least, alpha in self.alphas if residents >= least)

    def level(self, risk: Fraction) -> int:
        """The level of R, 1 the worst."""
        return next((level for level, bound in enumerate(self.bounds, 1) if risk >= bound), len(self.bounds) + 1)

    def strictest(self, classes: tuple[str, ...]) -> Substance:
        """Of several known classes the one with the smallest critical amount, of equal ones that with the largest β."""
        return min((self.classes[one] for one in classes), key=lambda found: (found.critical_t, -found.beta))


@lru_cache(maxsize=8)
def chemical_terms(rulebook: RuleBook) -> ChemicalTerms:
    """The terms of ``rulebook``; InvalidRule names the entry and the mend."""
    entry = Entry("hazardous_chemicals.toml", "hazardous_chemicals", rulebook.documents.get("hazardous_chemicals"))
    entry.text("version")
    identification, table1, table2 = (entry.inner(name) for name in ("identification", "table1", "table2"))
    local = entry.inner("local")
    classes = _read_classes(table2.inner("classes"))
    names: dict[str, Substance] = {}
    numbers: dict[str, Substance] = {}
    for row in table1.list_of("substances"):
        substance = Substance(row.words("names")[0], _positive(row, "critical_t"), _positive(row, "beta"), "表1")
        _enter(row, substance, names, numbers)
    for row in local.list_of("substances"):
        known = [classes[word] for word in row.some_of("classes", classes)]
        found = min(known, key=lambda one: (one.critical_t, -one.beta))
        _enter(row, Substance(row.words("names")[0], found.critical_t, found.beta, found.source), names, numbers)
    terms = ChemicalTerms(
        threshold=exact(identification.number("threshold")),
        residents_within_m=identification.number("residents_within_m"),
        alphas=_read_alphas(identification),
        bounds=_read_levels(identification),
        names=names,
        numbers=numbers,
        classes=classes,
        basis=str(read_backing(identification)["basis"]),
    )
    for table in (table1, table2, local):
        read_backing(table)
    for table in (identification, table1, table2, local, entry):
        table.close()
    return terms


def _positive(entry: Entry, key: str) -> Fraction:
    number = entry.number(key)
    if number <= 0:
        raise entry.wrong(f"'{key}' must lie above 0.")
    return exact(number)


def _enter(row: Entry, substance: Substance, names: dict[str, Substance], numbers: dict[str, Substance]) -> None:
    cas = row.text("cas")
    if cas and not _CAS.fullmatch(cas):
        raise row.wrong(f"'{cas}' is no CAS number.")
    for table, words in ((names, [fold_word(word) for word in row.words("names")]), (numbers, [cas] if cas else [])):
        for word in words:
            if word in table:
                raise row.wrong(f"'{word}' names two substances; a word means one only.")
            table[word] = substance
    row.close()


def _read_classes(entry: Entry) -> dict[str, Substance]:
    classes = {}
    for key in entry:
        row = entry.inner(key)
        classes[key] = Substance(key, _positive(row, "critical_t"), _positive(row, "beta"), f"表2 {key}")
        row.close()
    return classes


def _read_alphas(entry: Entry) -> tuple[tuple[int, Fraction], ...]:
    rows = entry.list_of("alpha")
    alphas = [(int(row.number("residents")), _positive(row, "alpha")) for row in rows]
    for row in rows:
        row.close()
    if not alphas or alphas[0][0] != 0 or alphas != sorted(alphas) or len({least for least, _ in alphas}) < len(alphas):
        raise entry.wrong("'alpha' must begin with 0 residents and rise.")
    return tuple(reversed(alphas))


def _read_levels(entry: Entry) -> tuple[Fraction, ...]:
    bounds = entry.value("level_lower_bounds")
    numbers = isinstance(bounds, list) and all(type(bound) in (int, float) and bound > 0 for bound in bounds)
    if not numbers or len(bounds) != 3 or bounds != sorted(set(bounds), reverse=True):
        raise entry.wrong("'level_lower_bounds' must be three falling values of R.")
    return tuple(exact(bound) for bound in bounds)
