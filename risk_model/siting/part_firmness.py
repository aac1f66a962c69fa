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
    outward = _joined([one.outward for one in own], drawn)
    inward = _joined([one.inward for one in own], drawn)
    settled = outward.verdict is not None and inward.verdict is not None
    return OwnScale(
        map_error_mm=own[0].map_error_mm,
        furthest_m=own[0].furthest_m,
        outward=outward,
        inward=inward,
        errors=tuple(dict.fromkeys(error for one in own for error in one.errors)),
        unscaled=() if settled else _together(one.unscaled for one in own),
    )


def _joined(erring: Sequence[ErringVerdict], drawn: Verdict) -> ErringVerdict:
    """The gravest verdict; unknown where it is of one part, unless another is prohibited in any case."""
    known = [one.verdict for one in erring if one.verdict is not None]
    gravest = Verdict.worst(known)
    if len(known) < len(erring) and gravest is not Verdict.PROHIBITED:
        return ErringVerdict(None, ())
    return ErringVerdict(gravest, _deciding([one.deciders for one in erring], gravest, drawn))


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
