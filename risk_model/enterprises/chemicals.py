"""The substances and classes of GB 18218-2018 as ``rules/hazardous_chemicals.toml`` gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from risk_model.enterprises.terms import exact
from risk_model.message import msg
from risk_model.rulebook import RuleBook, fold_word
from risk_model.rulebook.entries import CONFIDENCES, Entry, read_backing

_CAS = re.compile(r"\d{2,7}-\d{2}-\d")


@dataclass(frozen=True, slots=True)
class Substance:
    """A critical amount in tonnes and β, with the table they stand in.

    An ``assumed`` one is not in table 1: its class is ours until somebody declares one.
    """

    name: str
    critical_t: Fraction
    beta: Fraction
    source: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class ChemicalTerms:
    """All of ``hazardous_chemicals.toml``; ``names`` are folded, ``alphas`` fall from the most residents.

    A name or CAS number may stand for several rows: forms of one substance. ``bounds`` are the lower bounds of R of
    levels 1 to 3.
    """

    threshold: Fraction
    residents_within_m: float
    alphas: tuple[tuple[int, Fraction], ...]
    bounds: tuple[Fraction, ...]
    names: Mapping[str, tuple[Substance, ...]]
    numbers: Mapping[str, tuple[Substance, ...]]
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

    def rows_of(self, name: str, cas: str) -> tuple[Substance, ...]:
        """The rows a name and a CAS number stand for: those of both where they agree, else of either."""
        named, numbered = self.names.get(fold_word(name), ()), self.numbers.get(cas, ())
        both = tuple(one for one in named if one in numbered)
        return both or (*named, *numbered)

    def strictest(self, classes: tuple[str, ...]) -> Substance:
        """Of several known classes the one with the smallest critical amount, of equal ones that with the largest β."""
        return strictest_of(tuple(self.classes[one] for one in classes))


def strictest_of(rows: tuple[Substance, ...]) -> Substance:
    """The row with the smallest critical amount, of equal ones that with the largest β; there is at least one."""
    return min(rows, key=lambda one: (one.critical_t, -one.beta))


@lru_cache(maxsize=8)
def chemical_terms(rulebook: RuleBook) -> ChemicalTerms:
    """The terms of ``rulebook``; InvalidRule names the entry and the mend."""
    entry = Entry("hazardous_chemicals.toml", "hazardous_chemicals", rulebook.documents.get("hazardous_chemicals"))
    entry.text("version")
    identification, table1, table2 = (entry.inner(name) for name in ("identification", "table1", "table2"))
    local = entry.inner("local")
    classes = _read_classes(table2.inner("classes"))
    names: dict[str, tuple[Substance, ...]] = {}
    numbers: dict[str, tuple[Substance, ...]] = {}
    for row in table1.list_of("substances"):
        source = f"表1 第 {row.number('number'):g} 项，β {row.text('beta_from')}"
        row.one_of("confidence", CONFIDENCES)
        substance = Substance(row.words("names")[0], _positive(row, "critical_t"), _positive(row, "beta"), source)
        _enter(row, substance, names, numbers)
    for row in local.list_of("substances"):
        found = strictest_of(tuple(classes[word] for word in row.some_of("classes", classes)))
        name = row.words("names")[0]
        _enter(row, Substance(name, found.critical_t, found.beta, found.source, assumed=True), names, numbers)
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
        raise entry.wrong(msg("'{key}' 应大于 0", key=key))
    return exact(number)


def _enter(
    row: Entry,
    substance: Substance,
    names: dict[str, tuple[Substance, ...]],
    numbers: dict[str, tuple[Substance, ...]],
) -> None:
    """Enter a row under its words; a row's first name is its own, others it may share with other forms of a substance."""
    wrong = next((cas for cas in row.words("cas") if not is_cas_number(cas)), None)
    if wrong:
        raise row.wrong(msg("'{wrong}' 不是 CAS 号", wrong=wrong))
    if any(one.name == substance.name for known in names.values() for one in known):
        raise row.wrong(msg("'{name}' 指了两种物质；一行的第一个名称是它自己的", name=substance.name))
    for table, words in ((names, [fold_word(word) for word in row.words("names")]), (numbers, row.words("cas"))):
        for word in dict.fromkeys(words):
            table[word] = (*table.get(word, ()), substance)
    row.close()


def is_cas_number(text: str) -> bool:
    """Whether ``text`` is a CAS registry number; its last digit checks the others."""
    if not _CAS.fullmatch(text):
        return False
    *digits, check = (int(sign) for sign in text if sign != "-")
    return sum(place * digit for place, digit in enumerate(reversed(digits), 1)) % 10 == check


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
        raise entry.wrong(msg("'alpha' 应从 0 名居民开始并递增"))
    return tuple(reversed(alphas))


def _read_levels(entry: Entry) -> tuple[Fraction, ...]:
    bounds = entry.value("level_lower_bounds")
    numbers = isinstance(bounds, list) and all(type(bound) in (int, float) and bound > 0 for bound in bounds)
    if not numbers or len(bounds) != 3 or bounds != sorted(set(bounds), reverse=True):
        raise entry.wrong(msg("'level_lower_bounds' 应为 R 的三个递减值"))
    return tuple(exact(bound) for bound in bounds)
