"""The words of the domain: enumerations and small frozen values that every storey speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NotRequired

import numpy as np
import numpy.typing as npt
from typing_extensions import TypedDict

from risk_model.conditions import Condition, NotAsked, Note
from risk_model.firmness import OwnScale, Shift

Geometries = npt.NDArray[np.object_]
"""A one-dimensional array of shapely geometries (or None)."""


class Verdict(StrEnum):
    """Verdict of the screening on a site, worst first."""

    PROHIBITED = "prohibited"
    RESTRICTED = "restricted"
    INSUFFICIENT_DATA = "insufficient_data"
    PERMITTED = "permitted"

    @property
    def severity(self) -> int:
        """3 for prohibited down to 0 for permitted."""
        return _SEVERITY[self]

    @classmethod
    def worst(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """The most restrictive of ``verdicts``; permitted when there are none."""
        return max(verdicts, key=lambda verdict: verdict.severity, default=cls.PERMITTED)


_SEVERITY = {verdict: 3 - place for place, verdict in enumerate(Verdict)}


class ThemeStatus(StrEnum):
    """Whether a theme touches the site, does not, or was never surveyed there."""

    CONCERNED = "concerned"
    NOT_CONCERNED = "not_concerned"
    NO_DATA = "no_data"


class BasisKind(StrEnum):
    """Basis of a rule; a default is ours and may be changed by the deployment."""

    LAW = "law"
    STANDARD = "standard"
    DEFAULT = "default"


class Product(StrEnum):
    """Result of the census that a layer is."""

    HAZARD = "hazard"
    SUSCEPTIBILITY = "susceptibility"
    RISK_POPULATION = "risk_population"
    RISK_GDP = "risk_gdp"
    RISK_BUILDING = "risk_building"
    RISK_CROP = "risk_crop"
    RISK_ALL = "risk_all"
    ZONING_RISK = "zoning_risk"
    ZONING_PREVENTION = "zoning_prevention"


class ProjectClass(StrEnum):
    """Class of a project, K1 (major hazard installation) to K7 (linear works)."""

    K1 = "K1"
    K2 = "K2"
    K3 = "K3"
    K4 = "K4"
    K5 = "K5"
    K6 = "K6"
    K7 = "K7"


class SeismicClass(StrEnum):
    """Seismic fortification class of GB 50223-2008."""

    A = "甲"
    B = "乙"
    C = "丙"
    D = "丁"

    @property
    def strictness(self) -> int:
        """3 for 甲 down to 0 for 丁."""
        return "丁丙乙甲".index(self.value)

    @classmethod
    def strictest(cls, classes: Iterable[SeismicClass]) -> SeismicClass:
        """The strictest of ``classes``, of which there is at least one."""
        return max(classes, key=lambda one: one.strictness)


class Colour(StrEnum):
    """The four colours of an enterprise, worst first; the mildest is blue, never green."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def rank(self) -> int:
        """1 for red to 4 for blue."""
        return list(Colour).index(self) + 1

    @classmethod
    def worst(cls, colours: Iterable[Colour | None]) -> Colour | None:
        """The worst of colours, passing over those not known; None where none is known."""
        return min((colour for colour in colours if colour is not None), key=lambda one: one.rank, default=None)


class CorridorKind(StrEnum):
    """Law a control or protection corridor stands under; ``unknown`` is read by the strictest of them."""

    ROAD = "road"
    RAILWAY = "railway"
    POWER = "power"
    PIPELINE = "pipeline"
    UNKNOWN = "unknown"


class DangerState(StrEnum):
    """Stage of a major hidden danger, from its registration to its end."""

    REGISTERED = "registered"
    VERIFYING = "verifying"
    UNFOUNDED = "unfounded"
    GENERAL = "general"
    CONFIRMED = "confirmed"
    ASSIGNED = "assigned"
    RECTIFYING = "rectifying"
    ACCEPTANCE_REQUESTED = "acceptance_requested"
    FIRST_REVIEW = "first_review"
    SECOND_REVIEW = "second_review"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade bound to its scheme: rank 1 is the worst of ``scheme``."""

    scheme: str
    rank: int
    name: str


SMALLEST_SITE_M2: Final = 1.0
"""A polygon smaller than this many square metres is a slip of the pen, not a site."""


@dataclass(frozen=True, slots=True)
class Site:
    """Site to be judged: ``geometry`` in the metric CRS, as it was handed in (polygon, line or point).

    ``drawn`` is a polygon's outline in the CRS zones are stored in, where that is known: an edge shared there is shared.
    ``building_type`` is a key of the rulebook's building types, None where nobody said. ``parts`` are judged instead of the
    site where it has any, each polygon by its own class; what they leave, by that of the site, has no name.
    """

    geometry: Any
    project_class: ProjectClass
    seismic_class: SeismicClass | None = None
    name: str = ""
    drawn: Any | None = None
    building_type: str | None = None
    parts: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneSet:
    """Published zones as parallel arrays of length n, geometry in the metric CRS.

    ``rank`` is 0 where a zone has no grade; numeric attributes are NaN where unknown.
    ``extent_id`` names the survey extent (the imported layer) a zone came with. ``drawn`` are the same zones in the CRS
    they are stored in.
    """

    zone: npt.NDArray[np.object_]  # stable id, str
    version: npt.NDArray[np.int64]
    hazard: npt.NDArray[np.object_]  # hazard key, str
    product: npt.NDArray[np.object_]  # Product value, str
    scheme: npt.NDArray[np.object_]  # scheme key, str; "" where a zone has no grade
    rank: npt.NDArray[np.int64]
    grade: npt.NDArray[np.object_]  # grade name in zh-CN, str; "" where none
    name: npt.NDArray[np.object_]
    intensity: npt.NDArray[np.float64]
    arrival_min: npt.NDArray[np.float64]
    overburden_m: npt.NDArray[np.float64]
    fault_age: npt.NDArray[np.object_]  # "" where unknown
    extent_id: npt.NDArray[np.int64]
    geometry: Geometries
    drawn: Geometries | None = None
    corridor_kind: npt.NDArray[np.object_] | None = None  # CorridorKind value, "" where unknown; None: of no zone known
    scale: npt.NDArray[np.float64] | None = (
        None  # the n of 1:n of the survey, NaN where nobody said; None: of no zone known
    )

    def __len__(self) -> int:
        return len(self.zone)

    def corridor_kinds(self, members: npt.NDArray[np.intp]) -> npt.NDArray[np.str_]:
        """The kind of corridor of each of ``members``, ``unknown`` where nobody said."""
        told = [""] * len(members) if self.corridor_kind is None else self.corridor_kind[members].tolist()
        return np.array([kind or CorridorKind.UNKNOWN.value for kind in told], dtype=np.str_)


@dataclass(frozen=True, slots=True)
class ExtentSet:
    """Surveyed ground, as parallel arrays of length n: one row per *piece* of a layer's survey extent.

    ``own_zones`` is true for a layer whose extent is the union of its own polygons (then ``geometry`` is None and
    its zones of ``extent_id`` are the surveyed ground). A layer without geometry that is not its own survey lies elsewhere:
    it is published, and its ground is not among what was read. ``valid_until`` is the last day a layer holds, NaT where
    nobody said; None: of no layer known.
    """

    extent_id: npt.NDArray[np.int64]
    hazard: npt.NDArray[np.object_]
    product: npt.NDArray[np.object_]
    own_zones: npt.NDArray[np.bool_]
    geometry: Geometries
    valid_until: npt.NDArray[np.datetime64] | None = None

    def __len__(self) -> int:
        return len(self.extent_id)


@dataclass(frozen=True, slots=True)
class ConstraintSet:
    """Land set aside around sites and the ground surveyed for it (metric CRS).

    ``areas`` are zones without grade whose hazard is the kind of land and whose ``zone`` is the area's number in its
    register; ``surveys`` holds one row a survey, also of those whose ground lies elsewhere.
    """

    areas: ZoneSet
    surveys: ExtentSet


@dataclass(frozen=True, slots=True)
class AssessmentSet:
    """Regional assessments around sites as parallel arrays of length n, geometry in the metric CRS.

    ``kinds`` are tuples of keys of the rulebook's kinds, ``valid_from`` and ``valid_to`` days, both included. ``drawn`` are
    the same areas in the CRS they are stored in.
    """

    id: npt.NDArray[np.int64]
    number: npt.NDArray[np.object_]
    name: npt.NDArray[np.object_]
    kinds: npt.NDArray[np.object_]
    valid_from: npt.NDArray[np.object_]
    valid_to: npt.NDArray[np.object_]
    geometry: Geometries
    drawn: Geometries | None = None

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True)
class ObjectSet:
    """Registered objects around sites as parallel arrays of length n, geometry in the metric CRS.

    ``register`` is roads, facilities or buildings, ``sort`` a road's class, a facility's kind or a building's use ("" where
    unknown). ``filled`` are the registers of the town that hold anything at all.
    """

    register: npt.NDArray[np.object_]
    sort: npt.NDArray[np.object_]
    number: npt.NDArray[np.int64]
    name: npt.NDArray[np.object_]
    bridge: npt.NDArray[np.bool_]
    geometry: Geometries
    filled: frozenset[str]

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True, slots=True)
class SiteObject:
    """A registered object a finding speaks of: its register or kind of land, its number there and its name ("" where nameless)."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One published zone that overlaps the site or that a distance rule reaches, and what follows from it.

    ``rule`` is None where no rule objects (the verdict is then permitted). ``sliver`` marks an overlap so small that it
    may be an edge artefact; it counts all the same. Areas in m², distances in m, shares 0–1 of the site. ``local``: this
    deployment set the rule. A finding on an ``object`` speaks of no zone. What ends in ``_en`` says in English what stands beside it in Chinese.
    ``part`` names the part of the site it speaks of (areas and shares are of that), empty for what the parts leave; None of a site without.
    """

    zone: str | None
    zone_version: int | None
    zone_name: str
    hazard: str
    product: str
    grade: str | None
    grade_rank: int | None
    grade_scheme: str | None
    overlap_m2: float
    overlap_share: float
    distance_m: float
    sliver: bool
    rule: str | None
    verdict: Verdict
    basis: str
    basis_kind: BasisKind | None
    procedure: tuple[str, ...]
    message: str
    local: bool = False
    basis_en: str = ""
    procedure_en: tuple[str, ...] = ()
    message_en: str = ""
    object: SiteObject | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """Report of one theme on the site. ``covered_share`` is the share of the site on surveyed ground.

    A theme with a distance rule also looks at the ground within ``reach_m`` of the site: ``reach_share`` of site and
    surroundings together is surveyed, and where that falls short the status is no data although the site is covered.
    ``reason`` (in Chinese, ``reason_en``) says why a theme has no data.
    """

    theme: str
    status: ThemeStatus
    covered_share: float
    mandatory: bool
    findings: tuple[Finding, ...]
    reach_m: float = 0.0
    reach_share: float = 1.0
    reason: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class ClassVerdict:
    """The verdict the same outline would get as a project of this class, by the seismic class it then counts as."""

    project_class: ProjectClass
    seismic_class: SeismicClass
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Opinion:
    """The screening opinion on one site: verdict, evidence by theme, what nobody surveyed, how firm it is."""

    verdict: Verdict
    borderline: bool
    data_gaps: tuple[str, ...]
    themes: tuple[ThemeReport, ...]
    sensitivity: tuple[Shift, ...]
    footprint: Any  # the judged polygon, metric CRS
    area_m2: float
    buffered_m: float  # > 0 where a point or line was given a footprint
    seismic_class: SeismicClass
    conditions: tuple[Condition, ...] = ()
    notes: tuple[Note, ...] = ()
    not_asked: tuple[NotAsked, ...] = ()
    by_class: tuple[ClassVerdict, ...] = ()  # empty where nobody asked, and of a site with parts: each part has its own
    own_scale: OwnScale | None = None
    parts: tuple[tuple[Site, Opinion], ...] = ()  # the parts of a site that has any, each as a site of its own


class FieldChange(TypedDict):
    """One field that differs between two rulebooks (JSON values); local changes also say what they rest on."""

    article: str
    field: str
    old: object
    new: object
    basis: NotRequired[str]
    basis_en: NotRequired[str]
    basis_kind: NotRequired[str]
    source: NotRequired[str]
    confidence: NotRequired[str]
    valid_from: NotRequired[str]
