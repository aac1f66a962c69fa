"""Sites are judged: the ground around them is read by index, the model judges, the edition is named."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from app.judgement.parallel import Registered, screen_on, spread_here
from app.platform.errands import reckon
from app.platform.work import Work
from gis_layers.crs import Bounds, to_metric, to_storage
from gis_layers.exchange import Declarations
from gis_layers.partitions import LOCAL, Parallelism, Progress
from gis_layers.stores.kept_editions import read_kept
from gis_layers.stores.projects import read_projects
from gis_layers.stores.publication import PublicationState, PublishedEdition
from gis_layers.stores.surroundings import Beside, Surroundings, read_everything, read_surroundings
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.siting import Screened, review_site, review_sites, screen_sites
from risk_model.siting.alternatives import JudgedBy
from risk_model.siting.by_class import as_every_class
from risk_model.surveys import layers_under
from risk_model.vocabulary import ExtentSet, Finding, Opinion, ProjectClass, SeismicClass, Site, ZoneSet

AREA = 2
SITES_A_PART = 5000
"""How many sites are judged between two reports of progress; the zones are prepared anew for each part."""


@dataclass(frozen=True, slots=True)
class CheckedSite:
    """An opinion with all it rests on; ``footprint`` is the judged ground in the storage CRS; ``edition`` is None while nothing was ever published.

    ``layers`` are those whose ground meets it.
    """

    site: Site
    repaired: bool
    opinion: Opinion
    footprint: shapely.Geometry
    edition: PublishedEdition | None
    rulebook: RuleBook
    rulebook_number: int | None
    on: datetime.date
    data_date: datetime.date | None
    synthetic: bool
    layers: tuple[int, ...] = ()


Answer = TypeVar("Answer")


class Reckoner(Protocol):
    """Where heavy work is done."""

    def __call__(self, size: int, function: Callable[..., Answer], /, *args: object) -> Answer:
        """Answer of the pure ``function``; ``size`` is the number of vertices at stake."""
        ...


def check_site(
    work: Work,
    site: Site,
    *,
    on: datetime.date,
    repaired: bool = False,
    reckoner: Reckoner = reckon,
    by_class: bool = False,
) -> CheckedSite:
    """Judge ``site`` (metric CRS) on day ``on`` against the published edition; nothing is stored.

    ``by_class`` also asks for the verdict the same outline would get as each other class, of a site with parts each of them,
    and for what decides it where borders move.
    """
    metric_crs = work.settings.metric_crs
    rulebook, around = _read_around(work, site, on=on, by_class=by_class)
    vertices = _vertices([site, *site.parts])
    beside = (around.objects, around.constraints, around.assessments)
    reviewed = partial(review_site, objects=beside[0], constraints=beside[1], assessments=beside[2])
    reviewed = partial(reviewed, by_class=by_class, firmness=by_class)
    opinion = reckoner(vertices, reviewed, site, around.zones, around.ground, rulebook, on)
    return CheckedSite(
        site=site,
        repaired=repaired,
        opinion=opinion,
        footprint=site.drawn or to_storage(as_array([opinion.footprint]), metric_crs)[0],
        edition=around.standing.edition,
        rulebook=rulebook,
        rulebook_number=None if around.standing.rulebook is None else around.standing.rulebook.number,
        on=on,
        data_date=around.standing.data_date,
        synthetic=around.standing.synthetic,
        layers=tuple(layers_under(opinion.footprint, around.zones, around.ground, on)),
    )


def _read_around(work: Work, site: Site, *, on: datetime.date, by_class: bool = False) -> tuple[RuleBook, Surroundings]:
    """The rulebook in force, and the surroundings of ``site`` as far as it looks; ``by_class``: for a project of any class."""
    metric_crs = work.settings.metric_crs

    def ask(rulebook: RuleBook) -> Surroundings:
        asked = _asked_about(site, rulebook, by_class=by_class)
        return _surroundings(work, _reach(asked, rulebook, metric_crs), _beside(asked, rulebook, on, metric_crs))

    return read_in_force(work, ask)


def _asked_about(site: Site, rulebook: RuleBook, *, by_class: bool) -> tuple[Site, ...]:
    """The outline as each project it is judged as: as all its parts are declared, or as a project of any class."""
    declared = [replace(part, geometry=site.geometry, name="", drawn=None) for part in site.parts] or [site]
    asked = [one for each in declared for one in (as_every_class(each, rulebook) if by_class else (each,))]
    return tuple({(one.project_class, one.seismic_class, one.building_type): one for one in asked}.values())


def _surroundings(work: Work, windows: tuple[Bounds, Bounds, list[str]], beside: Beside) -> Surroundings:
    """The surroundings in these windows: of the edition kept in memory where it is in force, else read whole."""
    metric_crs, memory = work.settings.metric_crs, work.deployment.editions
    kept = memory.likely(metric_crs)
    around = None if kept is None else read_kept(work.session, kept, windows, beside)
    if around is None:
        around = read_surroundings(work.session, *windows, metric_crs, beside=beside)
        memory.want(around.standing.edition)
    return around


def read_grounds(work: Work, site: Site, within_m: float, *, on: datetime.date) -> tuple[JudgedBy, PublicationState]:
    """All that ``site`` (metric CRS) is judged by wherever within ``within_m`` it is moved, and what it stands on."""
    west, south, east, north = shapely.bounds(site.geometry)
    room = shapely.box(west - within_m, south - within_m, east + within_m, north + within_m)
    rulebook, around = _read_around(work, replace(site, geometry=room, drawn=None), on=on)
    ground = JudgedBy(around.zones, around.ground, rulebook, on, around.objects, around.constraints, around.assessments)
    return ground, around.standing


def read_in_force(work: Work, ask: Callable[[RuleBook], Surroundings]) -> tuple[RuleBook, Surroundings]:
    """The rulebook in force, and what ``ask`` reads as far as it looks.

    One statement tells both; where it tells of another rulebook than was thought, it is asked again as far as that looks.
    """
    rulebook = work.likely_rulebook()
    while True:
        around = ask(rulebook)
        in_force = work.rulebook_of(around.standing)
        if in_force.fingerprint == rulebook.fingerprint:
            return in_force, around
        rulebook = in_force


def _reach(sites: Sequence[Site], rulebook: RuleBook, metric_crs: str) -> tuple[Bounds, Bounds, list[str]]:
    """Reach of most rules of ``rulebook`` around one outline, that of the furthest, and the hazards these look at.

    ``sites`` are the outline as projects of one class or of several; the furthest of them counts.
    """
    each = [rulebook.reach_by_hazard(site) for site in sites]
    reaches = {hazard: max(one[hazard] for one in each) for hazard in each[0]}
    widened_m = _widened_m(sites, rulebook)
    nearest_m, furthest_m = widened_m + min(reaches.values()), widened_m + max(reaches.values())
    near, far = windows_around(sites[0].geometry, (nearest_m, furthest_m), metric_crs)
    return near, far, [hazard for hazard, reach_m in reaches.items() if widened_m + reach_m > nearest_m]


def _widened_m(sites: Sequence[Site], rulebook: RuleBook) -> float:
    classes = {site.project_class for site in sites}
    return max(max(rulebook.terms.point_m[one], rulebook.terms.line_m[one]) for one in classes)


def _beside(sites: Sequence[Site], rulebook: RuleBook, on: datetime.date, metric_crs: str) -> Beside:
    """The registers of objects some rule reads for such sites and the kinds of land set aside, each with its window.

    For most classes no object is read.
    """
    registers = frozenset[str]().union(*(rulebook.registers_asked(site, on) for site in sites))
    set_aside, widened_m = tuple(rulebook.constraints), _widened_m(sites, rulebook)
    objects_m = max(rulebook.object_reach_m(site, on) for site in sites) if registers else 0.0
    reaches_m = (objects_m, max(rulebook.constraint_reach_m(site) for site in sites))
    windows = windows_around(sites[0].geometry, [widened_m + reach_m for reach_m in reaches_m], metric_crs)
    return Beside(registers, windows[0], set_aside, windows[1])


@dataclass(frozen=True, slots=True)
class Judging:
    """Spread of judging many sites, and who hears the share done after every part; what it raises ends the check.

    A ``spread`` of None is what pays on this machine.
    """

    spread: Parallelism | None = None
    progress: Progress | None = None


def check_sites(work: Work, sites: Sequence[Site], *, on: datetime.date) -> tuple[list[Opinion], PublicationState]:
    """Judge many sites (metric CRS) by the same function, against everything published; and what the opinions stand on."""
    published, beside, standing = _everything(work, sites, on)
    reviewed = partial(review_sites, objects=beside[0], constraints=beside[1], assessments=beside[2])
    return reckon(_vertices(sites), reviewed, sites, *published, on), standing


def screen_many(
    work: Work, sites: Sequence[Site], *, on: datetime.date, judging: Judging = Judging()
) -> tuple[Screened, PublicationState]:
    """The judgement of ``check_sites`` as columns, spread over partitions or in parts between which its progress is told."""
    published, beside, standing = _everything(work, sites, on)
    spread = spread_here(len(sites)) if judging.spread is None else judging.spread
    if spread != LOCAL:
        return screen_on(spread, sites, published, beside, on=on, progress=judging.progress), standing
    screened = partial(screen_sites, objects=beside[0], constraints=beside[1], assessments=beside[2])
    if judging.progress is None:
        return reckon(_vertices(sites), screened, sites, *published, on), standing
    parts = []
    for start in range(0, max(1, len(sites)), SITES_A_PART):
        parts.append(screened(sites[start : start + SITES_A_PART], *published, on))
        judging.progress(min(1.0, (start + SITES_A_PART) / max(1, len(sites))))
    return Screened.joined(parts), standing


def _everything(
    work: Work, sites: Sequence[Site], on: datetime.date
) -> tuple[tuple[ZoneSet, ExtentSet, RuleBook], Registered, PublicationState]:
    rulebook, around = read_in_force(
        work, lambda book: _read_all(work.session, book, sites, on, work.settings.metric_crs)
    )
    beside = (around.objects, around.constraints, around.assessments)
    return (around.zones, around.ground, rulebook), beside, around.standing


def _read_all(
    session: Session, rulebook: RuleBook, sites: Sequence[Site], on: datetime.date, metric_crs: str
) -> Surroundings:
    """Everything ``rulebook`` judges ``sites`` by."""
    asked = {(site.project_class, site.building_type): site for site in sites}.values()
    registers = frozenset[str]().union(*(rulebook.registers_asked(site, on) for site in asked))
    return read_everything(session, metric_crs, registers, rulebook.constraints)


def _vertices(sites: Sequence[Site]) -> int:
    return int(shapely.get_num_coordinates([site.geometry for site in sites]).sum())


def with_verdicts(work: Work, projects: gpd.GeoDataFrame, *, on: datetime.date) -> gpd.GeoDataFrame:
    """``projects`` with ``verdict reasons reasons_en rules data_gaps`` as judged on day ``on``."""
    sites, shown = sites_of(projects, work.settings.metric_crs), projects.copy()
    opinions = [check_site(work, site, on=on).opinion for site in sites]
    columns = {
        "verdict": [opinion.verdict.value for opinion in opinions],
        "reasons": [[finding.message for finding in decisive_of(opinion)] for opinion in opinions],
        "reasons_en": [[finding.message_en for finding in decisive_of(opinion)] for opinion in opinions],
        "rules": [[finding.rule for finding in decisive_of(opinion)] for opinion in opinions],
        "data_gaps": [list(opinion.data_gaps) for opinion in opinions],
    }
    for name, values in columns.items():
        shown[name] = pd.Series(values, index=shown.index, dtype=object)
    return shown


def decisive_of(opinion: Opinion) -> list[Finding]:
    """The findings whose rule makes the verdict what it is."""
    findings = [finding for theme in opinion.themes for finding in theme.findings if finding.rule is not None]
    return [finding for finding in findings if finding.verdict is opinion.verdict]


def judge_projects(work: Work, *, on: datetime.date) -> tuple[gpd.GeoDataFrame, list[Opinion]]:
    """Every registered project as it is stored, and the opinion on each."""
    projects = read_projects(work.session)
    sites = sites_of(projects, work.settings.metric_crs)
    return projects, check_sites(work, sites, on=on)[0] if sites else []


def sites_of(frame: gpd.GeoDataFrame, metric_crs: str) -> list[Site]:
    """The sites of a frame in the storage CRS with ``name project_class geometry``, ``seismic_class building_type`` where known."""
    shapes = to_metric(frame.geometry.to_numpy(), metric_crs)
    stored = frame.geometry.to_numpy()
    drawn = stored.copy()
    drawn[shapely.get_dimensions(stored) != AREA] = None
    said = ("name", "project_class", "seismic_class", "building_type")
    columns = [frame[column].tolist() if column in frame else [None] * len(frame) for column in said]
    classes = {kind: ProjectClass(kind) for kind in set(columns[1])}
    seismics = {one: SeismicClass(one) for one in set(columns[2]) if isinstance(one, str)}
    return [
        Site(
            shape,
            classes[kind],
            seismics.get(seismic),
            name or "",
            outline,
            building if isinstance(building, str) else None,
        )
        for shape, outline, name, kind, seismic, building in zip(shapes, drawn, *columns, strict=True)
    ]


def declarations_of(rulebook: RuleBook, default_class: ProjectClass | None = None) -> Declarations:
    """Declarations on buildings in files of sites and projects, by the rulebook."""
    return Declarations(rulebook.terms.building_words, rulebook.terms.trouble_with_declaration, default_class)


def windows_around(geometry: shapely.Geometry, reaches_m: Sequence[float], metric_crs: str) -> list[Bounds]:
    """Boxes in degrees around ``geometry`` (metric CRS), each widened by its reach and a margin for the curve of edges."""
    west, south, east, north = shapely.bounds(geometry)
    margin = np.asarray(reaches_m) + 1.0 + 0.001 * max(east - west, north - south)
    boxes = shapely.box(west - margin, south - margin, east + margin, north + margin)
    bent = to_storage(shapely.segmentize(boxes, 2000.0), metric_crs)
    return [(float(w), float(s), float(e), float(n)) for w, s, e, n in shapely.bounds(bent)]
