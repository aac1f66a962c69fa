"""Signing in, the first admin and one's own password as pages that also work without scripts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts.people import NewPerson
from app.accounts.schemas import DemoRole
from app.accounts.service import (
    Credentials,
    PasswordChange,
    SignInFailed,
    change_password,
    check_first_admin_link,
    make_first_admin,
    sign_in,
    sign_in_demo,
    sign_out,
)
from app.accounts.sign_in_cookies import (
    HOME,
    address_of,
    forget_sign_in,
    keep_sign_in,
    local_path,
    redirect_signed_in,
    with_wait,
)
from app.http.cookies import shown_cookie
from app.http.dependencies import Anyone, MomentOf, SessionOf, door
from app.http.guests import guests_welcome
from app.http.templates import render
from app.platform.errors import NotAllowed, NotFound, Refused, SignInNeeded, TooManyAttempts
from app.platform.principals import DEVICE_COOKIE, SESSION_COOKIE, Role
from gis_layers.stores.accounts import UsernameTaken
from risk_model.message import msg

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form(max_length=200)]
Next = Annotated[str, Form(max_length=2000)]


@router.get("/sign-in")
def sign_in_page(request: Request, principal: Anyone, next: str = HOME) -> Response:  # noqa: A002
    """The form; whoever is signed in already goes on."""
    if principal.visit is not None:
        return RedirectResponse(local_path(next), 303)
    return _sign_in_form(request, next)


@router.post("/sign-in", dependencies=[Depends(door)])
def enter(
    request: Request,
    session: SessionOf,
    now: MomentOf,
    username: Typed = "",
    password: Typed = "",
    next: Next = HOME,  # noqa: A002
) -> Response:
    """Sign in and go on to ``next``; else the form again, with the reason."""
    cookie, device = shown_cookie(request, SESSION_COOKIE), shown_cookie(request, DEVICE_COOKIE)
    typed = Credentials(username, password, address_of(request), cookie, device)
    outcome = sign_in(session, typed, now)
    if isinstance(outcome, SignInFailed):
        return _sign_in_form(request, next, username=username, refused=outcome)
    return redirect_signed_in(request, outcome, next)


@router.post("/sign-in/demo", dependencies=[Depends(door)])
def enter_demo(
    request: Request,
    session: SessionOf,
    now: MomentOf,
    role: Annotated[DemoRole, Form()],
    next: Next = HOME,  # noqa: A002
) -> Response:
    """Try a role in the synthetic township."""
    if not guests_welcome(request):
        raise NotAllowed(msg("这里不是演示部署，没有演示账号；请用自己的账号登录"))
    cookie, address = shown_cookie(request, SESSION_COOKIE), address_of(request)
    return redirect_signed_in(request, sign_in_demo(session, Role(role), cookie=cookie, address=address, now=now), next)


@router.post("/sign-out")
def leave(request: Request, session: SessionOf, principal: Anyone) -> Response:
    """Sign out and go to the beginning."""
    sign_out(session, principal)
    answer = RedirectResponse(HOME, 303)
    forget_sign_in(request, answer)
    return answer


@router.get("/account")
def account_page(request: Request, principal: Anyone) -> Response:
    """The signed-in account, and the form for a new password."""
    if principal.visit is None:
        raise SignInNeeded(msg("请先登录"))
    return render(request, "accounts/account.html", trouble="", field="", done=False)


@router.post("/account")
def renew_password(
    request: Request, session: SessionOf, now: MomentOf, principal: Anyone, current: Typed = "", password: Typed = ""
) -> Response:
    """Change one's own password."""
    if principal.visit is None:
        raise SignInNeeded(msg("请先登录"))
    typed = PasswordChange(current, password, address_of(request), shown_cookie(request, DEVICE_COOKIE))
    try:
        outcome = change_password(session, principal.visit, typed, now)
    except Refused as error:
        return _again(request, "accounts/account.html", error, done=False)
    if not isinstance(outcome, SignInFailed):
        answer = _go_on(request, first_time=principal.visit.must_change_password)
        keep_sign_in(request, answer, outcome)
        return answer
    answer = render(request, "accounts/account.html", trouble=outcome.detail, field="current", done=False)
    answer.status_code = NotAllowed.status if outcome.wait_s is None else TooManyAttempts.status
    return with_wait(answer, outcome.wait_s)


@router.get("/first-admin/{token}")
def first_admin_page(request: Request, session: SessionOf, now: MomentOf, principal: Anyone, token: str) -> Response:
    """The form where the first admin chooses a name and a password."""
    try:
        check_first_admin_link(session, token, now)
    except NotFound as error:
        answer = render(request, "accounts/closed.html", trouble=str(error))
        answer.status_code = NotFound.status
        return answer
    return _first_admin_form(request)


@router.post("/first-admin/{token}", dependencies=[Depends(door)])
def create_first_admin(
    request: Request,
    session: SessionOf,
    now: MomentOf,
    token: str,
    username: Typed = "",
    display_name: Typed = "",
    password: Typed = "",
) -> Response:
    """Make the first admin, sign them in, and close the link."""
    person = NewPerson(username, password, Role.ADMIN, display_name)
    try:
        made = make_first_admin(session, token, person, address=address_of(request), now=now)
    except (Refused, UsernameTaken) as error:
        return _first_admin_form(request, error, username=username, display_name=display_name)
    return redirect_signed_in(request, made, HOME)


def _sign_in_form(
    request: Request, wanted: str, *, username: str = "", refused: SignInFailed | None = None
) -> Response:
    answer = render(
        request,
        "accounts/sign_in.html",
        next=local_path(wanted),
        username=username,
        trouble=refused.detail if refused else "",
        wait_s=refused.wait_s if refused else None,
    )
    if refused is not None:
        answer.status_code = SignInNeeded.status if refused.wait_s is None else TooManyAttempts.status
        with_wait(answer, refused.wait_s)
    return answer


def _first_admin_form(request: Request, error: Exception | None = None, **typed: str) -> Response:
    values = {"username": "", "display_name": "", **typed}
    if error is None:
        return render(request, "accounts/first_admin.html", trouble="", field="", **values)
    return _again(request, "accounts/first_admin.html", error, **values)


def _again(request: Request, template: str, error: Exception, **values: object) -> Response:
    field = error.extra.get("field", "") if isinstance(error, Refused) else "username"
    answer = render(request, template, trouble=str(error), field=field, **values)
    answer.status_code = 422
    return answer


def _go_on(request: Request, *, first_time: bool) -> Response:
    if first_time:
        return RedirectResponse(HOME, 303)
    return render(request, "accounts/account.html", trouble="", field="", done=True)
