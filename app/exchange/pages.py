"""Registers taken away as files, by whoever may see them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from fastapi import APIRouter, Response

from app.attachments import attachment
from app.clock import today
from app.dependencies import DeploymentOf, SessionOf, Viewer
from app.exchange.exports import read_download
from app.exchange.provenance import provenance_now
from app.phones import masked_for
from gis_layers.exchange import write_layer

router = APIRouter(include_in_schema=False)
MEDIA = {"csv": "text/csv; charset=utf-8", "gpkg": "application/geopackage+sqlite3", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


@router.get("/downloads/{layer}.{kind}")
def download(
    session: SessionOf, deployment: DeploymentOf, asking: Viewer, layer: str, kind: Literal["csv", "gpkg", "xlsx"]
) -> Response:
    """A whole register as CSV, GeoPackage or Excel and what it rests on; telephone numbers as the asker may see them."""
    frame = read_download(session, layer)
    name = f"anzhi-{layer}-{today().isoformat()}.{kind}"
    with TemporaryDirectory(prefix="anzhi-download-") as folder:
        path = Path(folder) / name
        provenance = provenance_now(session, deployment, today())
        write_layer(masked_for(asking, frame), path, layer_name=layer, provenance=provenance)
        content = path.read_bytes()
    return attachment(session, asking, name, content, media_type=MEDIA[kind])
