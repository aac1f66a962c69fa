"""``/dispatch/handbook.pdf``: the handbook as of now, and ``/dispatch/handbook/last.pdf`` as the night made it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.dispatch.handbook import handbook_name, read_handbook
from app.http.attachments import attachment
from app.http.dependencies import MomentOf, WorkOf, require
from app.http.i18n import chosen_language
from app.platform.clock import CHINA
from app.platform.errors import NotFound
from app.platform.principals import Principal, Role
from app.queue.orders import WRITE_HANDBOOK
from app.reports.handbook import write_handbook
from gis_layers.stores.jobs import find_newest_file
from risk_model.message import msg

router = APIRouter(include_in_schema=False)
Dispatcher = Annotated[Principal, Depends(require(Role.DISPATCHER))]
PDF = "application/pdf"


@router.get("/dispatch/handbook.pdf")
def handbook(request: Request, work: WorkOf, principal: Dispatcher, now: MomentOf) -> Response:
    """The handbook from the registers and the roads as they stand now."""
    content = write_handbook(read_handbook(work, now, chosen_language(request)))
    return attachment(work.session, principal, handbook_name(now.astimezone(CHINA).date()), content, media_type=PDF)


@router.get("/dispatch/handbook/last.pdf")
def last_handbook(work: WorkOf, principal: Dispatcher) -> Response:
    """The newest handbook a night made: at hand though roads cannot be searched any more."""
    found = find_newest_file(work.session, WRITE_HANDBOOK, "made")
    if found is None:
        raise NotFound(msg("还没有夜间生成的手册；请下载现在的手册，或由管理员在日程页上立即执行"))
    name, content = found
    return attachment(work.session, principal, name, content, media_type=PDF)
