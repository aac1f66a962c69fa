"""Dependencies of routes: a session in one transaction, the deployment, somebody with a role."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from geoalchemy2.shape import to_shape
from sqlalchemy.orm import Session

from app.http.cookies import shown_cookie
from app.http.guests import guests_welcome
from app.http.legible import legible
from app.middleware.disconnects import ERRAND
from app.middleware.origins import READING
from app.platform.allowance import Allowance, allow
from app.platform.clock import CHINA
from app.platform.deployment import Deployment
from app.platform.errors import NotAllowed, NotProven, PasswordChangeNeeded, SignInNeeded
from app.platform.principals import (
    CSRF_FIELD,
    CSRF_HEADER,
    GUEST,
    IDLE,
    NOBODY,
    SEEN_EVERY,
    SESSION_COOKIE,
    BrowserSession,
    Principal,
    Role,
    same_secret,
    token_digest,
    token_name,
)
from app.platform.work import Work
from gis_layers.stores import sign_ins
from gis_layers.stores.access import find_bearer, save_use
from gis_layers.stores.records import record_audit
from risk_model.codes import code_name
from risk_model.message import msg

FORM = "application/x-www-form-urlencoded"
EVERYTHING = ("*",)
ASKED_BY_ITSELF = frozenset(["/api/dispatch/desk"])
"""What an open page asks without anybody there: it lets nobody stay signed in."""


async def running(request: Request) -> Deployment:
    """The deployment this service runs on, outside of any transaction."""
    found: Deployment = request.app.state.deployment
    return found


async def session(deployment: Annotated[Deployment, Depends(running)]) -> AsyncIterator[Session]:
    """One session in one transaction, committed once, before the answer leaves.

    The session is made here without a thread of its own, for it asks for a connection only when it is first used.
    """
    opened = deployment.sessions()
    try:
        yield opened
        if opened.in_transaction():
            await run_in_threadpool(opened.commit)
    finally:
        if opened.in_transaction():
            await run_in_threadpool(opened.rollback)
        opened.close()


# The function scope makes the commit happen before the response: a failed commit is then a 500, never a false 201.
SessionOf = Annotated[Session, Depends(session, scope="function")]


async def work(running: Annotated[Deployment, Depends(running)], session: SessionOf) -> Work:
    """The unit of work of a request."""
    return Work(session, running)


WorkOf = Annotated[Work, Depends(work, scope="function")]


@contextmanager
def ended_here(session: Session) -> Iterator[None]:
    """The request's transaction, committed when the block is left, in the thread that works on the request.

    For what takes a lock that other requests wait for: the edge commits in a thread of the pool, and there would be none
    left for it were all of them waiting for this lock.
    """
    with session.get_transaction() or session.begin():
        yield


async def received(request: Request) -> object:
    """The JSON document of a request as it was sent, before anything was read into it; None where it is none.

    What is wrong with it is told by whoever reads it: a dependency is asked even where the body is refused.
    """
    try:
        document: object = await request.json()
    except ValueError:
        return None
    return document


Received = Annotated[object, Depends(received)]


async def moment(request: Request) -> datetime.datetime:
    """This moment by the service's clock, for what expires."""
    told: datetime.datetime = request.app.state.clock()
    return told


MomentOf = Annotated[datetime.datetime, Depends(moment)]


async def shown_csrf(request: Request) -> str | None:
    """The token with which a write proves whose page sent it: the header, or a form's field."""
    if request.method in READING or shown_cookie(request, SESSION_COOKIE) is None:
        return None
    if CSRF_HEADER in request.headers:
        return request.headers[CSRF_HEADER]
    if request.headers.get("content-type", "").startswith(FORM):
        shown = (await request.form()).get(CSRF_FIELD)
        return shown if isinstance(shown, str) else None
    return None


def principal(
    request: Request, session: SessionOf, now: MomentOf, csrf: Annotated[str | None, Depends(shown_csrf)]
) -> Principal:
    """The caller: the bearer of a token, a signed-in account, a guest where there are guests, else nobody.

    Raises SignInNeeded for a token that does not stand, NotProven for a write by cookie without its token.
    """
    found = _bearer(request, session, now) or _visitor(request, session, now)
    if found is None:
        found = GUEST if guests_welcome(request) else NOBODY
    elif found.visit and request.method not in READING and not same_secret(csrf, found.visit.csrf):
        raise NotProven(msg("这次写入没有带上登录会话的校验码；请刷新页面后重试"), code="csrf")
    request.state.principal = found
    return found


def _bearer(request: Request, session: Session, now: datetime.datetime) -> Principal | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return None
    found = find_bearer(session, token_digest(token.strip()), now)
    if found is None:
        raise SignInNeeded(msg("这个令牌不存在、已过期或已被收回；请向管理员要新的令牌"))
    known = Principal(token_name(found.name), Role(found.role), hazards=EVERYTHING)
    day = now.astimezone(CHINA).date()
    if found.used_on != day and save_use(session, found.id, day):
        detail = {"address": request.client.host if request.client else "unknown"}
        record_audit(session, actor=known.name, action="use token", subject=f"token {found.id}", detail=detail)
    return known


def _visitor(request: Request, session: Session, now: datetime.datetime) -> Principal | None:
    cookie = shown_cookie(request, SESSION_COOKIE)
    if not cookie:
        return None
    found = sign_ins.find_visit(session, token_digest(cookie), now=now, idle=IDLE)
    if found is None or (found.account.demo and not guests_welcome(request)):
        return None
    if found.sign_in.last_seen_at <= now - SEEN_EVERY and request.url.path not in ASKED_BY_ITSELF:
        sign_ins.save_last_seen(session, found.sign_in.id, now)
    return recognise(found)


def recognise(found: sign_ins.StoredSignIn) -> Principal:
    """The person behind a sign-in."""
    account, sign_in = found.account, found.sign_in
    return Principal(
        name=account.username,
        role=Role(account.role),
        department=account.department,
        hazards=tuple(account.hazards),
        area=None if account.area is None else to_shape(account.area),
        visit=BrowserSession(sign_in.id, account.id, sign_in.csrf, account.display_name, account.must_change_password),
    )


principal.tells_who = True  # type: ignore[attr-defined]


def require(needed: Role, *also: Role) -> Callable[[Principal], Awaitable[Principal]]:
    """A dependency that lets through whoever covers ``needed``, or one of ``also``; its ``role`` is the first, for the route walk.

    Raises SignInNeeded where signing in could help, NotAllowed where it could not.
    """

    async def check(
        principal: Annotated[Principal, Depends(principal)], _: Annotated[None, Depends(legible)] = None
    ) -> Principal:
        if needed is not Role.PUBLIC and principal.visit and principal.visit.must_change_password:
            raise PasswordChangeNeeded(msg("一次性密码只能用来设置新密码；请先修改密码"))
        if any(principal.role.covers(role) for role in (needed, *also)):
            return principal
        if principal.is_guest:
            wanted = "" if needed is Role.VIEWER else msg("为 {role}", role=code_name("role", needed))
            raise SignInNeeded(
                msg("请先登录{wanted}；程序请用 Authorization: Bearer 令牌（anzhi token create 生成）", wanted=wanted)
            )
        needs, present = code_name("role", needed), code_name("role", principal.role)
        raise NotAllowed(msg("需要 {role} 角色，当前是 {present}", role=needs, present=present))

    check.role = needed  # type: ignore[attr-defined]
    return check


def door(_: Annotated[None, Depends(legible)]) -> None:
    """For the ways in, where nobody has proven anything yet: whoever the entrance let through may try.

    A sign-in slipped to somebody by a stranger's page would have them work under the stranger's name; the entrance
    turns such a page away as it does with every other write.
    """


door.role = Role.PUBLIC  # type: ignore[attr-defined]


async def allowance(
    request: Request,
    running: Annotated[Deployment, Depends(running)],
    principal: Annotated[Principal, Depends(principal)],
) -> Allowance:
    """Allowance of the request for input and use, by who asks."""
    return allow(principal.role, running.settings, getattr(request.state, ERRAND).left)


AllowanceOf = Annotated[Allowance, Depends(allowance)]

Anyone = Annotated[Principal, Depends(require(Role.PUBLIC))]
Viewer = Annotated[Principal, Depends(require(Role.VIEWER))]
Dispatcher = Annotated[Principal, Depends(require(Role.DISPATCHER))]
Officer = Annotated[Principal, Depends(require(Role.OFFICER))]
Importer = Annotated[Principal, Depends(require(Role.OFFICER, Role.DISPATCHER))]
"""Whoever loads files; which layers are theirs says ``Principal.may_load``."""
Admin = Annotated[Principal, Depends(require(Role.ADMIN))]
