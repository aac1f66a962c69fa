"""Two states of the zones of a theme compared, so that the differences laid on the first give the second bit for bit."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from risk_model.editing.values import EditedZone, K, packaged_terms
from risk_model.errors import DifferenceMisplaced
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array
from risk_model.tangles import shared_area

DifferenceState = Literal["unchanged", "changed", "new", "gone"]
DifferenceMatch = Literal["id", "source_id", "shape"]


@dataclass(frozen=True, slots=True)
class ZoneDifference:
    """One zone of both states, or of one of them: its key and value before and after, and what it was matched by."""

    state: DifferenceState
    key_before: Hashable | None
    key_after: Hashable | None
    before: EditedZone | None
    after: EditedZone | None
    matched_by: DifferenceMatch | None = None

    @property
    def delta_m2(self) -> float:
        """Area after less area before."""
        return (self.after.area_m2 if self.after else 0.0) - (self.before.area_m2 if self.before else 0.0)

    @property
    def reshaped(self) -> bool:
        """Whether the geometry is another, were it by the order of its vertices."""
        return not (self.before and self.after and self.before.geometry == self.after.geometry)

    @property
    def regraded(self) -> bool:
        """Whether the grade is another."""
        return (self.before.grade if self.before else None) != (self.after.grade if self.after else None)

    @property
    def attributes_changed(self) -> tuple[str, ...]:
        """Names of the attributes that differ, in order; those of a new or gone zone all do."""
        before, after = (dict(one.attributes) if one else {} for one in (self.before, self.after))
        return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def compare(a: Mapping[K, EditedZone], b: Mapping[K, EditedZone]) -> list[ZoneDifference]:
    """The differences from ``a`` to ``b``: zones of one key belong together, of the others those that are nearly one shape.

    Nearly is ``match_share`` of the larger's area. Sorted by key; whatever their order, the answer is the same.
    """
    same = [_difference(key, key, a[key], b[key], "id") for key in a if key in b]
    left, right = [key for key in a if key not in b], [key for key in b if key not in a]
    pairs = _by_shape({key: a[key] for key in left}, {key: b[key] for key in right})
    same += [_difference(one, other, a[one], b[other], "shape") for one, other in pairs]
    taken = {one for one, _ in pairs}, {other for _, other in pairs}
    same += [ZoneDifference("gone", key, None, a[key], None) for key in left if key not in taken[0]]
    same += [ZoneDifference("new", None, key, None, b[key]) for key in right if key not in taken[1]]
    return sorted(same, key=lambda one: (str(one.key_after if one.key_before is None else one.key_before), one.state))


def apply(differences: Iterable[ZoneDifference], a: Mapping[K, EditedZone]) -> dict[Hashable, EditedZone]:
    """The state the differences lead to from ``a``. Raises DifferenceMisplaced where a zone is not as they had it before."""
    known = list(differences)
    state: dict[Hashable, EditedZone] = dict(a.items())
    for one in known:
        if one.key_before is not None and state.pop(one.key_before, None) != one.before:
            raise DifferenceMisplaced(
                msg("区 {zone} 与比较时不同，不能套用这份差异；请重新比较", zone=str(one.key_before))
            )
    for one in known:
        if one.key_after is not None and one.after is not None:
            if one.key_after in state:
                raise DifferenceMisplaced(
                    msg("区 {zone} 与比较时不同，不能套用这份差异；请重新比较", zone=str(one.key_after))
                )
            state[one.key_after] = one.after
    return state


def _difference(
    key: Hashable, other: Hashable, before: EditedZone, after: EditedZone, by: DifferenceMatch
) -> ZoneDifference:
    return ZoneDifference("unchanged" if before == after else "changed", key, other, before, after, by)


def _by_shape(a: Mapping[K, EditedZone], b: Mapping[K, EditedZone]) -> list[tuple[K, K]]:
    """Pairs of keys whose zones are nearly one shape, the nearest first; each key once."""
    left, right = list(a), list(b)
    ones, others = (as_array([zone.geometry for zone in side.values()]) for side in (a, b))
    second, first = shapely.STRtree(ones).query(others) if len(ones) and len(others) else np.empty((2, 0), dtype=int)
    share = _shares(ones[first], others[second])
    likely = np.flatnonzero(share >= packaged_terms().edits["match_share"])
    ranked = sorted(
        (-float(share[one]), str(left[first[one]]), str(right[second[one]]), one) for one in likely.tolist()
    )
    pairs: list[tuple[K, K]] = []
    taken: tuple[set[K], set[K]] = (set(), set())
    for *_, one in ranked:
        pair = left[first[one]], right[second[one]]
        if pair[0] not in taken[0] and pair[1] not in taken[1]:
            pairs.append(pair)
            taken[0].add(pair[0])
            taken[1].add(pair[1])
    return pairs


def _shares(first: Any, second: Any) -> Any:
    """The share of the larger of each two shapes that both have: 1 where they are equal, 0 for lines that are not."""
    share = np.where(shapely.normalize(first) == shapely.normalize(second), 1.0, 0.0)
    measured = (share == 0) & (shapely.get_dimensions(first) == AREAL) & (shapely.get_dimensions(second) == AREAL)
    measured &= shapely.is_valid(first) & shapely.is_valid(second)
    larger = np.maximum(shapely.area(first), shapely.area(second))[measured]
    share[measured] = shared_area(first[measured], second[measured]) / np.maximum(larger, 1e-300)
    return share
