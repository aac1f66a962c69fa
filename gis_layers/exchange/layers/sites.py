"""Sites for the bulk check: polygons, lines or points with a name and a class."""

from __future__ import annotations

from pathlib import Path

from gis_layers.exchange.checks.inspection import AREA, LINE, POINT
from gis_layers.exchange.delivery.border import guarded
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery
from gis_layers.exchange.layers.attributes import deliver
from gis_layers.exchange.layers.declarations import (
    ANYTHING,
    BUILDING_FIELDS,
    Declarations,
    read_project_class,
    refuse_parts,
    refuse_slips,
)
from gis_layers.exchange.layers.ingest import receive_apart
from gis_layers.exchange.text import values


@guarded
def read_sites(path: Path, options: ReadingOptions, declarations: Declarations = ANYTHING) -> Delivery:
    """Read sites: feature, name, project_class, seismic_class, building_type (None where not given), geometry as drawn.

    A site that is broken stays in the report as refused, so that no site is passed over in silence, and so does one whose
    class or building nobody understands: what is asked for all others is for blank cells only.
    """
    received = receive_apart(
        path, options, ("name", "project_class", *BUILDING_FIELDS), dimensions=frozenset({POINT, LINE, AREA})
    )
    refuse_slips(received.geometries, received.journal, metric_crs=options.metric_crs)
    refuse_parts(received.raw.attributes, received.journal)
    classes = received.columns.read_decisive("project_class", read_project_class)
    columns = {
        "name": received.columns.read("name", values.read_text),
        "project_class": classes,
        **declarations.read(received.columns, classes),
    }
    return deliver(
        columns, received.geometries, raw=received.raw, journal=received.journal, layer=("sites", received.crs)
    )
