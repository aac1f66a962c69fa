"""Registers taken away as files, by whoever may see them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import geopandas as gpd
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.exchange.exports import read_download
from app.exchange.provenance import provenance_now
from app.http.attachments import attachment
from app.http.dependencies import Viewer, WorkOf
from app.http.masking import masked_for
from app.platform.clock import today
from app.platform.errands import reckon
from gis_layers.exchange import write_layer
from gis_layers.exchange.delivery.provenance import Provenance
from gis_layers.sandbox import PLAIN, reading_with
from risk_model.codes import enumeration

router = APIRouter(include_in_schema=False)
MEDIA = {"csv": "text/csv; charset=utf-8", "gpkg": "application/geopackage+sqlite3", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


def written(frame: gpd.GeoDataFrame, name: str, layer: str, provenance: Provenance) -> bytes:
    """The file ``name`` of a layer."""
    with TemporaryDirectory(prefix="anzhi-download-") as folder:
        path = Path(folder) / name
        write_layer(frame, path, layer_name=layer, provenance=provenance)
        return path.read_bytes()


@router.get("/downloads/{layer}.{kind}")
def download(
    request: Request, work: WorkOf, principal: Viewer, layer: str, kind: Literal["csv", "gpkg", "xlsx"]
) -> Response:
    """A whole layer for programs and what it rests on; telephone numbers as the asker may see them.

    The workbook of a register is that of its page.
    """
    if kind == "xlsx" and layer in enumeration("register"):
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/registers/{layer}/register.xlsx{asked}", 307)
    frame = read_download(work.session, layer)
    name = f"anzhi-{layer}-{today().isoformat()}.{kind}"
    provenance = provenance_now(work, today())
    profile = reading_with("GPKG") if kind == "gpkg" else PLAIN
    content = reckon(len(frame), written, masked_for(principal, frame), name, layer, provenance, profile=profile)
    return attachment(work.session, principal, name, content, media_type=MEDIA[kind])
