"""``anzhi import``: files through the gate."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.assessments.unitsets import UnitsImport, import_units
from app.cli.console import DataDir, Json, author, in_console_language, print_json, say
from app.cli.handing_over import taking_in, told_of
from app.exchange.loaders import REGISTERS as LOADERS
from app.exchange.registers import ConstraintsImport, import_constraints
from app.exchange.service import Publication, ZonesImport, import_zones
from app.platform.errors import AnzhiError
from gis_layers.errors import GisError
from gis_layers.exchange import Handover, ImportReport, ReadingOptions
from gis_layers.stores.surveys import GREATEST_AGE_DAYS, StatedTerms
from risk_model.message import msg

cli = typer.Typer(help="Bring data in through the gate.", no_args_is_help=True, add_completion=False)

File = Annotated[Path, typer.Argument(help="the file", exists=True, readable=True)]
Fields = Annotated[list[str] | None, typer.Option("--field", help="OURS=THEIRS, may be repeated")]
Crs = Annotated[str | None, typer.Option("--crs", help="EPSG:n of the file, where it does not say")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="encoding of its texts, where it cannot be found out")]
Layer = Annotated[str | None, typer.Option("--layer", help="which layer of the file")]
REGISTERS = {
    "enterprises": "Enterprises: points or outlines with name; sector, risk points, inventory and more where given.",
    "hidden-dangers": "Hidden dangers: points with code, state and the day found; enterprise, clause, deadline where given.",
    "geohazard-sites": "Geohazard sites: points with code, name and kind; state, documents, people threatened where given.",
    "stations": "Stations: points with name and kind.",
    "forces": "Forces: points with name, kind and capabilities (separated by ;), and where given their station.",
    "roads": "Roads: lines with road_class, oneway, bridge and name; speed_kmh and length_m where they differ from the usual.",
    "regional-assessments": "Regional assessments: areas with number, kinds (separated by ;), valid_from and valid_to.",
    "facilities": "Facilities: points or areas with name and kind; shelters with effective_area_m2 and capacity.",
}

Repairs = Annotated[bool, typer.Option("--accept-repairs", help="apply the repairs the gate proposes")]


@cli.command()
@told_of
def zones(
    file: File,
    handover: Handover,
    hazard: Annotated[str, typer.Option(help="hazard key")],
    product: Annotated[str, typer.Option(help="which census product")],
    grade_field: Annotated[str | None, typer.Option(help="the column that holds the grade")] = None,
    grade: Annotated[str | None, typer.Option(help="one grade for the whole file")] = None,
    grade_scheme: Annotated[
        str | None, typer.Option(help="geo4 flood4 flash3 met4 met5 fire5 quake5 comp5 prev3")
    ] = None,
    extent: Annotated[str, typer.Option(help="surveyed ground: zones, boundary or a polygon file")] = "zones",
    field: Fields = None,
    source: Annotated[str | None, typer.Option(help="where the data come from")] = None,
    survey_date: Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day of survey")] = None,
    scale: Annotated[int | None, typer.Option(help="n of 1:n", min=1)] = None,
    office: Annotated[str | None, typer.Option(help="the office responsible for them")] = None,
    valid_until: Annotated[
        datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="last day they hold, as stated")
    ] = None,
    max_age_days: Annotated[
        int | None, typer.Option(help="greatest age of the survey, in days", min=1, max=GREATEST_AGE_DAYS)
    ] = None,
    crs: Crs = None,
    encoding: Encoding = None,
    layer: Layer = None,
    accept_repairs: Repairs = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="retire what is published of this hazard and product")
    ] = False,
    publish: Annotated[bool, typer.Option("--publish", help="publish as a new edition")] = False,
    reason: Annotated[str, typer.Option(help="why it is published")] = "",
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Census zones into a draft, or with --publish into a new edition."""
    asked = ZonesImport(
        path=file,
        hazard=hazard,
        product=product,
        grade_field=grade_field,
        grade=grade,
        grade_scheme=grade_scheme,
        extent=extent,
        source=source,
        survey_date=survey_date and survey_date.date(),
        scale=scale,
        terms=StatedTerms((office or "").strip() or None, valid_until and valid_until.date(), max_age_days),
        replaces=replace,
        options=_options(
            field, crs=crs, encoding=encoding, layer=layer, accept_repairs=accept_repairs, handover=handover
        ),
    )
    with told_as_json("zones", as_json=json), taking_in("zones", data_dir) as work:
        publication = Publication(reason) if publish else None
        loaded = import_zones(work, asked, author=author(), publication=publication)
    _tell(loaded.report, as_json=json)


@cli.command()
@told_of
def villages(
    file: File,
    handover: Handover,
    field: Fields = None,
    layer: Layer = None,
    crs: Crs = None,
    encoding: Encoding = None,
    accept_repairs: Repairs = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Villages: polygons with name, optional code and population."""
    options = _options(field, crs=crs, encoding=encoding, layer=layer, accept_repairs=accept_repairs, handover=handover)
    with told_as_json("villages", as_json=json), taking_in("villages", data_dir) as work:
        loaded = LOADERS["villages"](work, path=file, options=options, author=author())
    _tell(loaded.report, as_json=json)


@cli.command()
@told_of
def units(
    file: File,
    handover: Handover,
    name: Annotated[str, typer.Option(help="what the set is called; anzhi grade --unit polygons --set NAME")],
    field: Fields = None,
    layer: Layer = None,
    crs: Crs = None,
    encoding: Encoding = None,
    accept_repairs: Repairs = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Polygons to be graded as a named set: code, name and population where given."""
    options = _options(field, crs=crs, encoding=encoding, layer=layer, accept_repairs=accept_repairs, handover=handover)
    with told_as_json("units", as_json=json), taking_in("units", data_dir) as work:
        asked = UnitsImport(file, file.name, name, options)
        report, _ = import_units(work, asked, author=author())
    _tell(report, as_json=json)


@cli.command()
@told_of
def projects(
    file: File,
    handover: Handover,
    field: Fields = None,
    layer: Layer = None,
    crs: Crs = None,
    encoding: Encoding = None,
    accept_repairs: Repairs = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Projects: footprints with name, project_class and optional seismic_class."""
    options = _options(field, crs=crs, encoding=encoding, layer=layer, accept_repairs=accept_repairs, handover=handover)
    with told_as_json("projects", as_json=json), taking_in("projects", data_dir) as work:
        loaded = LOADERS["projects"](work, path=file, options=options, author=author())
    _tell(loaded.report, as_json=json)


def _register_command(register: str) -> Callable[..., None]:
    """The command that imports one register; all of them take the same options."""

    @told_of
    def command(
        file: File,
        handover: Handover,
        field: Fields = None,
        layer: Layer = None,
        crs: Crs = None,
        encoding: Encoding = None,
        accept_repairs: Repairs = False,
        json: Json = False,
        data_dir: DataDir = None,
    ) -> None:
        options = _options(
            field, crs=crs, encoding=encoding, layer=layer, accept_repairs=accept_repairs, handover=handover
        )
        with told_as_json(register, as_json=json), taking_in(register, data_dir) as work:
            loaded = LOADERS[register](work, path=file, options=options, author=author())
        _tell(loaded.report, as_json=json)

    return command


for _register, _summary in REGISTERS.items():
    cli.command(_register, help=_summary)(_register_command(_register))


@cli.command()
@told_of
def constraints(
    file: File,
    handover: Handover,
    kind: Annotated[
        str | None, typer.Option(help="farmland, ecological_redline or urban_boundary, for the whole file")
    ] = None,
    extent: Annotated[str, typer.Option(help="surveyed ground: zones, boundary or a polygon file")] = "zones",
    field: Fields = None,
    source: Annotated[str | None, typer.Option(help="where the data come from")] = None,
    layer: Layer = None,
    crs: Crs = None,
    encoding: Encoding = None,
    accept_repairs: Repairs = False,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Land set aside (三区三线): polygons of one kind, or with a column that says which."""
    options = _options(field, crs=crs, encoding=encoding, layer=layer, accept_repairs=accept_repairs, handover=handover)
    asked = ConstraintsImport(file, kind, extent, source, options)
    with told_as_json("constraints", as_json=json), taking_in("constraints", data_dir) as work:
        loaded = import_constraints(work, asked, author=author())
    _tell(loaded.report, as_json=json)


def _options(
    fields: list[str] | None,
    *,
    crs: str | None,
    encoding: str | None,
    layer: str | None,
    accept_repairs: bool,
    handover: Handover,
) -> ReadingOptions:
    pairs = [entry.partition("=") for entry in fields or []]
    wrong = [entry for entry, (ours, equals, theirs) in zip(fields or [], pairs, strict=True) if not (ours and theirs)]
    if wrong:
        told = in_console_language(msg("「{wrong}」不是 OURS=THEIRS 的写法", wrong=wrong[0]))
        raise typer.BadParameter(told, param_hint="--field")
    mapping = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    return ReadingOptions(
        crs=crs, encoding=encoding, layer=layer, fields=mapping, accept_repairs=accept_repairs, handover=handover
    )


@contextmanager
def told_as_json(layer: str, *, as_json: bool) -> Iterator[None]:
    """Report as JSON also what is refused before a feature was read, for programs that read standard output."""
    try:
        yield
    except (AnzhiError, GisError) as error:
        if as_json:
            problem = {"feature": None, "problem": str(error), "location": None, "advice": ""}
            nothing = dict.fromkeys(("features_read", "features_loaded", "features_refused"), 0)
            unknown = dict.fromkeys(("format", "encoding", "crs", "draft", "edition"))
            print_json({"layer": layer, **unknown, **nothing, "repairs": [], "problems": [problem]})
        raise


def _tell(report: ImportReport, *, as_json: bool) -> None:
    """Show the report; exit 1 where nothing was loaded."""
    if as_json:
        print_json(report.to_dict())
    for problem in report.problems:
        where = "" if problem.location is None else f" @ {problem.location[0]:.6f},{problem.location[1]:.6f}"
        which = "" if problem.feature is None else f"#{problem.feature}{where}: "
        say(msg("  {which}{problem} — {advice}", which=which, problem=problem.problem, advice=problem.advice))
    read, loaded, refused = report.features_read, report.features_loaded, report.features_refused
    say(
        msg(
            "{layer}：读到 {read}，载入 {loaded}，拒收 {refused}，修复 {repaired}",
            layer=report.layer,
            read=read,
            loaded=loaded,
            refused=refused,
            repaired=len(report.repairs),
        )
    )
    if report.edition is not None:
        say(msg("已启用为第 {edition} 版", edition=report.edition))
    elif report.draft is not None:
        say(msg("等候在草稿 {draft} 中", draft=report.draft))
    if loaded == 0:
        say(msg("什么也没有载入：请按上面所说修正文件后重新导入"))
        raise typer.Exit(1)
