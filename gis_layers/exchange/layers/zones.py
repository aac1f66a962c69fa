"""Hazard and risk zones as they are delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from gis_layers.exchange.checks.inspection import AREA, LINE
from gis_layers.exchange.checks.overlaps import note_overlaps
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery
from gis_layers.exchange.formats.confined_reading import apart
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.grades import GradeTerms, read_grades
from gis_layers.exchange.layers.ingest import Received, ingest
from gis_layers.exchange.text import values
from gis_layers.exchange.text.days import read_day
from gis_layers.exchange.text.quantities import METRES, MINUTES, read_intensity, read_scale
from gis_layers.exchange.text.written import is_nothing
from gis_layers.geometry import promote_to_multi
from risk_model.vocabulary import Grade

LINE_HAZARDS = frozenset({"fault"})
_READERS: Mapping[str, Any] = {
    "name": values.read_text,
    "survey_date": read_day,
    "scale": read_scale,
    "intensity": read_intensity,
    "arrival_min": MINUTES,
    "overburden_m": METRES,
    "fault_age": values.read_fault_age,
    "corridor_kind": values.read_corridor_kind,
    "source_id": values.read_code,
}


@dataclass(frozen=True, slots=True)
class _Told:
    """Values of the whole delivery where a feature does not say them of itself."""

    hazard: str
    product: str
    source: str | None
    survey_date: date | None
    scale: int | None


@apart
def read_zones(
    path: Path,
    options: ReadingOptions,
    *,
    hazard: str,
    product: str,
    grade_words: Mapping[str, Grade],
    grade_required: bool,
    grade_field: str | None = None,
    fixed_grade: Grade | None = None,
    source: str | None = None,
    survey_date: date | None = None,
    scale: int | None = None,
) -> Delivery:
    """Read zones of one hazard and product into a zone frame in the storage CRS; faults may be lines.

    Columns: feature, hazard, product, grade, grade_rank, grade_scheme, name, survey_date, scale, intensity,
    arrival_min, overburden_m, fault_age, corridor_kind, source, source_id, geometry (multi). ``grade_words`` maps each word of the
    chosen scheme (NFKC) to its grade; a feature whose word is unknown, or which has none where one is required, is
    refused. ``source``, ``survey_date`` and ``scale`` hold where a feature has no value of its own.
    Raises UnreadableFile, AmbiguousLayer and UnknownCrs; all else is told in the report.
    """
    terms = GradeTerms(grade_words, required=grade_required, fixed=fixed_grade)
    told = _Told(hazard, product, source, survey_date, scale)
    if grade_field is not None:
        options = replace(options, fields={**options.fields, "grade": grade_field})
    dimensions = frozenset({AREA, LINE}) if hazard in LINE_HAZARDS else frozenset({AREA})
    graded = () if fixed_grade else ("grade",)
    received = ingest(path, options, (*graded, *_READERS), dimensions=dimensions)
    columns = _columns(received, terms, told)
    if received.journal.whole_file_error is None:
        kept = received.geometries.copy()
        kept[list(received.journal.refused)] = None
        note_overlaps(kept, metric_crs=options.metric_crs, journal=received.journal)
    return deliver(
        columns,
        promote_to_multi(received.geometries),
        raw=received.raw,
        journal=received.journal,
        layer=("zones", received.crs),
    )


def _columns(received: Received, terms: GradeTerms, told: _Told) -> dict[str, list[Any]]:
    count = len(received.geometries)
    grades = read_grades(received, terms)
    own = {name: received.columns.read(name, read_value) for name, read_value in _READERS.items()}

    def settled(name: str, whole: object) -> list[Any]:
        cells = zip(own[name], received.columns.unread(name), strict=True)
        return [whole if is_nothing(cell) else value for value, cell in cells]

    return {
        "hazard": [told.hazard] * count,
        "product": [told.product] * count,
        "grade": [grade.name if grade else None for grade in grades],
        "grade_rank": [grade.rank if grade else None for grade in grades],
        "grade_scheme": [grade.scheme if grade else None for grade in grades],
        "name": own["name"],
        "survey_date": settled("survey_date", told.survey_date),
        "scale": settled("scale", told.scale),
        "intensity": own["intensity"],
        "arrival_min": own["arrival_min"],
        "overburden_m": own["overburden_m"],
        "fault_age": own["fault_age"],
        "corridor_kind": own["corridor_kind"],
        "source": [told.source] * count,
        "source_id": own["source_id"],
    }
