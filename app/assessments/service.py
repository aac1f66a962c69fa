"""A grading run told in order: units, what the edition says of their ground, grades with reasons, a lasting record."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from app.assessments.units import (
    AreaRow,
    Subjects,
    UnitChoice,
    check_size,
    frame_of,
    measure_figures,
    read_subjects,
    subjects_again,
)
from app.assessments.unitsets import require_unit_set
from app.judgement.parallel import measuring_on
from app.platform import clock
from app.platform.errands import reckon
from app.platform.errors import NotFound, Refused
from app.platform.work import Work
from gis_layers.crs import STORAGE_SRID, Bounds
from gis_layers.partitions import LOCAL, Parallelism
from gis_layers.stores import runs
from gis_layers.stores.edition_ground import read_edition_ground, read_edition_layers
from gis_layers.stores.editions import Edition, current_edition
from gis_layers.stores.records import record_audit
from gis_layers.stores.runs import GradingProduct, GradingRun, RunInputs, RunMethod, RunSummary, UnitKind
from gis_layers.stores.surveys import run_out_layers
from risk_model.grading import (
    AreaGrade,
    Figures,
    GradedGround,
    Grades,
    GradingTerms,
    Measure,
    grading_terms,
    hidden_extremes,
    judge_areas,
    lay_grounds,
    measuring_here,
)
from risk_model.message import msg

Moment = Callable[[], datetime.datetime]
Progress = Callable[[float, str], None]
"""Told how far the run is (0–1) and what is being done."""
READ, MEASURED = 0.1, 0.9


def _unheard(share: float, step: str) -> None:
    """Progress nobody asked for."""


ALONG_EDGES = "along_edges"
"""How whole cells are measured; a run of a grid that does not say so had each of them cut."""
ROWS_A_FRAME = 20_000


@dataclass(frozen=True, slots=True)
class GradingOrder:
    """Units to be graded, and the author: villages, cells of ``cell_m`` metres, or the polygons of set ``set_id``."""

    unit: UnitKind
    author: str
    cell_m: float | None = None
    set_id: int | None = None
    spread: Parallelism = LOCAL

    @property
    def choice(self) -> UnitChoice:
        """Choice of the units."""
        return UnitChoice(self.cell_m, self.set_id)


def check_order(work: Work, order: GradingOrder) -> None:
    """Refused, before anything is computed, where the order cannot be carried out."""
    _edition(work.session)
    if order.unit == "polygons":
        require_unit_set(work.session, order.set_id or 0)
    elif order.unit == "grid":
        check_size(work.session, order.cell_m or 0.0, work.settings.metric_crs)
    else:
        read_subjects(work.session, order.choice, work.settings.metric_crs)


def grade_town(
    work: Work,
    order: GradingOrder,
    *,
    now: Moment = clock.now,
    progress: Progress = _unheard,
) -> GradingRun:
    """Grade every unit against the published edition and keep the run; it is published for its unit.

    Refused where nothing is published or there are no units. ``progress`` may raise to end it; nothing is then kept.
    """
    started = now()
    edition = _edition(work.session)
    progress(0.0, msg("读取单元与区划"))
    metric_crs, rulebook, terms = (
        work.settings.metric_crs,
        work.rulebook,
        grading_terms(work.rulebook),
    )
    subjects = read_subjects(work.session, order.choice, metric_crs)
    progress(READ / 3, msg("读取单元与区划"))
    figures = measure_figures(work, subjects)
    progress(READ * 2 / 3, msg("读取单元与区划"))
    on = started.astimezone(clock.CHINA).date()
    grounds = _grounds(work, edition.number, metric_crs, on)
    measure = _measuring(order.spread, work, progress)
    rows = _Rows(judge_areas(subjects.units, grounds, figures, rulebook, measure=measure))
    progress(MEASURED, msg("保存结果"))
    digest = _Digest()
    new = runs.NewRun(
        unit=order.unit,
        cell_m=order.cell_m,
        set_id=order.set_id,
        edition=edition.number,
        edition_fingerprint=edition.fingerprint,
        rulebook_version=rulebook.version,
        rulebook_fingerprint=rulebook.fingerprint,
        metric_crs=metric_crs,
        method=describe_method(terms, along_edges=order.cell_m is not None),
        inputs=_inputs(work.session, edition.number, grounds, terms),
        inputs_digest=_digest_inputs(
            subjects,
            figures,
            (edition.fingerprint, rulebook.fingerprint, metric_crs, *map(str, run_out_layers(work.session, on))),
        ),
        summary=_summary(digest.of(rows)),
        results_digest=digest.hex(),
        started_at=started,
        ended_at=now(),
        created_by=order.author,
    )
    run = runs.record_run(work.session, new, rows.frames(subjects.drawn), area_count=len(rows))
    detail = {"unit": order.unit, "areas": run.area_count, "edition": edition.number, "results": run.results_digest}
    record_audit(work.session, actor=order.author, action="grade", subject=f"grading run {run.id}", detail=detail)
    return run


def replay_run(work: Work, number: int) -> list[AreaRow]:
    """The results of a recorded run computed anew from what it recorded; equal, byte for byte, to what it said then.

    It is judged by the rules of its time. NotFound for an unknown run, Refused where those rules were never kept here.
    """
    run = require_run(work.session, number)
    work = work.judging_by(work.deployment.books.of(work.session, run.rulebook_fingerprint))
    subjects, figures = subjects_again(
        runs.read_areas_in_order(work.session, number),
        run.metric_crs,
        run.cell_m if run.method.get("cells") == ALONG_EDGES else None,
    )
    grounds = _grounds(work, run.edition, run.metric_crs, run.started_at.astimezone(clock.CHINA).date())
    measure = _measuring(LOCAL, work)
    return list(_Rows(judge_areas(subjects.units, grounds, figures, work.rulebook, measure=measure)))


def _edition(session: Session) -> Edition:
    edition = current_edition(session)
    if edition is None:
        raise Refused(
            msg("还没有启用任何一版区划，没有分级的依据；请先导入区划成果并启用"),
            code="unready",
        )
    return edition


def require_run(session: Session, number: int) -> GradingRun:
    """The run of this number; NotFound without one."""
    run = runs.find_run(session, number)
    if run is None:
        raise NotFound(msg("没有第 {number} 次分级；已有的分级见 /api/runs", number=number))
    return run


def shown_run(session: Session, unit: UnitKind, number: int | None, set_id: int | None = None) -> GradingRun | None:
    """The run asked for, or the published one of ``unit`` (of that set) or None; NotFound where they disagree."""
    if number is None:
        return runs.latest_run(session, unit, set_id)
    run = require_run(session, number)
    if run.unit != unit:
        raise NotFound(msg("第 {number} 次分级的单元是 {unit}，不是 {asked}", number=number, unit=run.unit, asked=unit))
    return run


def results_digest(rows: Iterable[AreaRow]) -> str:
    """SHA-256 of the results in one canonical spelling, a JSON array: equal results, equal digest."""
    digest = _Digest()
    for _ in digest.of(rows):
        pass
    return digest.hex()


class _Digest:
    """The digest of rows that pass through on their way elsewhere, so that they are written once for both."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256(b"[")

    def of(self, rows: Iterable[AreaRow]) -> Iterator[AreaRow]:
        for number, row in enumerate(rows):
            self._sha.update((b"," if number else b"") + orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
            yield row
        self._sha.update(b"]")

    def hex(self) -> str:
        return self._sha.hexdigest()


def describe_method(terms: GradingTerms, *, along_edges: bool = False) -> RunMethod:
    """The grading method, in plain values: weights and where they come from, breaks, the rule of the composite."""
    method: RunMethod = {
        "version": terms.version,
        "weights": {
            "method": "ahp",
            "criteria": dict(zip(terms.criteria, (round(weight, 12) for weight in terms.judged.weights), strict=True)),
            "largest_eigenvalue": round(terms.judged.largest_eigenvalue, 12),
            "consistency_ratio": round(terms.judged.consistency_ratio, 12),
            "hazards": {hazard.key: round(hazard.weight, 12) for hazard in terms.hazards},
        },
        "breaks": {"kind": "fixed", "scheme": terms.scheme, "lower_bounds": list(terms.lower_bounds)},
        "composite": {"rule": "worse_of_weighted_and_eased_maximum", "ease_steps": terms.ease_steps},
        "coverage": {"least_surveyed_share": terms.least_surveyed_share},
        "stability": {"swing": terms.swing, "shift_m": terms.shift_m},
        "people": {"by": "floor_area_of_dwellings_else_area", "not_lived_in": sorted(terms.not_lived_in)},
        "risk": {
            "joining": "geometric_mean" if terms.geometric else "product",
            "least_exposure": terms.least_exposure,
            "relief": terms.relief,
        },
    }
    if along_edges:
        method["cells"] = ALONG_EDGES
    return method


def _grounds(work: Work, edition: int, metric_crs: str, on: datetime.date) -> list[GradedGround]:
    hazards = [hazard.key for hazard in grading_terms(work.rulebook).hazards]
    zones, extents = read_edition_ground(work.session, edition, hazards, metric_crs)
    return lay_grounds(zones, extents, work.rulebook, on)


def _measuring(spread: Parallelism, work: Work, progress: Progress = _unheard) -> Measure:
    """Measuring here or there; the model's progress is a part of the whole: before it units are read, after it results are kept."""

    def tell(share: float) -> None:
        progress(READ + (MEASURED - READ) * share, msg("量算各灾种面积"))

    if spread == LOCAL:
        return measuring_here(work.rulebook, progress=tell)
    return measuring_on(spread, work.rulebook, work.settings.metric_crs, tell)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The areas of a run as plain rows, written anew whenever they are asked for: a large grid never lies in memory."""

    areas: Grades

    def __len__(self) -> int:
        return len(self.areas)

    def __iter__(self) -> Iterator[AreaRow]:
        names = [field.name for field in fields(AreaGrade) if field.name != "key"]
        return ({"area": area.key, **{name: getattr(area, name) for name in names}} for area in self.areas)

    def frames(self, drawn: npt.NDArray[np.object_]) -> Iterator[gpd.GeoDataFrame]:
        """The rows with their geometry, some at a time."""
        rows = iter(self)
        for start in range(0, len(drawn), ROWS_A_FRAME):
            yield frame_of(list(islice(rows, ROWS_A_FRAME)), drawn[start : start + ROWS_A_FRAME])


def _inputs(session: Session, edition: int, grounds: Sequence[GradedGround], terms: GradingTerms) -> RunInputs:
    layers = read_edition_layers(session, edition, [ground.hazard for ground in grounds])
    read = {ground.hazard: ground.product for ground in grounds}
    return {
        "hazards": [
            {
                "hazard": hazard.key,
                "product": read[hazard.key],
                "preferred": hazard.products[0],
                "layers": [
                    layer for layer in layers if (layer["hazard"], layer["product"]) == (hazard.key, read[hazard.key])
                ],
            }
            for hazard in terms.hazards
        ]
    }


def _digest_inputs(subjects: Subjects, figures: Figures, state: Sequence[str]) -> str:
    digest = hashlib.sha256("\x1f".join([*state, *subjects.units.key, *subjects.units.name]).encode())
    for shape in shapely.to_wkb(subjects.drawn, byte_order=1):
        digest.update(shape)
    for column in (figures.population, figures.building_m2, figures.fragile_m2, figures.shelter_places):
        digest.update(column.tobytes())
    return digest.hexdigest()


def _summary(rows: Iterable[AreaRow]) -> RunSummary:
    grades: Counter[tuple[int, str]] = Counter()
    area_m2: Counter[int] = Counter()
    gaps: Counter[str] = Counter()
    ungraded = contested = 0
    for row in rows:
        if row["grade"]:
            grades[row["grade_rank"], row["grade"]] += 1
        area_m2[row["grade_rank"] or 0] += row["measurements"]["area_m2"]
        gaps.update(row["data_gaps"])
        ungraded += row["grade"] is None
        contested += row["stability"] == "contested"
    return {
        "grades": [
            {"grade_rank": rank, "grade": grade, "areas": count, "area_m2": round(area_m2[rank], 3)}
            for (rank, grade), count in sorted(grades.items())
        ],
        "ungraded": {"areas": ungraded, "area_m2": round(area_m2[0], 3)},
        "contested": contested,
        "data_gaps": dict(sorted(gaps.items())),
    }


def read_shown_areas(
    session: Session,
    run: GradingRun,
    window: Bounds | None,
    *,
    limit: int | None,
    offset: int = 0,
    product: GradingProduct = "hazard",
) -> tuple[gpd.GeoDataFrame, int]:
    """One page of a run's areas with ``unit`` and ``extremes``, worst (by ``product``) first, and how many there are in all."""
    by_risk = product == "risk"
    frame = runs.read_areas(session, run.id, window, by_risk=by_risk, limit=limit, offset=offset)
    frame["unit"] = run.unit
    return with_extremes(frame), runs.count_areas(session, run.id, window)


def with_extremes(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """``frame`` of graded areas with ``extremes``: ground of a worst grade that the mean over the unit hides."""
    told = [hidden_extremes(*one) for one in zip(frame["measurements"], frame["grade_rank"], strict=True)]
    frame["extremes"] = pd.Series(told, index=frame.index, dtype=object)
    return frame


def joined_by_grade(session: Session, run: int, product: GradingProduct = "hazard") -> gpd.GeoDataFrame:
    """The areas of a run joined by grade, worst first and ground without a grade last: what a map draws of many cells.

    ``grade grade_rank grade_scheme geometry``, corners rounded to a decimetre.
    """
    areas = runs.read_ranks(session, run, by_risk=product == "risk")
    return reckon(len(areas), joined, areas)


def joined(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas with ``grade grade_rank grade_scheme`` joined by grade."""
    rows, shapes = [], []
    for mark, members in areas.groupby("grade_rank", sort=True):
        whole = shapely.coverage_union_all(members.geometry.to_numpy())
        rows.append(
            {
                "grade_rank": mark or None,
                "grade": members["grade"].iloc[0],
                "grade_scheme": members["grade_scheme"].iloc[0],
            }
        )
        shapes.append(shapely.transform(whole, lambda corners: np.round(corners, 6)))
    return gpd.GeoDataFrame(rows, columns=["grade_rank", "grade", "grade_scheme"], geometry=shapes, crs=STORAGE_SRID)
