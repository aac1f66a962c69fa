"""Findings: each listed hit put into the words, numbers and grounds an officer can check."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from risk_model.operators import Bilingual
from risk_model.rulebook import RuleBook
from risk_model.siting.contacts import Hits
from risk_model.siting.footprints import Footprints
from risk_model.siting.requirements import Outcome, ProjectProfile, RuleState
from risk_model.vocabulary import BasisKind, Finding, Verdict, ZoneSet

SILENT = {
    RuleState.NOT_READ: Bilingual(
        "选址规则不读取该类成果，仅列出供参考，不作为调查依据",
        "siting rules do not read this product; listed for information, not counted as a survey",
    ),
    RuleState.UNKNOWN_GRADE: Bilingual(
        "区划等级缺失或规则未收录该等级，按资料不足处理，须补充等级资料",
        "the grade is missing or no rule knows it: insufficient data until the grade is supplied",
    ),
    RuleState.UNKNOWN_HAZARD: Bilingual(
        "规则库未收录该灾种，按资料不足处理，须补充规则",
        "the rulebook does not know this hazard: insufficient data until rules are added",
    ),
}
NO_RULES = Bilingual("该专题未设选址规则，仅列出供参考", "this theme has no siting rule; listed for information")
NO_WORDS = Bilingual("", "")


class PartedFigure(float):
    """Figure of a sentence whose thousands are parted by commas, however the rule has it rounded."""

    def __format__(self, spec: str) -> str:
        return super().__format__(f",{spec}")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the findings of one batch of hits; ``outcomes`` are those its hits index."""

    zones: ZoneSet
    footprints: Footprints
    hits: Hits
    outcomes: tuple[Outcome, ...]
    rulebook: RuleBook
    asker: ProjectProfile

    def slivers(self) -> npt.NDArray[np.bool_]:
        """True for hits whose overlap may be an artefact of two boundaries drawn apart."""
        hits = self.hits
        small = self.rulebook.terms.is_sliver(hits.overlap_m2, self.footprints.area_m2[hits.site])
        return np.asarray(hits.overlapping & small)

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

    def severities(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Severity of the verdict of each row: what is not met is permitted."""
        return np.where(self.hits.met[rows], self.hits.severity[rows], Verdict.PERMITTED.severity)

    def overlaps(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Overlap (m²) of each row, 0 where it is arithmetic noise."""
        return np.where(self.hits.overlapping[rows], self.hits.overlap_m2[rows], 0.0)

    def shares(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Share of the site each row overlaps."""
        return np.minimum(self.overlaps(rows) / self.footprints.area_m2[self.hits.site[rows]], 1.0)

    def write(self, row: int, sliver: bool) -> Finding:
        """The finding of one row."""
        zones, hits, zone = self.zones, self.hits, int(self.hits.zone[row])
        outcome = self.outcomes[hits.outcome[row]]
        verdict = outcome.verdict if hits.met[row] else Verdict.PERMITTED
        objects = outcome.rule is not None and verdict is not Verdict.PERMITTED
        basis, kind = _basis(outcome) if objects else (NO_WORDS, None)
        message = self._message(row, outcome, objects)
        rule = outcome.rule if objects else None
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
            rule=rule.id if rule else None,
            verdict=verdict,
            basis=basis.zh,
            basis_kind=kind,
            procedure=rule.procedure if rule else (),
            message=message.zh,
            local=rule is not None and (rule.local or (outcome.ground is not None and outcome.ground.local)),
            basis_en=basis.en,
            procedure_en=rule.procedure_en if rule else (),
            message_en=message.en,
        )

    def _message(self, row: int, outcome: Outcome, objects: bool) -> Bilingual:
        if outcome.rule is None:
            hazard = self.rulebook.surveyed_themes.get(self.zones.hazard[self.hits.zone[row]])
            return SILENT[outcome.standing] if hazard is None or hazard.rules else NO_RULES
        rule = outcome.rule
        said = Bilingual(rule.message, rule.message_en) if objects else Bilingual(rule.note, rule.note_en)
        if outcome.standing is RuleState.STUDY and rule.avoidance:
            said = Bilingual(rule.avoidance.study_message, rule.avoidance.study_message_en)
        if not said.zh and not said.en:
            return NO_WORDS
        words = self._words(row, outcome)
        return Bilingual(said.zh.format(**words), said.en.format(**(words | self._english(row, outcome))))

    def _english(self, row: int, outcome: Outcome) -> dict[str, str | float]:
        """Values that read otherwise in English."""
        zones, zone = self.zones, int(self.hits.zone[row])
        grades = self.rulebook.schemes[zones.scheme[zone]].grades if zones.scheme[zone] in self.rulebook.schemes else ()
        rank, arrival = int(zones.rank[zone]), zones.arrival_min[zone]
        return {
            "grade": (grades[rank - 1].name_en if 0 < rank <= len(grades) else "") or zones.grade[zone],
            "arrival": "unknown (taken as the earliest)" if np.isnan(arrival) else f"about {arrival:g} minutes",
            "exemption": outcome.exemption.en if outcome.exemption else "",
        }

    def _words(self, row: int, outcome: Outcome) -> dict[str, str | float]:
        zones, hits, zone = self.zones, self.hits, int(self.hits.zone[row])
        intensity, arrival = zones.intensity[zone], zones.arrival_min[zone]
        return {
            "zone": zones.name[zone] or zones.zone[zone],
            "grade": zones.grade[zone],
            "overlap": PartedFigure(hits.overlap_m2[row]),
            "share": float(hits.overlap_m2[row] / self.footprints.area_m2[hits.site[row]]),
            # Rounded down: 99.96 m must not read as the 100 m it falls short of.
            "distance": PartedFigure(math.floor(hits.distance_m[row] * 10) / 10),
            "required": PartedFigure(hits.reach_m[row]),
            "arrival": "不详（从严处理）" if np.isnan(arrival) else f"约 {arrival:g} 分钟",
            "intensity": f"{self.rulebook.terms.intensity if np.isnan(intensity) else intensity:g}",
            "seismic": str(self.asker.seismic_class),
            "exemption": outcome.exemption.zh if outcome.exemption else "",
        }


def _basis(outcome: Outcome) -> tuple[Bilingual, BasisKind | None]:
    if outcome.standing is RuleState.STUDY and outcome.rule and outcome.rule.avoidance:
        table, local = outcome.rule.avoidance, outcome.rule.local
        return Bilingual(table.study_basis, table.study_basis_en), BasisKind.DEFAULT if local else BasisKind.STANDARD
    ground = outcome.ground
    return (Bilingual(ground.basis, ground.basis_en), ground.kind) if ground else (NO_WORDS, None)
