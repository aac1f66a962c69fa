"""Listed findings: which zones an opinion tells of each site, in the order it tells them, as columns.

Of most findings nobody reads a word: they are written one by one where somebody does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from risk_model.shapes import as_array
from risk_model.siting.findings import Writer
from risk_model.siting.requirements import Outcome
from risk_model.vocabulary import Finding, Verdict

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

NONE: Final = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class ListedColumns:
    """Findings as parallel columns, in the order opinions tell them; areas in m², distances in metres, shares 0–1."""

    site: Indices
    zone: Words
    name: Words
    hazard: Words
    grade: Words
    overlap_m2: Floats
    overlap_share: Floats
    distance_m: Floats
    rule: Words
    severity: Indices
    sliver: Truths

    @classmethod
    def none(cls) -> ListedColumns:
        """No findings."""
        words, numbers = as_array([]), np.empty(0)
        return cls(NONE, words, words, words, words, numbers, numbers, numbers, words, NONE, NONE.astype(bool))


@dataclass(frozen=True, slots=True)
class HitListing:
    """Rows of hits that are listed, by site, theme and rank; ``first`` are the places where the rows of each site begin.

    Of one theme the worst come first, then the largest overlap. ``place`` numbers the theme among ``themes``: those of the
    survey, and after them other hazards by their names.
    """

    writer: Writer | None
    themes: tuple[str, ...]
    row: Indices
    place: Indices
    sliver: Truths
    first: Indices

    @classmethod
    def none(cls, sites: int, themes: tuple[str, ...]) -> HitListing:
        """Nothing listed of any site."""
        return cls(None, themes, NONE, NONE, NONE.astype(bool), np.zeros(sites + 1, dtype=np.int64))

    @classmethod
    def of(cls, writer: Writer, slivers: Truths, themes: tuple[str, ...], *, objects: bool = False) -> HitListing:
        """Everything ``writer`` lists; of zones that stand for ``objects`` only what objects, the nearest first."""
        hits, zones = writer.hits, writer.zones
        row = writer.listed_rows()
        if objects:
            row = row[writer.severities(row) > 0]
        key, of_row = np.unique(zones.hazard[hits.zone[row]], return_inverse=True)
        themes = (*themes, *(one for one in key.tolist() if one not in themes))
        order = {one: number for number, one in enumerate(themes)}
        place = np.array([order[one] for one in key.tolist()], dtype=np.int64)[of_row]
        last = hits.distance_m[row] if objects else _by_name(zones.zone, hits.zone[row])
        ranks = (last, -writer.overlaps(row), -writer.severities(row), place, hits.site[row])
        told = np.lexsort(ranks)
        row, place = row[told], place[told]
        first = np.searchsorted(hits.site[row], np.arange(hits.sites + 1))
        return cls(writer, themes, row, place, slivers[row], np.asarray(first, dtype=np.int64))

    def of_site(self, number: int) -> dict[str, list[Finding]]:
        """The findings on one site by theme."""
        found: dict[str, list[Finding]] = {}
        for at in range(self.first[number], self.first[number + 1]):
            finding = self.asked.write(int(self.row[at]), bool(self.sliver[at]))
            found.setdefault(finding.hazard, []).append(finding)
        return found

    @property
    def asked(self) -> Writer:
        """The writer of what is listed."""
        assert self.writer is not None, "where nothing is listed nothing is written"
        return self.writer

    def columns(self) -> ListedColumns:
        """What is listed, as columns; of sites by their number."""
        if not len(self.row):
            return ListedColumns.none()
        writer, row, hits = self.asked, self.row, self.asked.hits
        zones, zone, severity = writer.zones, hits.zone[row], writer.severities(row)
        rules = as_array([outcome.rule.id if outcome.rule else None for outcome in writer.outcomes])[hits.outcome[row]]
        rules[severity == Verdict.PERMITTED.severity] = None
        grade = zones.grade[zone]
        grade[grade == ""] = None
        return ListedColumns(
            site=hits.site[row],
            zone=zones.zone[zone],
            name=zones.name[zone],
            hazard=zones.hazard[zone],
            grade=grade,
            overlap_m2=writer.overlaps(row),
            overlap_share=writer.shares(row),
            distance_m=hits.distance_m[row],
            rule=rules,
            severity=severity,
            sliver=self.sliver,
        )

    def restricting(self) -> dict[int, list[Outcome]]:
        """Of each site that some rule restricts and does not prohibit the outcomes of such findings, as they are told."""
        found: dict[int, list[Outcome]] = {}
        if len(self.row):
            writer, outcome = self.asked, self.asked.hits.outcome[self.row]
            ruled = np.array([one.rule is not None for one in writer.outcomes])[outcome]
            rows = ruled & (writer.severities(self.row) == Verdict.RESTRICTED.severity)
            for site, number in zip(writer.hits.site[self.row[rows]].tolist(), outcome[rows].tolist(), strict=True):
                found.setdefault(site, []).append(writer.outcomes[number])
        return found

    def strongest(self, hazard: str) -> Floats:
        """The greatest intensity told by a zone of ``hazard`` that overlaps each site; NaN where none tells any."""
        found = np.full(len(self.first) - 1, np.nan)
        if len(self.row):
            writer, zone = self.asked, self.asked.hits.zone[self.row]
            rows = (writer.zones.hazard[zone] == hazard) & (writer.overlaps(self.row) > 0)
            np.fmax.at(found, writer.hits.site[self.row[rows]], writer.zones.intensity[zone[rows]])
        return found


def _by_name(names: npt.NDArray[np.object_], chosen: Sequence[int] | Indices) -> Indices:
    """Rank of the name of each chosen one."""
    asked, of = np.unique(np.asarray(chosen, dtype=np.int64), return_inverse=True)
    rank = np.unique(names[asked], return_inverse=True)[1]
    return np.asarray(rank[of], dtype=np.int64)
