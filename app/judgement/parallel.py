"""The two judgements of many things at once, spread over partitions: the same pure functions, handed all they need."""

from __future__ import annotations

import datetime
import math
import pickle
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import geopandas as gpd

from gis_layers.errors import ConfinedDied
from gis_layers.partitions import LOCAL, Parallelism, Progress, cores, map_partitions
from gis_layers.sandbox import PLAIN, load_ahead, packed
from risk_model.grading import (
    GradedGround,
    Measure,
    Measured,
    Plot,
    grading_terms,
    in_rounds,
    join_measured,
    measure_units,
)
from risk_model.rulebook import RuleBook
from risk_model.shapes import as_array
from risk_model.siting import Screened, screen_sites
from risk_model.siting.parts import refuse_parts
from risk_model.vocabulary import (
    AssessmentSet,
    ConstraintSet,
    ExtentSet,
    ObjectSet,
    ProjectClass,
    SeismicClass,
    Site,
    ZoneSet,
)

Registered = tuple[ObjectSet | None, ConstraintSet | None, AssessmentSet | None]
"""What registers hold around sites: objects, land set aside, regional assessments."""
Declared = tuple[ProjectClass, SeismicClass | None, str | None]
"""What is declared of a site: its class, its seismic class, its building type."""
Handed = tuple[tuple[ZoneSet, ExtentSet, RuleBook], Registered, datetime.date, tuple[Declared, ...]]
"""What every partition is handed: what is published, what registers hold, the day judged for, the kinds of sites."""

MANY_SITES: Final = 10_000
"""From so many sites on they are judged by several processes: to send zones and rules to one costs as much as some thousand sites."""
LARGE_FILE: Final = 1024**2
"""From so many bytes on a file may hold ``MANY_SITES``."""
SITES_A_PARTITION: Final = 25_000
"""So many sites at most are judged between two reports of progress."""


def measuring_on(spread: Parallelism, rulebook: RuleBook, metric_crs: str, progress: Progress | None = None) -> Measure:
    """Measuring for ``judge_areas`` by the partitions of ``spread``; the figures are the same to the bit."""
    terms = grading_terms(rulebook)
    told = progress and in_rounds(progress, terms.measurings)

    def measure(plot: Plot, grounds: Sequence[GradedGround]) -> list[Measured]:
        if plot.cell_m is None:
            for ground in grounds:
                _ = ground.pieces  # cut once here, not by every worker
        layer = gpd.GeoDataFrame(geometry=plot.geometry, crs=metric_crs)
        given = (list(grounds), plot.cell_m, terms.least_surveyed_share)
        return join_measured(map_partitions(layer, measure_part, given, spread, progress=told))

    return measure


def measure_part(layer: gpd.GeoDataFrame, told: tuple[list[GradedGround], float | None, float]) -> list[Measured]:
    """Measures of every hazard on the units of one partition."""
    grounds, cell_m, least_known = told
    return measure_units(Plot(layer.geometry.to_numpy(), cell_m), grounds, least_known=least_known, threads=1)


def load_ahead_for(file: Path) -> None:
    """Have confined processes load what judges, while this thread goes on, where ``file`` may hold many sites."""

    def load() -> None:
        with suppress(ConfinedDied, OSError):
            load_ahead(PLAIN, __name__)

    if cores() > 1 and file.stat().st_size > LARGE_FILE:
        threading.Thread(target=load, name="judging processes", daemon=True).start()


def spread_here(sites: int) -> Parallelism:
    """The spread of so many sites over the processors of this machine, where it pays for what is sent to each process."""
    at_once = cores()
    if at_once == 1 or sites < MANY_SITES:
        return LOCAL
    return Parallelism(at_once * math.ceil(sites / (at_once * SITES_A_PARTITION)))


def screen_on(
    spread: Parallelism,
    sites: Sequence[Site],
    published: tuple[ZoneSet, ExtentSet, RuleBook],
    beside: Registered = (None, None, None),
    *,
    on: datetime.date,
    progress: Progress | None = None,
) -> Screened:
    """The judgement of ``sites``, in their order, by the partitions of ``spread``; ``beside`` is what registers hold.

    Raises UnreadableSite as ``screen_sites`` does.
    """
    refuse_parts(sites)
    kinds: dict[Declared, int] = {}
    kind = [kinds.setdefault((one.project_class, one.seismic_class, one.building_type), len(kinds)) for one in sites]
    layer = gpd.GeoDataFrame(
        {
            "kind": kind,
            "name": [one.name for one in sites],
            "drawn": gpd.GeoSeries(as_array([one.drawn for one in sites])),
        },
        geometry=[one.geometry for one in sites],
    )
    told = packed((published, beside, on, tuple(kinds)))
    return Screened.joined(map_partitions(layer, screen_part, told, spread, progress=progress))


def screen_part(layer: gpd.GeoDataFrame, told: bytes) -> Screened:
    """The judgement of the sites of one partition: columns ``kind name drawn geometry``, ``kind`` counting what was declared.

    ``told`` is ``Handed``, packed once for all partitions.
    """
    handed: Handed = pickle.loads(told)  # noqa: S301 - the caller is ourselves
    published, (objects, constraints, assessments), on, kinds = handed
    rows = zip(layer.geometry.to_numpy(), layer["drawn"].to_numpy(), layer["name"], layer["kind"], strict=True)
    sites = [
        Site(shape, project_class, seismic_class, name, drawn, building_type)
        for shape, drawn, name, kind in rows
        for project_class, seismic_class, building_type in (kinds[kind],)
    ]
    judge = partial(screen_sites, objects=objects, constraints=constraints, assessments=assessments, threads=1)
    return judge(sites, *published, on)
