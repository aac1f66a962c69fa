"""Major hazard installations by GB 18218-2018: S says whether, R which level, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from risk_model.enterprises.chemicals import ChemicalTerms, Substance, strictest_of
from risk_model.enterprises.terms import exact
from risk_model.errors import InvalidAssessment
from risk_model.message import msg


class Identified(StrEnum):
    """Outcome of the identification for a unit or the whole enterprise."""

    MAJOR = "major"
    NOT_MAJOR = "not_major"
    INSUFFICIENT_DATA = "insufficient_data"
    NO_INVENTORY = "no_inventory"


@dataclass(frozen=True, slots=True)
class Stock:
    """The greatest amount of one substance in one unit; ``tonnes`` None where nobody knows it.

    ``classes`` are those of table 2, for a substance table 1 does not name.
    """

    substance: str
    tonnes: float | None
    cas: str | None = None
    classes: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class NearbyResidents:
    """People within 500 m outside the boundary; ``count`` None where nobody knows.

    ``method`` is ``buildings`` or ``groups``; ``approximate`` says that the plant is a point without an outline;
    ``uncounted`` dwellings there have no number of people.
    """

    count: int | None
    method: str | None = None
    approximate: bool = False
    uncounted: int = 0


@dataclass(frozen=True, slots=True)
class StockLine:
    """One line of the working; figures None and ``gap`` told where the substance or its amount is not known."""

    stock: Stock
    source: str | None
    critical_t: float | None
    beta: float | None
    ratio: float | None
    weighted: float | None
    gap: str | None


@dataclass(frozen=True, slots=True)
class UnitWorking:
    """S of one unit; R and level only of a major one. ``at_least`` says that lines are missing from the sums."""

    unit: str
    status: Identified
    lines: tuple[StockLine, ...]
    s: float
    weighted: float
    r: float | None
    level: int | None
    at_least: bool


@dataclass(frozen=True, slots=True)
class MajorHazard:
    """Identification of an enterprise: the worst of its units, α and the working."""

    status: Identified
    s: float | None
    r: float | None
    level: int | None
    alpha: float | None
    residents: NearbyResidents
    at_least: bool
    units: tuple[UnitWorking, ...]
    gaps: tuple[str, ...]


def identify_major_hazard(stocks: Sequence[Stock], residents: NearbyResidents, terms: ChemicalTerms) -> MajorHazard:
    """Identify and grade unit by unit (source: GB 18218-2018, 4.2 and 4.3), with exact fractions.

    InvalidAssessment for an amount below zero and for a class that does not exist. A substance neither named nor classed
    leaves its unit at 资料不足 unless the others alone reach S = 1; it is never passed over. A name that may mean several
    forms counts as the strictest of them.
    """
    if not stocks:
        return MajorHazard(
            Identified.NO_INVENTORY, None, None, None, None, residents, at_least=False, units=(), gaps=()
        )
    alpha = terms.alpha(residents.count)
    names = list(dict.fromkeys(stock.unit for stock in stocks))
    units = tuple(_work(name, [one for one in stocks if one.unit == name], alpha, terms) for name in names)
    worst = min(units, key=lambda unit: (_URGENCY.index(unit.status), unit.level or 9, -unit.s))
    major = worst.status is Identified.MAJOR
    return MajorHazard(
        status=worst.status,
        s=worst.s,
        r=worst.r,
        level=worst.level,
        alpha=float(alpha) if major else None,
        residents=residents,
        at_least=worst.at_least,
        units=units,
        gaps=_gaps(units, residents, major=major),
    )


_URGENCY = (Identified.MAJOR, Identified.INSUFFICIENT_DATA, Identified.NOT_MAJOR)
"""What is not known comes before what is known to be small."""


def _work(name: str, stocks: Sequence[Stock], alpha: Fraction, terms: ChemicalTerms) -> UnitWorking:
    found = [_find(stock, terms) for stock in stocks]
    ratios = [_ratio(stock, one[0]) for stock, one in zip(stocks, found, strict=True)]
    s = sum((ratio for ratio in ratios if ratio is not None), Fraction(0))
    weights = [None if one[0] is None else one[0].beta for one in found]
    weighted = sum(
        (b * q for b, q in zip(weights, ratios, strict=True) if b is not None and q is not None), Fraction(0)
    )
    incomplete = any(ratio is None for ratio in ratios)
    major = s >= terms.threshold
    risk = alpha * weighted
    otherwise = Identified.INSUFFICIENT_DATA if incomplete else Identified.NOT_MAJOR
    lines = tuple(_line(stock, one, ratio) for stock, one, ratio in zip(stocks, found, ratios, strict=True))
    return UnitWorking(
        unit=name,
        status=Identified.MAJOR if major else otherwise,
        lines=lines,
        s=float(s),
        weighted=float(weighted),
        r=float(risk) if major else None,
        level=terms.level(risk) if major else None,
        at_least=incomplete,
    )


def _find(stock: Stock, terms: ChemicalTerms) -> tuple[Substance | None, str | None]:
    """The substance or class a stock counts as, and what is not known of it."""
    unknown = [one for one in stock.classes if one not in terms.classes]
    if unknown:
        raise InvalidAssessment(
            msg(
                "「{substance}」的类别「{category}」不在 GB 18218 表2 中",
                substance=stock.substance,
                category=unknown[0],
            )
        )
    rows = terms.rows_of(stock.substance, (stock.cas or "").strip())
    if stock.classes and all(row.assumed for row in rows):  # what was declared wins over what is taken for granted here
        rows = (terms.strictest(stock.classes),)
    if not rows:
        return None, "substance_unknown"
    if stock.tonnes is None:
        return strictest_of(rows), "amount_unknown"
    return strictest_of(rows), "form_unknown" if len({(row.critical_t, row.beta) for row in rows}) > 1 else None


def _ratio(stock: Stock, found: Substance | None) -> Fraction | None:
    if stock.tonnes is None:
        return None
    if not 0 <= stock.tonnes < float("inf"):
        raise InvalidAssessment(
            msg(
                "「{substance}」的数量应是不小于 0 的吨数，不是 {tonnes}",
                substance=stock.substance,
                tonnes=stock.tonnes,
            )
        )
    return None if found is None else exact(stock.tonnes) / found.critical_t


def _line(stock: Stock, one: tuple[Substance | None, str | None], ratio: Fraction | None) -> StockLine:
    found, gap = one
    return StockLine(
        stock=stock,
        source=found.source if found else None,
        critical_t=float(found.critical_t) if found else None,
        beta=float(found.beta) if found else None,
        ratio=None if ratio is None else float(ratio),
        weighted=None if ratio is None or found is None else float(found.beta * ratio),
        gap=gap,
    )


def _gaps(units: Sequence[UnitWorking], residents: NearbyResidents, *, major: bool) -> tuple[str, ...]:
    told = [f"{line.gap}:{line.stock.substance}" for unit in units for line in unit.lines if line.gap]
    if major and residents.count is None:
        told.append("residents_unknown")
    if major and residents.uncounted:
        told.append(f"dwellings_uncounted:{residents.uncounted}")
    if major and residents.approximate:
        told.append("outline_missing")
    return tuple(dict.fromkeys(told))
