"""Deciders: the zones and objects that make the verdict on one site another where borders move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from risk_model.firmness import Decider, Shift
from risk_model.siting.constraints import told_of_area
from risk_model.siting.contacts import Hits
from risk_model.siting.findings import Writer
from risk_model.siting.judgement import JudgedGroup
from risk_model.vocabulary import Finding, Verdict

Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HitGround:
    """Ground of one sort near one site: its hits and how a finding on it is told; ``zoned``: by zones of an edition."""

    writer: Writer
    told: Callable[[Finding], Finding]
    zoned: bool

    @property
    def hits(self) -> Hits:
        """The hits of the site, by which its verdict came about."""
        return self.writer.hits

    def deciders(self, chosen: Truths) -> Iterator[tuple[tuple[float, ...], Decider]]:
        """What stands behind the ``chosen`` rows, each zone once by its gravest, with what puts it in order."""
        hits, rows = self.hits, np.flatnonzero(chosen)
        rows = rows[np.argsort(-hits.severity[rows], kind="stable")]
        objecting = replace(self.writer, hits=replace(hits, met=np.ones(len(hits.zone), dtype=bool)))
        for row in rows[np.unique(hits.zone[rows], return_index=True)[1]].tolist():
            rank = (-float(hits.severity[row]), -float(hits.overlap_m2[row]), float(hits.distance_m[row]))
            yield rank, _decider(self.told(objecting.write(row, sliver=False)))


def grounds_of(judged: JudgedGroup) -> list[HitGround]:
    """The grounds near the one site of ``judged``: hazards, land set aside, objects beside it; those that hold anything."""
    grounds = [
        HitGround(one.listing.writer, _as_it_is if one.set_aside is None else told_of_area, one.set_aside is None)
        for one in judged.told
        if one.listing.writer is not None
    ]
    beside = judged.beside
    if beside is not None and beside.listing.writer is not None:
        grounds.append(HitGround(beside.listing.writer, beside.laid.told, zoned=False))
    return grounds


def _as_it_is(finding: Finding) -> Finding:
    return finding


def _decider(finding: Finding) -> Decider:
    return Decider(
        zone=finding.zone,
        zone_version=finding.zone_version,
        name=finding.object.name if finding.object else finding.zone_name,
        hazard=finding.hazard,
        rule=finding.rule,
        verdict=finding.verdict,
        distance_m=finding.distance_m,
        object=finding.object,
    )


def gravest(chosen: Iterable[tuple[HitGround, Truths]]) -> tuple[Decider, ...]:
    """What stands behind the chosen rows of each ground: the gravest first, then the largest overlap, then the nearest."""
    found = [one for ground, rows in chosen for one in ground.deciders(rows)]
    found.sort(key=lambda one: (one[0], one[1].hazard, one[1].zone or "", one[1].name))
    return tuple(dict.fromkeys(decider for _, decider in found))


def newly_met(met: Iterable[tuple[HitGround, Truths]], drawn: Verdict) -> tuple[Decider, ...]:
    """What is ``met`` once borders moved and is worse than the verdict as ``drawn``."""
    return gravest((ground, rows & (ground.hits.severity > drawn.severity)) for ground, rows in met)


def lost(grounds: Sequence[HitGround], left: int) -> tuple[Decider, ...]:
    """What is met as drawn and is worse than the severity ``left`` once borders moved: none of it is met then."""
    return gravest((ground, ground.hits.met & (ground.hits.severity > left)) for ground in grounds)


def with_deciders(shift: Shift, drawn: Verdict, grounds: Sequence[HitGround]) -> Shift:
    """``shift`` with what makes its verdict another than that ``drawn``; as it is where it is the same."""
    if shift.verdict is drawn:
        return shift
    if shift.shift_m < 0:
        return replace(shift, deciders=lost(grounds, shift.verdict.severity))
    met = ((ground, ground.hits.met_outward(shift.shift_m)) for ground in grounds)
    return replace(shift, deciders=newly_met(met, drawn))
