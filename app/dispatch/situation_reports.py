"""Reports upwards: the words of a first, further or final report, and by when which one is due. Nothing here sends any."""

from __future__ import annotations

import datetime
from typing import Any, cast

from app.dispatch.incidents import find_incident, list_incidents
from app.dispatch.log import BEGINNING, occurred, write_entry
from app.dispatch.report_schemas import (
    DeskIncident,
    DueReportAnswer,
    GivenReport,
    ReportAnswer,
    ReportKind,
)
from app.dispatch.told_incident import closure_lines, force_lines, moment_words, place_lines, position_of
from app.dispatch.village_calls import tell_calls
from app.http.i18n import in_language
from app.platform.clock import now
from app.platform.work import Work
from gis_layers.stores.dispatch_log import NewEntry, read_log
from gis_layers.stores.duty import find_shift_at
from gis_layers.stores.incidents import OPEN, IncidentQuery
from gis_layers.stores.records import read_facts
from risk_model.codes import code_name
from risk_model.dispatch import ReportedIncident, due_report
from risk_model.message import msg

MOST_OPEN = 200
"""Incidents under way that one desk shows."""


def tell_report(work: Work, number: int, kind: ReportKind | None, *, language: str) -> ReportAnswer:
    """A report of an incident as text; without ``kind`` the one that is due."""
    frame, at = find_incident(work, number), now()
    (row,) = frame.to_dict("records")
    due = due_of(work, row, language)
    wanted = kind or (due["kind"] if due else "final")
    lines = _lines(work, row, position_of(frame), wanted, at)
    text = "\n".join(in_language(line, language) for line in lines)
    return {"kind": wanted, "text": text, "due": due}


def give_report(work: Work, number: int, given: GivenReport, *, actor: str) -> None:
    """Write into the log of an incident whose row is held that a report was given."""
    moment = occurred(given.occurred_at, at=now(), after=BEGINNING)
    content = {"kind": given.kind, "to": given.to, "text": given.text}
    write_entry(work, number, NewEntry("report", actor, moment, said=given.to, content=content))


def due_of(work: Work, row: Any, language: str) -> DueReportAnswer | None:
    """The report an incident owes."""
    given = [(one.content["kind"], one.occurred_at) for one in read_log(work.session, int(row["id"]), "report")]
    due = due_report(ReportedIncident(row["kind"], row["level"], row["created_at"], row["closed_at"], given))
    if due is None:
        return None
    told = {
        "kind": due.kind,
        "due_at": due.due_at.isoformat(),
        "phone_by": None if due.phone_by is None else due.phone_by.isoformat(),
        "basis": due.limit.basis_en if language == "en" else due.limit.basis,
        "basis_kind": due.limit.basis_kind,
    }
    return cast("DueReportAnswer", told)


def under_way(work: Work, language: str) -> list[DeskIncident]:
    """Incidents under way with the report each owes."""
    frame, _ = list_incidents(work, IncidentQuery(OPEN, limit=MOST_OPEN))
    kept = ("id", "kind", "said", "village", "landmark", "forces_out", "version")
    told = [
        {
            **{name: row[name] for name in kept},
            "occurred_at": row["occurred_at"].isoformat(),
            "due": due_of(work, row, language),
            "calls": tell_calls(work, int(row["id"])),
        }
        for row in frame.drop(columns="geometry").to_dict("records")
    ]
    return cast("list[DeskIncident]", told)


def _lines(
    work: Work, row: Any, place: tuple[float, float], kind: ReportKind, at: datetime.datetime
) -> list[str]:  # fmt: skip
    town = read_facts(work.session).get("township") or msg("本镇")
    head = msg("【{report}】{town}{kind}", report=code_name("report_kind", kind), town=town, kind=code_name("incident_kind", row["kind"]))  # fmt: skip
    shift = find_shift_at(work.session, at)
    where, coordinate = place_lines(row, *place)
    level = row["level"] and code_name("incident_level", row["level"])
    lines: list[str] = [
        head,
        msg("时间：{at}", at=moment_words(row["occurred_at"])),
        msg("地点：{where}", where=where),
        coordinate,
        msg("情况：{said}", said=row["said"]),
        msg("等级：{level}", level=level or msg("待核")),
        msg("伤亡和损失：（请核实后填写）"),
        *_listed(msg("已派力量："), force_lines(row["assignments"]), msg("尚未派出力量。")),
        *_listed(msg("道路封闭："), closure_lines(work.session), msg("没有登记的道路封闭。")),
    ]
    if row["outcome"]:
        lines.append(msg("结果：{outcome}", outcome=row["outcome"]))
    signed = msg("{leader}、{officer}", leader=shift.leader, officer=shift.officer) if shift else msg("未登记")
    return [*lines, msg("带班领导、值班员：{signed}", signed=signed), msg("报送时间：{at}", at=moment_words(at))]


def _listed(title: str, lines: list[str], otherwise: str) -> list[str]:
    return [title, *lines] if lines else [otherwise]
