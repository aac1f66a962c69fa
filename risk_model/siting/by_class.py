"""The verdict the same outline would get as a project of each class: the rules read anew, zones and surveys as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from risk_model.overlay import Overlaps, measure
from risk_model.rulebook import RuleBook
from risk_model.shapes import AREAL
from risk_model.siting.contacts import Hits, find_hits
from risk_model.siting.footprints import Footprints, lay_footprints
from risk_model.siting.judgement import JudgedGroup, Layers, layers_of
from risk_model.siting.neighbours import lay_objects
from risk_model.siting.requirements import ProjectProfile, read_demands
from risk_model.siting.surveyed_ground import Surveys, survey_ground
from risk_model.siting.touch import without_drawn_touches
from risk_model.vocabulary import (
    ClassVerdict,
    ConstraintSet,
    ExtentSet,
    ObjectSet,
    Opinion,
    ProjectClass,
    Site,
    Verdict,
    ZoneSet,
)

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

ONE: Final = np.zeros(1, dtype=np.int64)
ROOM_M: Final = 1.0
"""So much further than its rules reach a zone is measured: a line that is crossed counts from a hair away."""
BY_SEVERITY: Final = {verdict.severity: verdict for verdict in Verdict}


def as_every_class(site: Site, rulebook: RuleBook) -> tuple[Site, ...]:
    """``site`` as a project of each class, in their order.

    Its building type goes with its own class alone; the declared seismic class stays where the standard lets a project of
    that class be declared so, otherwise the class's own counts.
    """
    return tuple(site if one is site.project_class else _declared(site, one, rulebook) for one in ProjectClass)


def _declared(site: Site, project_class: ProjectClass, rulebook: RuleBook) -> Site:
    trouble = rulebook.terms.trouble_with_declaration(project_class, site.seismic_class, None)
    seismic = None if trouble else site.seismic_class
    return replace(site, project_class=project_class, seismic_class=seismic, building_type=None)


def verdicts_by_class(
    site: Site,
    opinion: Opinion,
    ground: tuple[ZoneSet, ExtentSet],
    setting: tuple[RuleBook, date],
    *,
    beside: tuple[ObjectSet | None, ConstraintSet | None] = (None, None),
    judged: JudgedGroup | None = None,
) -> tuple[ClassVerdict, ...]:
    """The verdict on ``site`` as each class, in their order: each the same as ``review_site`` gives of it; its own is that of ``opinion``.

    ``setting`` is rulebook and day; ``ground`` (zones, extents) and ``beside`` (objects, land set aside) hold all that lies within the reach of every class.
    What ``judged``, of which ``opinion`` was told, measured of the same ground is not measured anew.
    """
    rulebook, on = setting
    told = {site.project_class: (opinion.seismic_class, opinion.verdict)}
    by_width: dict[float, list[tuple[Site, ProjectProfile]]] = {}
    for one in as_every_class(site, rulebook):
        if one.project_class is site.project_class:
            continue
        asker = ProjectProfile(one.project_class, rulebook.seismic_class(one), on, one.building_type)
        by_width.setdefault(_width_m(one, rulebook), []).append((one, asker))
    layers = layers_of(*ground, beside[1], rulebook)
    measured, own_width_m = _measured(judged, len(layers)), _width_m(site, rulebook)
    for width_m, asked in by_width.items():
        sites, askers = zip(*asked, strict=True)
        known = measured if width_m == own_width_m else [None] * len(layers)
        outline = _Outline(lay_footprints(sites[:1], rulebook.terms), sites[0], layers, known, setting)
        severities = outline.severities(askers, beside[0])
        for one, level in zip(askers, severities, strict=True):
            told[one.project_class] = one.seismic_class, BY_SEVERITY[level]
    return tuple(ClassVerdict(one, *told[one]) for one in ProjectClass)


def site_by_class_of(opinion: Opinion) -> tuple[tuple[ClassVerdict, ...], ...]:
    """The verdict on a site were one of its parts of each class and the others what they are: part by part, in their order."""
    verdicts = [of.verdict for _, of in opinion.parts]
    return tuple(
        tuple(
            replace(one, verdict=Verdict.worst([*verdicts[:number], one.verdict, *verdicts[number + 1 :]]))
            for one in of.by_class
        )
        for number, (_, of) in enumerate(opinion.parts)
    )


def _measured(judged: JudgedGroup | None, layers: int) -> list[Overlaps | None]:
    """The pairs of the one site of ``judged`` with zones of each of so many layers, as far as it measured them."""
    if judged is None:
        return [None] * layers
    return [None if of.listing.writer is None else _pairs_of(of.listing.writer.hits) for of in judged.told]


def _pairs_of(hits: Hits) -> Overlaps:
    zone, row = np.unique(hits.zone, return_index=True)
    return Overlaps(np.zeros(len(zone), dtype=np.int64), zone, hits.overlap_m2[row], hits.distance_m[row])


def _some(zones: ZoneSet, rows: Indices) -> ZoneSet:
    columns = {one.name: getattr(zones, one.name) for one in fields(ZoneSet)}
    chosen: dict[str, Any] = {name: None if column is None else column[rows] for name, column in columns.items()}
    return ZoneSet(**chosen)


def _width_m(site: Site, rulebook: RuleBook) -> float:
    """Metres by which a point or a line is widened as a project of its class; an area is what it is."""
    dimension = shapely.get_dimensions(site.geometry)
    if dimension == AREAL:
        return 0.0
    return (rulebook.terms.line_m if dimension else rulebook.terms.point_m)[site.project_class]


@dataclass(frozen=True, slots=True)
class _Outline:
    """One footprint held against the layers, for the classes that lay the same."""

    footprint: Footprints
    site: Site
    layers: Sequence[Layers]
    known: Sequence[Overlaps | None]
    setting: tuple[RuleBook, date]
    _surveys: list[Surveys] = field(default_factory=list)
    _around: dict[tuple[str, float], float] = field(default_factory=dict)

    @property
    def rulebook(self) -> RuleBook:
        """The rules it is judged by."""
        return self.setting[0]

    def severities(self, askers: Sequence[ProjectProfile], objects: ObjectSet | None) -> list[int]:
        """Severity of the verdict on the footprint as each asker's."""
        worst = [0] * len(askers)
        for of, known in zip(self.layers, self.known, strict=True):
            worst = [*map(max, worst, self._of_zones(of.zones, askers, known))]
        if objects is not None and len(objects):
            laid = (lay_objects(objects, self.rulebook, asker).zones for asker in askers)
            worst = [max(one, *self._of_zones(zones, [a])) for one, zones, a in zip(worst, laid, askers, strict=True)]
        return [one or self._of_surveys(asker) for one, asker in zip(worst, askers, strict=True)]

    def _of_zones(self, zones: ZoneSet, askers: Sequence[ProjectProfile], known: Overlaps | None = None) -> list[int]:
        """Severity of what the footprint meets of ``zones``, which are measured once for all askers, but for what is ``known``."""
        within = self._within(zones, self._reach_m(zones, askers), known)
        near, pairs = _some(zones, within.zone), replace(within, zone=np.arange(len(within)))
        if not len(near):
            return [0] * len(askers)
        hits = [find_hits(self.footprint, demands, pairs) for demands in read_demands(near, self.rulebook, askers)]
        return [int(one.worst(one.met, ONE)[0]) for one in hits]

    def _within(self, zones: ZoneSet, reach_m: Floats, known: Overlaps | None) -> Overlaps:
        """The pairs of the footprint with ``zones`` within ``reach_m``, by the numbers of the zones."""
        if known is None:
            new = measure(self.footprint.geometry, zones.geometry, reach_m, threads=1)
            return without_drawn_touches(new, self.footprint, [self.site], zones)
        rest = np.setdiff1d(np.arange(len(zones)), known.zone, assume_unique=True)
        new = measure(self.footprint.geometry, zones.geometry[rest], reach_m[rest], threads=1)
        new = without_drawn_touches(replace(new, zone=rest[new.zone]), self.footprint, [self.site], zones)
        kept = known.distance_m <= reach_m[known.zone]
        columns = ((getattr(new, name), getattr(known, name)[kept]) for name in Overlaps.__slots__)
        return Overlaps(*map(np.concatenate, columns))

    def _reach_m(self, zones: ZoneSet, askers: Sequence[ProjectProfile]) -> Floats:
        """Metres from each zone within which some rule may object to some asker."""
        known, reach_m = self.rulebook.themes, {}
        for key in set(zones.hazard.tolist()):
            kinds = ((one.project_class, one.seismic_class) for one in askers if key in known)
            reach_m[key] = max((self.rulebook.theme_reach_m(key, *kind) for kind in kinds), default=0.0) + ROOM_M
        return np.array([reach_m[key] for key in zones.hazard.tolist()])

    def _of_surveys(self, asker: ProjectProfile) -> int:
        """Severity of what is unknown: of a theme nobody may do without, as far as its rules look."""
        terms = self.rulebook.terms
        known = 1 - terms.coverage_tolerance
        for surveys in self._surveyed():
            for key, theme in surveys.themes.items():
                if key in terms.mandatory[asker.project_class]:
                    looks = theme.reaches_m(asker.project_class, asker.seismic_class, intensity=terms.intensity)
                    if min(self._share(surveys, key, metres) for metres in (0.0, *looks)) < known:
                        return Verdict.INSUFFICIENT_DATA.severity
        return 0

    def _surveyed(self) -> list[Surveys]:
        if not self._surveys:
            for of in self.layers:
                ground = (of.zones, of.extents)
                self._surveys.append(survey_ground(self.footprint, ground, of.themes, self.setting, threads=1))
        return self._surveys

    def _share(self, surveys: Surveys, key: str, metres: float) -> float:
        theme = [*surveys.themes].index(key)
        if not metres:
            return float(surveys.share[0, theme])
        if (key, metres) not in self._around:
            self._around[key, metres] = float(surveys.share_within(theme, metres, ONE)[0])
        return self._around[key, metres]
