"""Firmness of a verdict in plain values: verdicts with borders moved, and the zones that decide where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NotRequired

from typing_extensions import TypedDict

from risk_model.firmness import Decider, ErringVerdict, OwnScale, Shift
from risk_model.vocabulary import Opinion

MOST_DECIDERS: Final = 5
"""So many deciders of one verdict are named, the gravest first; the others are counted."""
MOST_ERRORS: Final = 200


class DeciderObjectAnswer(TypedDict):
    """A registered object or an area of land set aside: its register or kind, its number there and its name."""

    kind: str
    id: int
    name: str


class DeciderAnswer(TypedDict):
    """A zone, or an ``object`` that is none, on which a verdict hangs: the rule that objects and what it makes of the site.

    ``distance_m`` from the site as drawn, 0 where they overlap. ``rule`` is null for what no rule can read.
    """

    zone: str | None
    zone_version: int | None
    name: str
    theme: str
    rule: str | None
    verdict: str
    distance_m: float
    object: DeciderObjectAnswer | None


class ShiftAnswer(TypedDict):
    """The verdict if every boundary lay this far out (negative: in).

    Where it differs from the verdict, ``deciders`` are what is met anew, or what is met no more: at most five, the gravest
    first, and ``deciders_more`` others. Missing of checks made before they were told.
    """

    shift_m: float
    verdict: str
    deciders: NotRequired[list[DeciderAnswer]]
    deciders_more: NotRequired[int]


class ErringAnswer(TypedDict):
    """The verdict if each border lay its own error further out, or in; null where it hangs on zones whose error is unknown.

    ``deciders`` as of a shift.
    """

    verdict: str | None
    deciders: list[DeciderAnswer]
    deciders_more: int


class ZoneErrorAnswer(TypedDict):
    """Error of a zone's border by the scale of its survey, the n of 1:n."""

    zone: str
    zone_version: int
    scale: int
    error_m: float


class OwnScaleAnswer(TypedDict):
    """Firmness of a verdict against the error of each zone's own survey: ``map_error_mm`` on the map times its scale.

    Of ``unscaled`` nobody told a scale, or it is so coarse that the error exceeds ``furthest_m``: the verdict may hang on
    them. They are named and counted as deciders are; ``errors`` are known (at most 200 are listed).
    """

    map_error_mm: float
    furthest_m: float
    outward: ErringAnswer
    inward: ErringAnswer
    errors: list[ZoneErrorAnswer]
    unscaled: list[DeciderAnswer]
    unscaled_more: int


def shift_answers(opinion: Opinion) -> list[ShiftAnswer]:
    """The verdicts with borders moved, from furthest in to furthest out."""
    return [_shift(one) for one in opinion.sensitivity]


def own_scale_answer(own: OwnScale) -> OwnScaleAnswer:
    """The verdicts by the zones' own scale."""
    unscaled, more = _named(own.unscaled)
    return {
        "map_error_mm": own.map_error_mm,
        "furthest_m": own.furthest_m,
        "outward": _erring(own.outward),
        "inward": _erring(own.inward),
        "errors": [
            {"zone": one.zone, "zone_version": one.zone_version, "scale": one.scale, "error_m": one.error_m}
            for one in own.errors[:MOST_ERRORS]
        ],
        "unscaled": unscaled,
        "unscaled_more": more,
    }


def _shift(one: Shift) -> ShiftAnswer:
    told: ShiftAnswer = {"shift_m": one.shift_m, "verdict": one.verdict.value}
    if one.deciders:
        told["deciders"], told["deciders_more"] = _named(one.deciders)
    return told


def _erring(one: ErringVerdict) -> ErringAnswer:
    deciders, more = _named(one.deciders)
    return {"verdict": one.verdict and one.verdict.value, "deciders": deciders, "deciders_more": more}


def _named(deciders: Sequence[Decider]) -> tuple[list[DeciderAnswer], int]:
    return [_decider(one) for one in deciders[:MOST_DECIDERS]], max(0, len(deciders) - MOST_DECIDERS)


def _decider(one: Decider) -> DeciderAnswer:
    met = one.object
    return {
        "zone": one.zone,
        "zone_version": one.zone_version,
        "name": one.name,
        "theme": one.hazard,
        "rule": one.rule,
        "verdict": one.verdict.value,
        "distance_m": one.distance_m,
        "object": None if met is None else {"kind": met.kind, "id": met.id, "name": met.name},
    }
