"""The import of a file as a page: chosen, previewed on map and table, repaired, loaded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.exchange.import_columns import TITLES, words_of
from app.http.dependencies import Officer, WorkOf
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
    principal: Officer,
    layer: Annotated[str, Query(max_length=40)] = FIRST,
    hazard: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """The form, the map, and the places where preview, problems and repairs will stand."""
    legend, hazards = legend_of(work.rulebook), work.rulebook.hazards
    return render(
        request,
        "exchange/imports.html",
        town=page_context(work),
        legend=legend,
        map=draw_imports_map(ImportsMapView(legend, town_bounds(work), TITLES, words_of(work.rulebook))),
        layer=layer if layer in enumeration("import_layer") else FIRST,
        hazards={key: one for key, one in hazards.items() if principal.may_edit(key)},
        hazard=hazard,
        schemes=work.rulebook.schemes,
        systems=[STORAGE_CRS, work.settings.metric_crs],
    )
