"""``/api/session``: signing in and out by programs and by the page's own scripts."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from app.accounts.schemas import DemoForm, PasswordForm, SignInForm, WhoAmI, describe
from app.accounts.service import (
    Credentials,
    PasswordChange,
    SignedIn,
    SignInFailed,
    change_password,
    sign_in,
    sign_in_demo,
    sign_out,
)
from app.accounts.sign_in_cookies import address_of, forget_sign_in, keep_device, keep_sign_in, with_wait
from app.http.cookies import shown_cookie
from app.http.dependencies import Anyone, MomentOf, SessionOf, door, recognise
from app.http.guests import guests_welcome
from app.http.problems import problem
from app.platform.errors import NotAllowed, SignInNeeded, TooManyAttempts
from app.platform.principals import DEVICE_COOKIE, SESSION_COOKIE, Role
from risk_model.message import msg

router = APIRouter(prefix="/api/session", tags=["session"])


@router.post("", response_model=WhoAmI, dependencies=[Depends(door)])
def enter(form: SignInForm, request: Request, session: SessionOf, now: MomentOf) -> Response:
    """Sign in: sets the cookie and answers who that is, with the ``csrf`` token for writes."""
    typed = Credentials(
        form.username,
        form.password.get_secret_value(),
        address_of(request),
        shown_cookie(request, SESSION_COOKIE),
        shown_cookie(request, DEVICE_COOKIE),
    )
    outcome = sign_in(session, typed, now)
    return _turned_away(request, outcome) if isinstance(outcome, SignInFailed) else _let_in(request, outcome)


@router.post("/demo", response_model=WhoAmI, dependencies=[Depends(door)])
def enter_demo(form: DemoForm, request: Request, session: SessionOf, now: MomentOf) -> Response:
    """Try a role in the synthetic township; a real deployment has no such accounts."""
    if not guests_welcome(request):
        raise NotAllowed(msg("这里不是演示部署，没有演示账号；请用自己的账号登录"))
    cookie, address = shown_cookie(request, SESSION_COOKIE), address_of(request)
    return _let_in(request, sign_in_demo(session, Role(form.role), cookie=cookie, address=address, now=now))


@router.get("")
def who_am_i(principal: Anyone) -> WhoAmI:
    """The caller: an account, a token, or a guest where there are guests."""
    if principal.role is Role.PUBLIC:
        raise SignInNeeded(msg("当前没有登录"))
    return describe(principal)


@router.delete("", status_code=204)
def leave(request: Request, session: SessionOf, principal: Anyone) -> Response:
    """Sign out."""
    sign_out(session, principal)
    answer = Response(status_code=204)
    forget_sign_in(request, answer)
    return answer


@router.post("/password", status_code=204)
def renew_password(
    form: PasswordForm, request: Request, session: SessionOf, now: MomentOf, principal: Anyone
) -> Response:
    """Change one's own password; every other browser of the account is signed out."""
    if principal.visit is None:
        raise SignInNeeded(msg("请先用自己的账号登录"))
    current, new = form.current.get_secret_value(), form.password.get_secret_value()
    typed = PasswordChange(current, new, address_of(request), shown_cookie(request, DEVICE_COOKIE))
    outcome = change_password(session, principal.visit, typed, now)
    if isinstance(outcome, SignInFailed):
        return _turned_away(request, outcome, status=403)
    answer = Response(status_code=204)
    keep_sign_in(request, answer, outcome)
    return answer


def _let_in(request: Request, outcome: SignedIn) -> Response:
    answer = JSONResponse(describe(recognise(outcome.found)).model_dump())
    keep_sign_in(request, answer, outcome.cookie)
    keep_device(request, answer, outcome.device)
    return answer


def _turned_away(request: Request, refused: SignInFailed, status: int = 401) -> Response:
    """Answered, not raised, so that the count of failures is committed with it."""
    if refused.wait_s is not None:
        told = problem(
            request, TooManyAttempts.status, TooManyAttempts.title, refused.detail, code=TooManyAttempts.code
        )
        return with_wait(told, refused.wait_s)
    if status == SignInNeeded.status:
        return problem(request, status, SignInNeeded.title, refused.detail, code="credentials")
    return problem(request, status, NotAllowed.title, refused.detail, code="password-wrong")
