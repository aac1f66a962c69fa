"""Checks on record and the audit's hashes as pages that work without scripts."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.archive.service import LOOKS_UP, find_check, list_checks, list_lacking
from app.http.dependencies import Admin, Viewer, WorkOf
from app.http.templates import render
from app.judgement.logbook import find_answer
from app.judgement.page_context import page_context
from app.platform.clock import CHINA
from app.platform.errors import NotFound
from app.platform.principals import Principal, Role
from app.platform.work import Work
from app.reports.findings import Sources
from app.reports.grounds import read_surveys
from app.reports.opinion import tell_opinion
from app.reports.paper import OFFERED
from app.reports.told import ToldOpinion
from gis_layers.stores import seals
from gis_layers.stores.checks import Check

router = APIRouter(include_in_schema=False)
A_PAGE = 50

Offset = Annotated[int, Query(ge=0, le=10**9)]


@router.get("/checks")
def checks(
    request: Request,
    work: WorkOf,
    principal: Viewer,
    number: Annotated[str, Query(max_length=40)] = "",
    lacking: bool = False,
    offset: Offset = 0,
) -> Response:
    """One's own checks, and a field for a number on a paper."""
    trouble = ""
    if number.strip():
        try:
            found = find_check(work.session, number, principal)
            return RedirectResponse(f"/checks/{quote(found.number)}", 303)
        except NotFound as error:
            trouble = str(error)
    shown, total = _listed(work, principal, lacking=lacking, offset=offset)
    answer = render(
        request,
        "archive/checks.html",
        town=page_context(work),
        checks=shown,
        total=total,
        offset=offset,
        a_page=A_PAGE,
        number=number,
        lacking=lacking,
        trouble=trouble,
        everybody=principal.role is Role.ADMIN,
        looks_up=principal.role in LOOKS_UP,
        china=CHINA,
    )
    answer.status_code = NotFound.status if trouble else 200
    return answer


def _listed(work: Work, principal: Principal, *, lacking: bool, offset: int) -> tuple[list[Check], int]:
    if principal.is_guest:
        return [], 0
    if lacking:
        return list_lacking(work, principal, limit=A_PAGE, offset=offset)
    return list_checks(work.session, principal, limit=A_PAGE, offset=offset)


@router.get("/checks/{number}")
def check(request: Request, work: WorkOf, principal: Viewer, number: str) -> Response:
    """One check as it is on record, with its opinion where the answer was kept."""
    found = find_check(work.session, number, principal)
    opinion, untold = None, ""
    try:
        opinion = _opinion(work, found)
    except NotFound as error:
        untold = error.args[0]
    return render(
        request,
        "archive/check.html",
        town=page_context(work),
        check=found,
        opinion=opinion,
        untold=untold,
        papers=OFFERED,
        on_screen=False,
        china=CHINA,
    )


def _opinion(work: Work, check: Check) -> ToldOpinion:
    """The opinion as it was given, in the words of its rulebook. Raises NotFound where only a digest was kept."""
    answer = find_answer(work.session, check)
    rulebook = work.deployment.books.of(work.session, check.rulebook_fingerprint)
    return tell_opinion(answer, Sources(rulebook, read_surveys(work.session, answer)))


@router.get("/audit")
def audit(request: Request, work: WorkOf, principal: Admin, offset: Offset = 0) -> Response:
    """The hash of every sealed day."""
    return render(
        request,
        "archive/days.html",
        town=page_context(work),
        days=seals.list_days(work.session, limit=A_PAGE, offset=offset),
        total=seals.count_days(work.session),
        offset=offset,
        a_page=A_PAGE,
        china=CHINA,
    )
