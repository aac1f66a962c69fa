"""Sources of a site: pasted coordinates, a file, a stored project; read, named back, never judged here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from sqlalchemy.orm import Session

from app.http.geojson import plain_rows
from app.http.geojson_shapes import geometry_of
from app.judgement.projects import find_registered
from app.judgement.screening import declarations_of
from app.platform.allowance import Allowance
from app.platform.errands import reckon
from app.platform.work import Work
from app.siting.outline_schemas import (
    LineProblemAnswer,
    MeaningAnswer,
    OutlineAnswer,
    OutlineFileAnswer,
    SiteFromFile,
    StoredProject,
)
from gis_layers.exchange import OUTLINE, Delivery, ReadingOptions, WrittenRepair, read_sites
from gis_layers.exchange.checks.coordinates import CoordinateHints, Meaning, read_outline
from gis_layers.exchange.text.coordinate_text import LineProblem
from gis_layers.geometry import Bounds
from gis_layers.stores.places import find_boundary
from risk_model.message import Message

LETTERS_A_VERTEX = 10
"""Fewer nobody needs to write one."""
MOST_FEATURES = 200
"""More than a person picks from; a whole file is judged by the bulk check."""


@dataclass(frozen=True, slots=True)
class FileHints:
    """Hints of the person on a file: its CRS where it declares none, which layer is meant, whether repairs are accepted."""

    crs: str | None = None
    layer: str | None = None
    accept_repairs: bool = False


def read_text(work: Work, text: str, asked: CoordinateHints) -> OutlineAnswer:
    """Pasted coordinates as an outline (lon, lat), how they were understood, or what is to be asked."""
    outline = reckon(len(text) // LETTERS_A_VERTEX, read_outline, text, asked, _options(work))
    return {
        "geometry": None if outline.geometry is None else geometry_of(outline.geometry),
        "understood": None if outline.understood is None else _meaning(outline.understood),
        "alternatives": [_meaning(meaning) for meaning in outline.alternatives],
        "problems": [_problem(problem) for problem in outline.problems],
    }


def read_file(work: Work, path: Path, told: FileHints, *, allowed: Allowance) -> OutlineFileAnswer:
    """The sites of a file as the import gate reads them; repairs are proposed and made only where accepted.

    Reading ends with the client: nobody waits for a file whose sender left.
    """
    options = replace(
        _options(work),
        crs=told.crs,
        layer=told.layer,
        accept_repairs=told.accept_repairs,
        bounds=allowed.bounds,
        cancelled=allowed.left,
    )
    declarations = declarations_of(work.rulebook)
    delivery = read_sites(path, options, declarations)
    offered: list[WrittenRepair] = []
    if delivery.report.features_refused and not told.accept_repairs:
        mended = read_sites(path, replace(options, accept_repairs=True), declarations)
        offered = mended.report.reading()["repairs"]
    return {
        "features": _features(delivery),
        "total": delivery.report.features_loaded,
        "repairs_offered": offered,
        "report": delivery.report.reading(),
    }


def find_project(session: Session, number: int) -> StoredProject:
    """One stored project with its footprint. Raises NotFound."""
    found = find_registered(session, number)
    return cast("StoredProject", {**plain_rows(found)[0], "geometry": geometry_of(found.geometry.iloc[0])})


def _options(work: Work) -> ReadingOptions:
    metric_crs = work.settings.metric_crs
    return ReadingOptions(
        metric_crs=metric_crs,
        boundary=find_boundary(work.session),
        limits=OUTLINE,
        bounds=Bounds(work.settings.most_vertices, work.settings.most_parts),
    )


def _meaning(meaning: Meaning) -> MeaningAnswer:
    return {
        "notation": meaning.notation,
        "crs": meaning.crs,
        "axes": meaning.axes,
        "order": "yx" if meaning.swapped else "xy",
        "sentence": meaning.sentence,
        "phrases": [{"text": phrase.template, "values": _values_of(phrase)} for phrase in meaning.phrases],
    }


def _problem(problem: LineProblem) -> LineProblemAnswer:
    words = problem.said
    return {"line": problem.line, "message": words, "text": words.template, "values": _values_of(words)}


def _features(delivery: Delivery) -> list[SiteFromFile]:
    shown = delivery.frame.iloc[:MOST_FEATURES]
    rows = zip(plain_rows(shown), shown.geometry, strict=True)
    return [cast("SiteFromFile", {**row, "geometry": geometry_of(shape)}) for row, shape in rows]


def _values_of(said: Message) -> dict[str, str | int]:
    """Values of a sentence on coordinates, which are texts and numbers of lines."""
    return cast("dict[str, str | int]", dict(said.values))
