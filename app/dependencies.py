"""What routes ask for: a session in one transaction, the deployment, somebody with a role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.deployment import Deployment
from app.errors import NotAllowed, SignInNeeded
from app.security import GUEST, Principal, Role, token_digest
from gis_layers.stores.access import find_token


def deployment(request: Request) -> Deployment:
    """The deployment this service runs on."""
    found: Deployment = request.app.state.deployment
    return found


DeploymentOf = Annotated[Deployment, Depends(deployment)]


def session(deployment: DeploymentOf) -> Iterator[Session]:
    """One session in one transaction, committed once, before the answer leaves."""
    with deployment.sessions.begin() as opened:
        yield opened


# The function scope makes the commit happen before the response: a failed commit is then a 500, never a false 201.
SessionOf = Annotated[Session, Depends(session, scope="function")]


def principal(request: Request, session: SessionOf) -> Principal:
    """Who asks: the bearer of a token, else a guest where the deployment has guests.

    Raises SignInNeeded for nobody, or for a token that does not exist or was revoked.
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        found = find_token(session, token_digest(token.strip()))
        if found is None:
            raise SignInNeeded("这个令牌不存在或已被收回；请向管理员要新的令牌")
        return Principal(found.name, Role(found.role))
    if request.app.state.guests_welcome:
        return GUEST
    raise SignInNeeded("请先登录；程序请用 Authorization: Bearer 令牌（anzhi token create 生成）")


def require(needed: Role) -> Callable[[Principal], Principal]:
    """A dependency that lets through whoever covers ``needed``; its ``role`` says which, for the route walk."""

    def check(asking: Annotated[Principal, Depends(principal)]) -> Principal:
        if not asking.role.covers(needed):
            raise NotAllowed(f"需要 {needed.value} 角色，当前是 {asking.role.value}")
        return asking

    check.role = needed  # type: ignore[attr-defined]
    return check


Viewer = Annotated[Principal, Depends(require(Role.VIEWER))]
