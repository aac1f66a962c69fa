"""``anzhi export``: any stored layer in any format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import DataDir, author, one_transaction, say
from app.cli.grade import Unit
from app.exchange.exports import LAYERS, graded_run, read_areas_layer, read_layer
from app.exchange.provenance import provenance_now, provenance_of_run
from app.platform.clock import today
from app.platform.errors import Refused
from gis_layers.canonical import digest_of_file
from gis_layers.exchange import write_layer
from gis_layers.stores.records import TAKEN, record_audit
from risk_model.message import msg


def export(
    layer: Annotated[str, typer.Argument(help=" ".join(LAYERS))],
    out: Annotated[Path, typer.Argument(help=".gpkg .geojson .shp .zip .csv .xlsx .parquet")],
    crs: Annotated[str | None, typer.Option(help="EPSG:n to write; default the stored one")] = None,
    encoding: Annotated[str | None, typer.Option(help="of a shapefile: utf-8 (default) or gb18030")] = None,
    unit: Annotated[Unit, typer.Option(help="of areas: whose grades")] = Unit.VILLAGE,
    run: Annotated[int | None, typer.Option(help="of areas: the number of a grading run; default the latest")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a stored layer to a file."""
    if layer not in LAYERS:
        raise Refused(msg("没有图层「{layer}」；可用的图层：{layers}", layer=layer, layers=[*LAYERS]))
    with one_transaction(data_dir) as work:
        if layer == "areas":
            frame = read_areas_layer(work.session, unit, run)
            provenance = provenance_of_run(graded_run(work.session, unit, run))
        else:
            frame, provenance = read_layer(work.session, layer), provenance_now(work, today())
        notes = write_layer(frame, out, crs=crs, encoding=encoding, layer_name=layer, provenance=provenance)
        detail = {"layer": layer, "rows": len(frame), "sha256": digest_of_file(out)}
        record_audit(work.session, actor=author(), action=TAKEN, subject=out.name, detail=detail)
    for note in notes:
        say(msg("  {note}", note=note))
    say(f"{len(frame)} {layer} → {out}")
