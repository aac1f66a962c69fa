"""``anzhi grade``: every village, grid cell or uploaded polygon graded by all hazards together."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from app.assessments.schemas import describe_run
from app.assessments.service import GradingOrder, grade_town
from app.assessments.unitsets import require_unit_set
from app.cli.console import (
    Cluster,
    DataDir,
    Json,
    Partitions,
    author,
    in_console_language,
    one_transaction,
    print_json,
    say,
    spread_of,
)
from app.http.figures import area_words
from app.judgement.enterprise_grades import regrade_all as grade_enterprises
from gis_layers.partitions import LOCAL
from risk_model.message import msg


class Unit(StrEnum):
    """Unit of a grading."""

    VILLAGE = "village"
    GRID = "grid"
    POLYGONS = "polygons"


def grade(
    unit: Annotated[Unit, typer.Option(help="what is graded")] = Unit.VILLAGE,
    cell_m: Annotated[
        float, typer.Option("--cell-m", help="side of a grid cell in metres", min=10, max=10_000)
    ] = 100.0,
    units: Annotated[
        str | None, typer.Option("--set", help="of polygons: name or number of the set, see anzhi import units")
    ] = None,
    partitions: Partitions = None,
    cluster: Cluster = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Grade every area and publish the run.

    It is measured against the published edition, kept with all it was made of, and is from then on what its unit shows.
    """
    if (unit is Unit.POLYGONS) != (units is not None):
        wrong = in_console_language(msg("--unit polygons 要给出 --set NAME，其他单元不给"))
        raise typer.BadParameter(wrong, param_hint="--set")
    spread = spread_of(partitions, cluster) or LOCAL
    with one_transaction(data_dir) as work:
        set_id = None if units is None else require_unit_set(work.session, units).id
        order = GradingOrder(unit.value, author(), cell_m if unit is Unit.GRID else None, set_id, spread)
        run = describe_run(grade_town(work, order))
    if json:
        print_json(run)
    say(
        msg(
            "第 {run} 次分级：{run_3} 单元 {run_2} 个，依据第 {run_4} 版区划",
            run=run["id"],
            run_2=run["areas"],
            run_3=run["unit"],
            run_4=run["edition"]["number"],
        )
    )
    for line in run["summary"]["grades"]:
        say(
            msg(
                "  {rank} {grade}：{areas} 个单元，{area}",
                rank=str(line["grade_rank"]),
                grade=msg(line["grade"]),
                areas=line["areas"],
                area=area_words(line["area_m2"]),
            )
        )
    ungraded = run["summary"]["ungraded"]
    if ungraded["areas"]:
        gaps = [f"{hazard} ({count})" for hazard, count in run["summary"]["data_gaps"].items()]
        say(
            msg(
                "  资料不足：{areas} 个单元，{area}；未调查：{gaps}",
                areas=ungraded["areas"],
                area=area_words(ungraded["area_m2"]),
                gaps=gaps,
            )
        )


def regrade(data_dir: DataDir = None) -> None:
    """Grade every enterprise anew.

    By the rules, stock, neighbours and hidden dangers there are now.
    """
    with one_transaction(data_dir) as work:
        changed = grade_enterprises(work, cause="reckoned_again", actor=author())
    say(msg("{changed} 家企业的历史新增了一条", changed=changed))
