"""Findings: each listed hit put into the words, numbers and grounds an officer can check."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk_model.rulebook import RuleBook
from risk_model.siting.demands import Asker, Outcome, Standing
from risk_model.siting.footprints import Footprints
from risk_model.siting.hits import Hits
from risk_model.vocabulary import BasisKind, Finding, Verdict, ZoneSet

SILENT = {
    Standing.NOT_READ: "选址规则不读取该类成果，仅列出供参考，不作为调查依据",
    Standing.UNKNOWN_GRADE: "区划等级缺失或规则未收录该等级，按资料不足处理，须补充等级资料",
    Standing.UNKNOWN_HAZARD: "规则库未收录该灾种，按资料不足处理，须补充规则",
}


NO_RULES = "该专题未设选址规则，仅列出供参考"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the findings of one batch of hits; ``outcomes`` are those its hits index."""

    zones: ZoneSet
    footprints: Footprints
    hits: Hits
    outcomes: tuple[Outcome, ...]
    rulebook: RuleBook
    asker: Asker

    def slivers(self) -> npt.NDArray[np.bool_]:
        """True for hits whose overlap may be an artefact of two boundaries drawn apart."""
        hits, terms = self.hits, self.rulebook.terms
        share = hits.overlap_m2 / self.footprints.area_m2[hits.site]
        return hits.overlapping & (hits.overlap_m2 < terms.sliver_m2) & (share < terms.sliver_share)

    def listed_rows(self) -> npt.NDArray[np.int64]:
        """One row for each zone a site's opinion lists, the worst that is met before the others; sorted by site."""
        hits = self.hits
        rows = np.flatnonzero(hits.listed)
        weight = np.where(hits.met[rows], hits.severity[rows], -1)
        rows = rows[np.lexsort((-weight, hits.zone[rows], hits.site[rows]))]
        site, zone = hits.site[rows], hits.zone[rows]
        repeated = np.zeros(len(rows), dtype=bool)
        repeated[1:] = (site[1:] == site[:-1]) & (zone[1:] == zone[:-1])
        return rows[~repeated]

    def write(self, row: int, sliver: bool) -> Finding:
        """The finding of one row."""
        zones, hits, zone = self.zones, self.hits, int(self.hits.zone[row])
        outcome = self.outcomes[hits.outcome[row]]
        verdict = outcome.verdict if hits.met[row] else Verdict.PERMITTED
        objects = outcome.rule is not None and verdict is not Verdict.PERMITTED
        basis, kind = _basis(outcome) if objects else ("", None)
        overlap = float(hits.overlap_m2[row]) if hits.overlapping[row] else 0.0
        share = min(overlap / float(self.footprints.area_m2[hits.site[row]]), 1.0)
        return Finding(
            zone=zones.zone[zone],
            zone_version=int(zones.version[zone]),
            zone_name=zones.name[zone] or "",
            hazard=zones.hazard[zone],
            product=zones.product[zone],
            grade=zones.grade[zone] or None,
            grade_rank=int(zones.rank[zone]) or None,
            grade_scheme=zones.scheme[zone] or None,
            overlap_m2=overlap,
            overlap_share=share,
            distance_m=float(hits.distance_m[row]),
            sliver=sliver,
            rule=outcome.rule.id if objects and outcome.rule else None,
            verdict=verdict,
            basis=basis,
            basis_kind=kind,
            procedure=outcome.rule.procedure if objects and outcome.rule else (),
            message=self._message(row, outcome, objects),
        )

    def _message(self, row: int, outcome: Outcome, objects: bool) -> str:
        if outcome.rule is None:
            hazard = self.rulebook.hazards.get(self.zones.hazard[self.hits.zone[row]])
            return SILENT[outcome.standing] if hazard is None or hazard.rules else NO_RULES
        template = outcome.rule.message if objects else outcome.rule.note
        if outcome.standing is Standing.STUDY and outcome.rule.avoidance:
            template = outcome.rule.avoidance.study_message
        return template.format(**self._words(row, outcome)) if template else ""

    def _words(self, row: int, outcome: Outcome) -> dict[str, str | float]:
        zones, hits, zone = self.zones, self.hits, int(self.hits.zone[row])
        intensity, arrival = zones.intensity[zone], zones.arrival_min[zone]
        return {
            "zone": zones.name[zone] or zones.zone[zone],
            "grade": zones.grade[zone],
            "overlap": float(hits.overlap_m2[row]),
            "share": float(hits.overlap_m2[row] / self.footprints.area_m2[hits.site[row]]),
            # Rounded down: 99.96 m must not read as the 100 m it falls short of.
            "distance": math.floor(hits.distance_m[row] * 10) / 10,
            "required": float(hits.reach_m[row]),
            "arrival": "不详（从严处理）" if np.isnan(arrival) else f"约 {arrival:g} 分钟",
            "intensity": f"{self.rulebook.terms.intensity if np.isnan(intensity) else intensity:g}",
            "seismic": str(self.asker.seismic_class),
            "exemption": outcome.exemption,
        }


def _basis(outcome: Outcome) -> tuple[str, BasisKind | None]:
    if outcome.standing is Standing.STUDY and outcome.rule and outcome.rule.avoidance:
        return outcome.rule.avoidance.study_basis, BasisKind.STANDARD
    return (outcome.ground.basis, outcome.ground.kind) if outcome.ground else ("", None)
