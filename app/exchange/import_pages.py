"""The import of a file as a page: chosen, previewed on map and table, repaired, loaded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.exchange.import_columns import TITLES, words_of
from app.http.dependencies import Importer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.imports_map import ImportsMapView, draw_imports_map
from app.maps.legend import legend_of
from gis_layers.crs import STORAGE_CRS
from risk_model.codes import enumeration

router = APIRouter(include_in_schema=False)
FIRST = "projects"


@router.get("/imports")
def imports(
    request: Request,
    work: WorkOf,
    principal: Importer,
    layer: Annotated[str, Query(max_length=40)] = "",
    hazard: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The form, the map, and the places where preview, problems and repairs will stand."""
    legend, hazards = legend_of(work.rulebook), work.rulebook.hazards
    layers = [key for key in enumeration("import_layer") if principal.may_load(key)]
    return render(
        request,
        "exchange/imports.html",
        town=page_context(work),
        legend=legend,
        map=draw_imports_map(ImportsMapView(legend, town_bounds(work), TITLES, words_of(work.rulebook))),
        offered=layers,
        layer=layer if layer in layers else FIRST if FIRST in layers else layers[0],
        hazards={key: one for key, one in hazards.items() if principal.may_edit(key)},
        hazard=hazard,
        schemes=work.rulebook.schemes,
        systems=[STORAGE_CRS, work.settings.metric_crs],
    )
