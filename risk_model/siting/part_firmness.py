"""Firmness of a site with parts: what moved borders make of the gravest of them, and what decides that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from risk_model.firmness import Decider, ErringVerdict, OwnScale, Shift
from risk_model.vocabulary import Opinion, Verdict


def join_shifts(opinions: Sequence[Opinion], drawn: Verdict) -> Iterator[Shift]:
    """The gravest verdict of each shift, with what makes it another than that ``drawn`` of the parts it hangs on."""
    for shifts in zip(*(one.sensitivity for one in opinions), strict=True):
        verdict = Verdict.worst([shift.verdict for shift in shifts])
        yield Shift(shifts[0].shift_m, verdict, _deciding([shift.deciders for shift in shifts], verdict, drawn))


def join_own_scale(opinions: Sequence[Opinion], drawn: Verdict) -> OwnScale | None:
    """The gravest verdict with each zone moved by the error of its own survey; None where nobody asked."""
    own = [one.own_scale for one in opinions if one.own_scale is not None]
    if len(own) < len(opinions):
        return None
    outward = _worst([one.outward for one in own])
    inward = _worst([one.inward for one in own])
    return OwnScale(
        map_error_mm=own[0].map_error_mm,
        furthest_m=own[0].furthest_m,
        outward=ErringVerdict(*outward, _deciding([one.outward.deciders for one in own], outward[0], drawn)),
        inward=ErringVerdict(*inward, _deciding([one.inward.deciders for one in own], inward[1], drawn)),
        errors=tuple(dict.fromkeys(error for one in own for error in one.errors)),
        unscaled=tuple(_hung_on((one.unscaled for one in own), (outward, inward))),
    )


def _worst(erring: Sequence[ErringVerdict]) -> tuple[Verdict, Verdict]:
    """At least and at most the gravest of the parts: certain where one part is as grave as any of the others may be."""
    return Verdict.worst([one.least for one in erring]), Verdict.worst([one.most for one in erring])


def _hung_on(unscaled: Iterable[Iterable[Decider]], bounds: Sequence[tuple[Verdict, Verdict]]) -> Iterator[Decider]:
    """What of unknown error the gravest verdict may hang on: it is worse than the mildest that can be."""
    open_ = [least.severity for least, most in bounds if least is not most]
    return (one for one in _together(unscaled) if open_ and one.verdict.severity > min(open_))


def _deciding(deciders: Iterable[Iterable[Decider]], moved: Verdict, drawn: Verdict) -> tuple[Decider, ...]:
    """What is worse than the milder of both verdicts: met anew of that ``drawn``, met no more of the one with borders ``moved``."""
    least = min(moved.severity, drawn.severity)
    every = [one for one in _together(deciders) if one.verdict.severity > least]
    return () if moved is drawn else tuple(every)


def _together(deciders: Iterable[Iterable[Decider]]) -> tuple[Decider, ...]:
    """All deciders once, the gravest first and the nearest of those that are as grave."""
    once = dict.fromkeys(one for several in deciders for one in several)
    return tuple(sorted(once, key=_weight))


def _weight(one: Decider) -> tuple[int, float, str, str, str]:
    return -one.verdict.severity, one.distance_m, one.hazard, one.zone or "", one.name
