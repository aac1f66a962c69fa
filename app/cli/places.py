"""``anzhi place``: the gazetteer from the console."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.console import DataDir, Json, author, one_transaction, print_json, say
from app.places import service
from gis_layers.stores.gazetteer import refresh_names
from risk_model.message import msg

cli = typer.Typer(help="The gazetteer: find places, give them aliases.", no_args_is_help=True, add_completion=False)


@cli.command()
def find(
    text: Annotated[str, typer.Argument(help="name, pinyin, alias, road stake or coordinates")],
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Every place a text may mean, best first."""
    with one_transaction(data_dir) as work:
        rows, total = service.find_places(work, text, limit=1000)
    if json:
        print_json({"items": rows, "total": total})
        return
    for row in rows:
        told = " · ".join(str(row[key]) for key in ("village", "detail") if row[key])
        print(f"{row['id']}\t{row['name']}\t{row['lon']:.6f},{row['lat']:.6f}\t{told}")
    say(msg("找到 {total} 个", total=total))


@cli.command()
def alias(
    name: Annotated[str, typer.Argument(help="the place's name, or its id where several are called so")],
    alias: Annotated[str, typer.Argument(help="what people call it too")],
    data_dir: DataDir = None,
) -> None:
    """Let a place answer to another name too."""
    with one_transaction(data_dir) as work:
        kept = service.add_alias(work.session, name, alias, author=author())
    say(msg("{place}（{name}）又名 {alias}：别名 {id}", place=kept.place, name=kept.name, alias=kept.alias, id=kept.id))


@cli.command()
def unalias(
    number: Annotated[int, typer.Argument(help="the alias's number")],
    data_dir: DataDir = None,
) -> None:
    """Forget an alias."""
    with one_transaction(data_dir) as work:
        service.remove_alias(work.session, number, author=author())
    say(msg("别名 {number} 已撤回", number=number))


@cli.command()
def stakes(
    road: Annotated[str, typer.Argument(help="the road's number, such as G312")],
    west_end_km: Annotated[float, typer.Option(help="what the stakes say at the western end of the drawn road", min=0)],
    westward: Annotated[bool, typer.Option("--westward", help="the stakes grow towards the west")] = False,
    data_dir: DataDir = None,
) -> None:
    """Tell where the kilometre stakes of a road begin, so that they can be searched."""
    with one_transaction(data_dir) as work:
        count = service.tell_stakes(work, road, west_end_km=west_end_km, eastward=not westward, author=author())
    say(
        msg(
            "{road} 的桩号从 K{west_end_km} 起算；地名库中有 {count} 个名称",
            road=road,
            west_end_km=f"{west_end_km:g}",
            count=count,
        )
    )


@cli.command()
def refresh(data_dir: DataDir = None) -> None:
    """Make the gazetteer anew from what is stored; imports do this by themselves."""
    with one_transaction(data_dir) as work:
        count = refresh_names(work.session, work.settings.metric_crs)
    say(msg("地名库中有 {count} 个名称", count=count))
