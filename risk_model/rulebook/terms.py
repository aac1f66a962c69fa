"""The terms of the siting screening that belong to no hazard: footprints, slivers, coverage, shifts, defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from risk_model.message import Message, bilingual, msg
from risk_model.rulebook.entries import Entry, read_backing
from risk_model.vocabulary import ProjectClass, SeismicClass


@dataclass(frozen=True, slots=True)
class BuildingType:
    """A kind of building the standard names: the project class it belongs to and the least seismic class it may have."""

    key: str
    name_zh: str
    name_en: str
    project_class: ProjectClass
    least: SeismicClass

    @property
    def name(self) -> Message:
        """Name in both languages."""
        return bilingual(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class SitingTerms:
    """Lengths in metres, areas in m², shares 0–1; ``shifts_m`` rise and are positive.

    ``map_error_mm`` is the error of a border on the map it was surveyed at, None in books from before it was told.
    """

    class_names: Mapping[ProjectClass, tuple[str, str]]
    point_m: Mapping[ProjectClass, float]
    line_m: Mapping[ProjectClass, float]
    sliver_m2: float
    sliver_share: float
    coverage_tolerance: float
    shifts_m: tuple[float, ...]
    mandatory: Mapping[ProjectClass, frozenset[str]]
    seismic_class: Mapping[ProjectClass, SeismicClass]
    building_types: Mapping[str, BuildingType]
    intensity: float
    map_error_mm: float | None = None

    @property
    def building_words(self) -> dict[str, str]:
        """Every word a file may use for a building type, with its key."""
        return {word: one.key for one in self.building_types.values() for word in (one.key, one.name_zh, one.name_en)}

    def types_of(self, project_class: ProjectClass) -> tuple[BuildingType, ...]:
        """The building types among which a project of this class is one, in file order."""
        return tuple(one for one in self.building_types.values() if one.project_class is project_class)

    def least_seismic_class(self, project_class: ProjectClass, building_type: str | None) -> SeismicClass:
        """The least class such a building may be declared of; where its type is not known, the strictest of its class."""
        known = [one for one in self.types_of(project_class) if building_type in (None, one.key)]
        return SeismicClass.strictest([one.least for one in known] or [SeismicClass.D])

    def trouble_with_declaration(
        self, project_class: ProjectClass, declared: SeismicClass | None, building_type: str | None
    ) -> tuple[str, Message] | None:
        """The field at fault and why a declaration is refused, or what has to be said before it can be believed."""
        kind = self.building_types.get(building_type or "")
        if kind is not None and kind.project_class is not project_class:
            told = msg(
                "建筑类型「{kind}」属于 {own} 类项目，与所报的 {given} 类不符",
                kind=kind.name,
                own=kind.project_class,
                given=project_class,
            )
            return "building_type", told
        least = self.least_seismic_class(project_class, building_type)
        if declared is None or declared.strictness >= least.strictness:
            return None
        if kind is None:
            told = msg(
                "{given} 类项目申报{declared}类设防须先说明建筑类型：按 GB 50223-2008，其中一些建筑不得低于{least}类",
                given=project_class,
                declared=declared,
                least=least,
            )
            return "building_type", told
        told = msg(
            "按 GB 50223-2008，{kind}的抗震设防类别不得低于{least}类，不能按{declared}类申报",
            kind=kind.name,
            least=least,
            declared=declared,
        )
        return "seismic_class", told

    def is_sliver(self, overlap_m2: Any, area_m2: Any) -> Any:
        """Whether an overlap (m², one or an array) with a site of ``area_m2`` may be an artefact of two boundaries drawn apart."""
        return (overlap_m2 < self.sliver_m2) & (overlap_m2 / area_m2 < self.sliver_share)


def read_terms(entry: Entry, hazards: Iterable[str]) -> SitingTerms:
    """The whole of ``siting.toml``; InvalidRule names the table and the mend."""
    entry.text("version")
    classes, footprint = entry.inner("classes"), _backed(entry, "footprint")
    sliver, coverage = _backed(entry, "sliver"), _backed(entry, "coverage")
    intensity, seismic = _backed(entry, "intensity"), _backed(entry, "seismic_class")
    mandatory, keys = _backed(entry, "mandatory"), tuple(hazards)
    terms = SitingTerms(
        class_names={one: _read_names(classes.inner(one)) for one in ProjectClass},
        point_m=_per_class(footprint.inner("point_m")),
        line_m=_per_class(footprint.inner("line_m")),
        sliver_m2=sliver.number("area_m2"),
        sliver_share=_share(sliver, "share"),
        coverage_tolerance=_share(coverage, "tolerance"),
        shifts_m=_read_shifts(_backed(entry, "sensitivity")),
        mandatory={one: frozenset(mandatory.some_of(one, keys)) for one in ProjectClass},
        seismic_class={one: SeismicClass(seismic.one_of(one, list(SeismicClass))) for one in ProjectClass},
        # Books from before these were told apart are read on: what was judged by them is judged again.
        building_types=_read_building_types(_backed(entry, "building_types")) if "building_types" in entry else {},
        intensity=intensity.number("default"),
        map_error_mm=_read_map_error(entry),
    )
    if "isolation" in entry:
        entry.value("isolation")  # read by itself, for it names building types
    for table in (classes, footprint, sliver, coverage, intensity, seismic, mandatory, entry):
        table.close()
    return terms


def _read_map_error(entry: Entry) -> float | None:
    """Error of a border (mm on the map); books from before it was told are read on."""
    if "own_scale" not in entry:
        return None
    table = _backed(entry, "own_scale")
    error_mm = table.number("map_error_mm")
    if error_mm <= 0:
        raise table.wrong(msg("'{key}' 应大于 0", key="map_error_mm"))
    table.close()
    return error_mm


def _read_building_types(table: Entry) -> dict[str, BuildingType]:
    kinds = table.inner("kinds")
    types = {key: _read_building_type(key, kinds.inner(key)) for key in kinds}
    table.close()
    return types


def _read_building_type(key: str, entry: Entry) -> BuildingType:
    project_class = ProjectClass(entry.one_of("project_class", list(ProjectClass)))
    least = SeismicClass(entry.one_of("least", list(SeismicClass)))
    kind = BuildingType(key, entry.text("name_zh"), entry.text("name_en"), project_class, least)
    entry.close()
    return kind


def _backed(entry: Entry, key: str) -> Entry:
    table = entry.inner(key)
    read_backing(table)
    return table


def _read_names(entry: Entry) -> tuple[str, str]:
    names = (entry.text("name_zh"), entry.text("name_en"))
    entry.close()
    return names


def _per_class(entry: Entry) -> dict[ProjectClass, float]:
    widths = {one: entry.number(one) for one in ProjectClass}
    if min(widths.values()) <= 0:
        raise entry.wrong(msg("每一类的占地宽度都应大于 0"))
    entry.close()
    return widths


def _share(entry: Entry, key: str) -> float:
    share = entry.number(key)
    if share >= 1:
        raise entry.wrong(msg("'{key}' 是份额，应小于 1", key=key))
    return share


def _read_shifts(entry: Entry) -> tuple[float, ...]:
    shifts = entry.value("shifts_m")
    entry.close()
    numbers = isinstance(shifts, list) and shifts and all(isinstance(shift, int | float) for shift in shifts)
    if not numbers or shifts != sorted(set(shifts)) or shifts[0] <= 0:
        raise entry.wrong(msg("'shifts_m' 应为大于 0 的递增长度"))
    return tuple(map(float, shifts))
