"""The words of how firm a verdict is: verdicts with borders moved, and what decides where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from risk_model.vocabulary import SiteObject, Verdict

MM_A_METRE: Final = 1000.0
"""What turns millimetres on a map into metres on the ground, with its scale."""


@dataclass(frozen=True, slots=True)
class Decider:
    """A zone, or an ``object`` of a register, whose rule decides a verdict: that of the rule, and where it lies as drawn.

    Without a rule no rule can read it. ``distance_m`` is that from the site, 0 where they overlap.
    """

    zone: str | None
    zone_version: int | None
    name: str
    hazard: str
    rule: str | None
    verdict: Verdict
    distance_m: float
    object: SiteObject | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """The verdict if every zone boundary lay ``shift_m`` further out (negative: further in).

    ``deciders`` make it differ from the verdict as drawn, gravest first: what is met anew, or what is met no more. Empty
    where it does not differ or nobody asked.
    """

    shift_m: float
    verdict: Verdict
    deciders: tuple[Decider, ...] = ()


@dataclass(frozen=True, slots=True)
class ErringVerdict:
    """The verdict if every border lay further out, or in, by the error of its own survey: at ``least`` this, at ``most`` that."""

    least: Verdict
    most: Verdict
    deciders: tuple[Decider, ...]

    @property
    def verdict(self) -> Verdict | None:
        """The verdict where it is certain; None where it hangs on what has no known error."""
        return self.least if self.least is self.most else None


@dataclass(frozen=True, slots=True)
class ZoneError:
    """Error (m) of the border of a zone by its survey's scale, the n of 1:n."""

    zone: str
    zone_version: int
    scale: int
    error_m: float


@dataclass(frozen=True, slots=True)
class OwnScale:
    """Firmness of a verdict against the own error of each zone: ``map_error_mm`` on the map it was surveyed at.

    Of ``unscaled`` no error is known, or one beyond ``furthest_m``, as far as borders are moved, and the verdict may hang on
    them. ``errors`` are those of the zones the opinion lists or would meet.
    """

    map_error_mm: float
    furthest_m: float
    outward: ErringVerdict
    inward: ErringVerdict
    errors: tuple[ZoneError, ...]
    unscaled: tuple[Decider, ...]
