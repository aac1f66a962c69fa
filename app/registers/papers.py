"""A register taken away as it is read: the page's columns and rows as a workbook, on paper, and as one file of HTML."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from app.http.attachments import attachment
from app.http.dependencies import MomentOf, Viewer, WorkOf
from app.http.figures import count_words
from app.http.geojson import Row
from app.http.i18n import chosen_language
from app.http.masking import PHONES, masked, masked_name
from app.maps.legend import legend_of
from app.platform.clock import CHINA
from app.platform.errors import Refused
from app.platform.work import Work
from app.registers.filters import AskedOf, RegisterFilter
from app.registers.register_page import RegisterPage, RequestScope, choices_of, read_leaf, sheet_of
from app.registers.register_views import VILLAGE, RegisterView
from app.registers.told_cells import Teller, told_cell, told_columns
from app.reports.imprint import Order, Profile
from app.reports.register_files import write_register
from app.reports.register_imprint import register_paper_of
from app.reports.register_paper import KINDS, MOST_ROWS, RegisterKind, RegisterTable, TableCell, file_name
from gis_layers.stores.records import read_facts
from risk_model.message import msg

router = APIRouter(include_in_schema=False)
LAPSES = "有效与核实"


@router.get("/registers/{layer}/register.{suffix}")
def register_file(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    asked: AskedOf,
    now: MomentOf,
    layer: str,
    suffix: RegisterKind,
    profile: Profile = Profile.INTERNAL,
) -> Response:
    """The rows a page of the register shows, all of them; telephone numbers as the asker may see them."""
    sheet, on = sheet_of(layer), now.astimezone(CHINA).date()
    most = MOST_ROWS[suffix]
    scope = RequestScope(principal, work.deployment, on)
    leaf = read_leaf(work.session, layer, asked.query(sheet, limit=most), scope)
    if leaf.total > most:
        raise Refused(_too_many(leaf.total, most), code="unready")
    teller = Teller(chosen_language(request), legend_of(work.rulebook))
    table = _table(work, leaf, asked, teller=teller, profile=profile)
    paper = register_paper_of(work, table, Order(teller.language, profile, now))
    content = write_register(paper, suffix)
    return attachment(work.session, principal, file_name(layer, suffix, on), content, media_type=KINDS[suffix])


def _too_many(rows: int, most: int) -> str:
    told = {"rows": count_words(rows), "most": count_words(most)}
    return msg("这份台账有 {rows} 行，一份文件最多 {most} 行；请先筛选，或下载 Excel、CSV", **told)


def _table(work: Work, leaf: RegisterPage, asked: RegisterFilter, *, teller: Teller, profile: Profile) -> RegisterTable:
    rows = [_coarse(row) for row in leaf.rows] if profile is Profile.PUBLIC else leaf.rows
    return RegisterTable(
        key=leaf.sheet.key,
        title=teller.words(leaf.sheet.title),
        columns=told_columns(leaf.sheet.columns, teller.language),
        rows=_told(rows, leaf.sheet, teller),
        narrowed=_narrowed(work, leaf.sheet, asked, teller),
        synthetic=bool(read_facts(work.session).get("synthetic")) or any(row.get("synthetic") for row in rows),
    )


def _told(rows: Sequence[Row], sheet: RegisterView, teller: Teller) -> tuple[tuple[TableCell, ...], ...]:
    return tuple(tuple(told_cell(row, column, teller) for column in sheet.columns) for row in rows)


def _coarse(row: Row) -> Row:
    """A row for the public: whom to call is nobody else's business."""
    hidden = {name: masked(row[name]) for name in PHONES if name in row}
    return {**row, **hidden, **({"contact_name": masked_name(row["contact_name"])} if "contact_name" in row else {})}


def _narrowed(work: Work, sheet: RegisterView, asked: RegisterFilter, teller: Teller) -> str:
    """By what the rows were chosen, in words."""
    choices = {choice: dict(told) for choice, told in choices_of(work.session, sheet.key).items()}
    told: list[tuple[str, str]] = []
    if sheet.kind and asked.kind:
        kind = choices["kind"].get(asked.kind, asked.kind)
        told.append((sheet.kind.title, teller.legend.hazard_name(kind) if sheet.kind.look == "hazard" else kind))
    if sheet.ability and asked.ability:
        told.append((sheet.ability.title, choices["ability"].get(asked.ability, asked.ability)))
    if asked.lapse in choices["lapse"]:
        told.append((LAPSES, choices["lapse"][asked.lapse]))
    if sheet.period and (asked.since or asked.until):
        days = msg("{since} 至 {until}", since=asked.since or "…", until=asked.until or "…")
        told.append((sheet.period.title, days))
    words = [f"{teller.words(title)}{teller.words('：')}{teller.words(value)}" for title, value in told]
    if asked.village:
        village = choices.get("village", {}).get(asked.village, asked.village)
        words.append(f"{teller.words(VILLAGE.title)}{teller.words('：')}{village}")
    return " · ".join([asked.q, *words] if asked.q else words)
