"""The two judgements of many things at once, spread over partitions: the same pure functions, handed all they need."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import geopandas as gpd

from gis_layers.partitions import Parallelism, Progress, map_partitions
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
from risk_model.vocabulary import AssessmentSet, ConstraintSet, ExtentSet, ObjectSet, Site, ZoneSet

Registered = tuple[ObjectSet | None, ConstraintSet | None, AssessmentSet | None]
"""What registers hold around sites: objects, land set aside, regional assessments."""


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


def screen_on(
    spread: Parallelism,
    sites: Sequence[Site],
    published: tuple[ZoneSet, ExtentSet, RuleBook],
    beside: Registered = (None, None, None),
    *,
    on: datetime.date,
    progress: Progress | None = None,
) -> Screened:
    """The judgement of ``sites``, in their order, by the partitions of ``spread``; ``beside`` is what registers hold."""
    rows = as_array([replace(site, geometry=None) for site in sites])
    layer = gpd.GeoDataFrame({"site": rows}, geometry=[site.geometry for site in sites])
    return Screened.joined(map_partitions(layer, screen_part, (published, beside, on), spread, progress=progress))


def screen_part(
    layer: gpd.GeoDataFrame,
    told: tuple[tuple[ZoneSet, ExtentSet, RuleBook], Registered, datetime.date],
) -> Screened:
    """The judgement of the sites of one partition."""
    published, (objects, constraints, assessments), on = told
    rows = zip(layer["site"], layer.geometry, strict=True)
    sites = [replace(site, geometry=geometry) for site, geometry in rows]
    judge = partial(screen_sites, objects=objects, constraints=constraints, assessments=assessments, threads=1)
    return judge(sites, *published, on)
