"""``/api/siting/checks`` and ``/api/audit/days``: what is on record, looked up."""

from __future__ import annotations

import datetime

from fastapi import APIRouter, Request, Response

from app.archive.schemas import CheckOnRecord, SealedDay, WholeCheckOnRecord
from app.archive.service import (
    describe_check,
    describe_day,
    describe_whole_check,
    find_check,
    find_day,
    list_checks,
)
from app.http.attachments import attachment
from app.http.dependencies import Admin, MomentOf, SessionOf, Viewer, WorkOf
from app.http.geojson import made_of
from app.http.i18n import chosen_language
from app.http.pagination import Listing, PageOf, listing
from app.judgement.logbook import find_answer
from app.reports.imprint import Order, Profile
from app.reports.kept import print_opinion
from app.reports.paper import KINDS, ReportKind, VisitsAsked
from gis_layers.stores import seals

router = APIRouter(prefix="/api", tags=["archive"])


@router.get("/siting/checks")
def checks(request: Request, session: SessionOf, principal: Viewer, page: PageOf) -> Listing[CheckOnRecord]:
    """One's own checks, of an admin everybody's, newest first."""
    found, total = list_checks(session, principal, limit=page.limit, offset=page.offset)
    return listing(request, [describe_check(check) for check in found], total=total, page=page)


@router.get("/siting/checks/{number}")
def check_of_number(number: str, session: SessionOf, principal: Viewer) -> WholeCheckOnRecord:
    """One check by its number: one's own; planners, officers, approvers and admins may look up anybody's."""
    return describe_whole_check(find_check(session, number, principal))


@router.get("/siting/checks/{number}/report.{kind}", **made_of(*KINDS.values()))
def report_of_check(
    request: Request,
    number: str,
    kind: ReportKind,
    work: WorkOf,
    principal: Viewer,
    now: MomentOf,
    profile: Profile = Profile.INTERNAL,
    visits: VisitsAsked = False,
) -> Response:
    """The opinion on record as a file, in the words of the rulebook it was made by; nothing is judged anew.

    A PDF is laid out once and kept: asked for again in the same way it is the same file, byte for byte.
    """
    check = find_check(work.session, number, principal)
    answer = find_answer(work.session, check)
    rulebook = work.deployment.books.of(work.session, check.rulebook_fingerprint)
    order = Order(chosen_language(request), profile, now, visits)
    name, content = print_opinion(work, answer, kind, rulebook=rulebook, order=order)
    return attachment(work.session, principal, name, content, media_type=KINDS[kind], check=check.number)


@router.get("/audit/days")
def days(request: Request, session: SessionOf, principal: Admin, page: PageOf) -> Listing[SealedDay]:
    """The sealed days of the audit with their hashes, newest first."""
    found = seals.list_days(session, limit=page.limit, offset=page.offset)
    return listing(request, [describe_day(day) for day in found], total=seals.count_days(session), page=page)


@router.get("/audit/days/{day}")
def day_of_date(day: datetime.date, session: SessionOf, principal: Admin) -> SealedDay:
    """The hash of one day."""
    return describe_day(find_day(session, day))
