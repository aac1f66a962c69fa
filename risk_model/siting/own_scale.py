"""Own scale: the verdict on one site if the border of each zone lay further out, or in, by the error of its own survey.

A zone whose scale nobody told is not taken for exact: where the verdict may hang on it, it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from risk_model.firmness import MM_A_METRE, Decider, ErringVerdict, OwnScale, ZoneError
from risk_model.siting.contacts import Hits
from risk_model.siting.deciders import HitGround, gravest, grounds_of, lost, newly_met, with_deciders
from risk_model.siting.judgement import JudgedGroup
from risk_model.siting.sensitivity import JudgedGround, severities_inward
from risk_model.vocabulary import Opinion, Verdict, ZoneSet

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

BY_SEVERITY = {verdict.severity: verdict for verdict in Verdict}


def with_firmness(opinion: Opinion, judged: JudgedGroup) -> Opinion:
    """``opinion`` on the one site of ``judged`` with what decides each shift, and its verdicts by the zones' own scale.

    A book from before errors of scale were told tells none.
    """
    grounds, drawn, error_mm = grounds_of(judged), opinion.verdict, judged.rulebook.terms.map_error_mm
    shifts = tuple(with_deciders(one, drawn, grounds) for one in opinion.sensitivity)
    erring = None if error_mm is None else _by_own_scale(drawn, judged, grounds, error_mm)
    return replace(opinion, sensitivity=shifts, own_scale=erring)


def zone_errors(zones: ZoneSet, error_mm: float) -> Floats:
    """Error (m) of the border of each zone, ``error_mm`` on its map; NaN where nobody said its scale."""
    if zones.scale is None:
        return np.full(len(zones), np.nan)
    return np.asarray(np.where(zones.scale > 0, zones.scale, np.nan) * (error_mm / MM_A_METRE))


def _by_own_scale(drawn: Verdict, judged: JudgedGroup, grounds: Sequence[HitGround], error_mm: float) -> OwnScale:
    furthest_m, floor = judged.rulebook.terms.shifts_m[-1], judged.floor
    erring = [_Erring.of(ground, error_mm, furthest_m) for ground in grounds]
    outward = _between(floor, [(one.outward(floor, 0.0), one.outward(floor, furthest_m)) for one in erring])
    inward = _between(floor, [(one.inward_of_known(floor), one.inward(floor)) for one in erring])
    least, most = outward[0], inward[1]
    met = [(one.ground, one.met_outward(0.0)) for one in erring]
    return OwnScale(
        map_error_mm=error_mm,
        furthest_m=furthest_m,
        outward=ErringVerdict(*_verdicts(outward), newly_met(met, drawn) if least > drawn.severity else ()),
        inward=ErringVerdict(*_verdicts(inward), lost(grounds, most) if most < drawn.severity else ()),
        errors=tuple(dict.fromkeys(error for one in erring for error in one.listed())),
        unscaled=_unscaled(erring, (outward, inward), furthest_m),
    )


def _unscaled(erring: Sequence[_Erring], bounds: Sequence[tuple[int, int]], furthest_m: float) -> tuple[Decider, ...]:
    """What of unknown error a verdict may hang on: it is near enough, and worse than the mildest that can be."""
    open_ = [low for low, high in bounds if low < high]
    if not open_:
        return ()
    near = ((one.ground, one.unknown & one.met_outward(furthest_m)) for one in erring)
    return gravest((ground, rows & (ground.hits.severity > min(open_))) for ground, rows in near)


def _between(floor: Indices, bounds: Sequence[tuple[Indices, Indices]]) -> tuple[int, int]:
    """The mildest and the worst severity of the one site: grounds err apart, so the worse of them counts."""
    low, high = (reduce(np.maximum, side) for side in zip((floor, floor), *bounds, strict=True))
    return int(low[0]), int(high[0])


def _verdicts(bounds: tuple[int, int]) -> tuple[Verdict, Verdict]:
    return BY_SEVERITY[bounds[0]], BY_SEVERITY[bounds[1]]


@dataclass(frozen=True, slots=True)
class _Erring:
    """Ground whose borders err: ``error_m`` of the zone of each row, 0 where it is ``unknown``."""

    ground: HitGround
    error_m: Floats
    unknown: Truths

    @classmethod
    def of(cls, ground: HitGround, error_mm: float, furthest_m: float) -> _Erring:
        """The errors of ``ground``; one beyond ``furthest_m`` is as good as unknown, for nobody looks so far."""
        error_m = zone_errors(ground.writer.zones, error_mm)[ground.hits.zone]
        unknown = ~(error_m <= furthest_m)
        return cls(ground, np.where(unknown, 0.0, error_m), unknown)

    def met_outward(self, unknown_m: float) -> Truths:
        """Demands that would hold if each border lay its error further out, those of unknown error ``unknown_m``."""
        return self.ground.hits.met_outward(np.where(self.unknown, unknown_m, self.error_m))

    def outward(self, floor: Indices, unknown_m: float) -> Indices:
        return self.ground.hits.worst(self.met_outward(unknown_m), floor)

    def inward(self, floor: Indices) -> Indices:
        """The worst severity with each border its error further in, those of unknown error where they are drawn."""
        return self._inward(self.ground.hits, self.error_m, floor)

    def inward_of_known(self, floor: Indices) -> Indices:
        """The same as if nothing of unknown error were there."""
        known = np.flatnonzero(~self.unknown)
        return self._inward(_some(self.ground.hits, known), self.error_m[known], floor)

    def _inward(self, hits: Hits, error_m: Floats, floor: Indices) -> Indices:
        drawn = JudgedGround.of(self.ground.writer.footprints, self.ground.writer.zones)
        return severities_inward(drawn, hits, floor=floor, error_m=error_m)

    def listed(self) -> Iterator[ZoneError]:
        """The known errors of the zones the opinion lists, or meets once borders lie further out."""
        zones, hits = self.ground.writer.zones, self.ground.hits
        if not self.ground.zoned or zones.scale is None:
            return
        for row in np.flatnonzero((hits.listed | self.met_outward(0.0)) & ~self.unknown).tolist():
            zone = int(hits.zone[row])
            scale, error_m = int(zones.scale[zone]), float(self.error_m[row])
            yield ZoneError(zones.zone[zone], int(zones.version[zone]), scale, error_m)


def _some(hits: Hits, rows: Indices) -> Hits:
    columns = {one.name: getattr(hits, one.name)[rows] for one in fields(Hits) if one.name != "sites"}
    return replace(hits, **columns)
