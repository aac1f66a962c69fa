"""``anzhi check``: every feature of a file judged against the published edition."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import Cluster, DataDir, Json, Partitions, author, print_json, say, spread_of
from app.cli.handing_over import taking_in
from app.exchange.checks import check_file, write_check
from app.intake.handover import handover_of
from app.intake.receipts import refuse_secrets
from app.judgement.logbook import FileInput, Maker, record_file
from app.judgement.parallel import load_ahead_for
from app.platform.clock import today
from gis_layers.exchange import ReadingOptions
from gis_layers.exchange.formats.writers import refuse_overwriting
from risk_model.message import msg
from risk_model.vocabulary import ProjectClass


def check(
    file: Annotated[Path, typer.Argument(help="sites: polygons, lines or points", exists=True, readable=True)],
    out: Annotated[Path, typer.Option(help=".gpkg .xlsx .csv or .parquet")],
    project_class: Annotated[
        ProjectClass | None, typer.Option("--class", help="class of features that do not say theirs")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="which layer of the file")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG:n of the file, where it does not say")] = None,
    encoding: Annotated[str | None, typer.Option(help="encoding of its texts")] = None,
    accept_repairs: Annotated[bool, typer.Option("--accept-repairs", help="judge sites as repaired")] = False,
    classification: Annotated[
        str | None, typer.Option(help="密级 of the file: 公开 内部 秘密 机密 绝密, or public internal …")
    ] = None,
    partitions: Partitions = None,
    cluster: Cluster = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Bulk siting check: FILE in, verdicts and findings out."""
    refuse_overwriting(out, [file])
    with taking_in("check", data_dir, only_secrets=True) as work:
        options = ReadingOptions(
            crs=crs,
            encoding=encoding,
            layer=layer,
            accept_repairs=accept_repairs,
            metric_crs=work.settings.metric_crs,
            handover=handover_of(classification=classification),
        )
        refuse_secrets(work.deployment, file, options)
        spread = spread_of(partitions, cluster)
        if spread is None:
            load_ahead_for(file)
        checked = check_file(work, file, options, default_class=project_class, on=today(), spread=spread)
        write_check(checked.tables, out, checked.provenance, inputs=[file])
        maker, given = Maker(author(), "console"), FileInput.of(file)
        record = record_file(work.session, maker, given, checked.outcome(), checked.grounds)
    if json:
        print_json({"out": str(out), **checked.told(), "record": record})
    for problem in checked.report.problems:
        say(
            msg(
                "  #{feature}：{problem} — {advice}",
                feature=str(problem.feature),
                problem=problem.problem,
                advice=problem.advice,
            )
        )
    verdicts = ", ".join(f"{verdict} {count}" for verdict, count in checked.verdicts.items())
    say(
        msg(
            "{features_read} 个地块中筛查了 {features_loaded} 个：{verdicts} → {out}",
            features_loaded=checked.report.features_loaded,
            features_read=checked.report.features_read,
            verdicts=verdicts,
            out=out,
        )
    )
    say(
        msg(
            "已登记为 {record}；{name} 的 SHA-256：{record_2}",
            record=record["number"],
            name=file.name,
            record_2=record["input_digest"],
        )
    )
    if checked.report.features_loaded == 0:
        raise typer.Exit(1)
