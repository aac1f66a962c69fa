"""Opinions on many sites as columns, for tables: the judgement of ``review_sites``, with no finding written in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.siting.judgement import JudgedGroup, judge_sites, layers_of
from risk_model.siting.listed_hits import ListedColumns
from risk_model.siting.parts import refuse_parts
from risk_model.vocabulary import AssessmentSet, ConstraintSet, ExtentSet, ObjectSet, Site, SiteObject, ZoneSet

Indices = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]
Objects = Callable[[ListedColumns], list[SiteObject]]


@dataclass(frozen=True, slots=True)
class SiteColumns:
    """Sites in their order: severity as drawn and (sites, shifts) with borders moved, what is unknown, asked for, noted.

    ``data_gaps``, ``conditions`` and ``notes`` hold the tuples of an opinion.
    """

    severity: Indices
    borderline: npt.NDArray[np.bool_]
    shifted: Indices
    data_gaps: Words
    seismic_class: Words
    conditions: Words
    notes: Words


@dataclass(frozen=True, slots=True)
class FindingColumns:
    """Findings by site, theme and rank; ``zone`` is None where a finding speaks of an ``object``."""

    site: Indices
    zone: Words
    hazard: Words
    grade: Words
    overlap_m2: npt.NDArray[np.float64]
    overlap_share: npt.NDArray[np.float64]
    distance_m: npt.NDArray[np.float64]
    rule: Words
    severity: Indices
    sliver: npt.NDArray[np.bool_]
    object: Words


@dataclass(frozen=True, slots=True)
class Screened:
    """Judgement of many sites; ``findings`` names them by their place among the sites, ``shifts_m`` are those of borders."""

    shifts_m: tuple[float, ...]
    sites: SiteColumns
    findings: FindingColumns

    @classmethod
    def joined(cls, parts: Sequence[Screened]) -> Screened:
        """Parts of the sites one after the other; at least one."""
        counts = np.cumsum([0, *(len(part.sites.severity) for part in parts)])
        places = [part.findings.site + start for part, start in zip(parts, counts[:-1], strict=True)]
        findings = _one_after_another([part.findings for part in parts]) | {"site": np.concatenate(places)}
        sites = SiteColumns(**_one_after_another([part.sites for part in parts]))
        return cls(parts[0].shifts_m, sites, FindingColumns(**findings))


def screen_sites(
    sites: Sequence[Site],
    zones: ZoneSet,
    extents: ExtentSet,
    rulebook: RuleBook,
    on: date,
    *,
    objects: ObjectSet | None = None,
    constraints: ConstraintSet | None = None,
    assessments: AssessmentSet | None = None,
    threads: int = 2,
) -> Screened:
    """The judgement of :func:`review_sites` on many sites, in their order, as columns; it is handed and raises the same.

    UnreadableSite besides for a site with parts: columns tell of no parts.
    """
    refuse_parts(sites)
    layers = layers_of(zones, extents, constraints, rulebook)
    judged = list(judge_sites(sites, layers, (objects, assessments), (rulebook, on), threads=threads))
    shifts = tuple(sorted(shift for near in rulebook.terms.shifts_m for shift in (-near, near)))
    place = np.concatenate([np.empty(0, dtype=np.int64), *(of.numbers for of in judged)])
    told = _one_after_another([*(_sites(of, shifts) for of in judged), _no_sites(len(shifts))])
    findings = _one_after_another([*(one for of in judged for one in _findings(of)), _told_of(ListedColumns.none())])
    return Screened(
        shifts,
        SiteColumns(**_chosen(told, np.argsort(place))),
        FindingColumns(**_chosen(findings, np.argsort(findings["site"], kind="stable"))),
    )


def _sites(judged: JudgedGroup, shifts: tuple[float, ...]) -> SiteColumns:
    numbers, severity = range(len(judged.numbers)), judged.severity
    return SiteColumns(
        severity=severity.drawn,
        borderline=judged.borderline,
        shifted=np.column_stack([severity.shifted[shift] for shift in shifts]),
        data_gaps=as_array([judged.data_gaps(number) for number in numbers]),
        seismic_class=as_array([judged.asker.seismic_class] * len(numbers)),
        conditions=as_array([judged.conditions(number) for number in numbers]),
        notes=as_array([judged.notes(number) for number in numbers]),
    )


def _no_sites(shifts: int) -> SiteColumns:
    none, words = np.empty(0, dtype=np.int64), as_array([])
    return SiteColumns(none, none.astype(bool), np.empty((0, shifts), dtype=np.int64), words, words, words, words)


def _findings(judged: JudgedGroup) -> Iterator[FindingColumns]:
    """The findings of every sort of ground, in the order they are told, with the places of their sites."""
    for evidence in judged.told:
        yield _told_of(evidence.listing.columns(), judged.numbers, _areas if evidence.set_aside is not None else None)
    if judged.beside is not None:
        laid = judged.beside.laid
        yield _told_of(
            judged.beside.listing.columns(), judged.numbers, lambda one: [laid.object[int(z)] for z in one.zone]
        )


def _areas(listed: ListedColumns) -> list[SiteObject]:
    told = zip(listed.hazard, listed.zone, listed.name, strict=True)
    return [SiteObject(hazard, int(zone), name) for hazard, zone, name in told]


def _told_of(listed: ListedColumns, numbers: Indices | None = None, objects: Objects | None = None) -> FindingColumns:
    """What is listed, told of ``objects`` where these are given and of zones where not."""
    nothing = np.full(len(listed.site), None, dtype=object)
    return FindingColumns(
        site=listed.site if numbers is None else numbers[listed.site],
        zone=listed.zone if objects is None else nothing,
        hazard=listed.hazard,
        grade=listed.grade,
        overlap_m2=listed.overlap_m2,
        overlap_share=listed.overlap_share,
        distance_m=listed.distance_m,
        rule=listed.rule,
        severity=listed.severity,
        sliver=listed.sliver,
        object=nothing if objects is None else as_array(objects(listed)),
    )


def _columns_of(table: SiteColumns | FindingColumns) -> dict[str, Any]:
    return {one.name: getattr(table, one.name) for one in fields(table)}


def _one_after_another(tables: Sequence[SiteColumns] | Sequence[FindingColumns]) -> dict[str, Any]:
    """The columns of tables of one sort, at least one."""
    each = [_columns_of(table) for table in tables]
    return {name: np.concatenate([columns[name] for columns in each]) for name in each[0]}


def _chosen(columns: dict[str, Any], rows: Indices) -> dict[str, Any]:
    return {name: column[rows] for name, column in columns.items()}
