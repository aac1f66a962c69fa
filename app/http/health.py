"""``GET /health``: is the service whole."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app import __version__
from app.http.dependencies import running
from app.middleware.own_thread import AskedApart
from app.platform.deployment import Deployment, data_folders
from gis_layers.database import SchemaAhead, SchemaWatch, is_silent, prompt_engine
from gis_layers.disk import full_folders
from gis_layers.stores.editions import current_edition

router = APIRouter(tags=["health"])

PATIENCE_S: Final = 2.5
"""A little more than the two seconds in which the database answers or is taken for frozen."""
DEGRADED: Final = "the database is gone, frozen or migrated by a newer program; or the service is full"


class HealthAnswer(TypedDict):
    """Whether the service is whole; ``edition`` is the current one, null where none is or the database cannot tell."""

    status: Literal["ok", "degraded"]
    database: Literal["ok", "gone", "frozen", "migrated"]
    disk: Literal["ok", "full"]
    edition: int | None
    version: str


@router.get("/health", response_model=HealthAnswer, responses={503: {"model": HealthAnswer, "description": DEGRADED}})
async def health(request: Request, deployment: Annotated[Deployment, Depends(running)]) -> JSONResponse:
    """200 with the current edition, 503 when the database is gone, frozen, or migrated by a newer program. Needs no role.

    A disk with less than 200 MB left makes it degraded and no more: what is kept can still be read.

    The database is asked on a connection of its own, newly made, that waits for nobody else and at most two seconds,
    by a thread of its own; whoever asks meanwhile is given the same answer.
    """
    looking: AskedApart[tuple[str, int | None]] = request.app.state.looking
    try:
        database, edition = await looking.ask(partial(look_at_database, deployment), PATIENCE_S)
    except TimeoutError:
        database, edition = "frozen", None
    disk = "full" if full_folders(*data_folders(deployment.settings)) else "ok"
    told = {
        "status": "ok" if database == disk == "ok" else "degraded",
        "database": database,
        "disk": disk,
        "edition": edition,
        "version": __version__,
    }
    return JSONResponse(told, 200 if database == "ok" else 503, {"Cache-Control": "no-store"})


def look_at_database(deployment: Deployment) -> tuple[str, int | None]:
    """``ok`` with the number of the current edition, ``gone``, ``frozen`` (there and not answering), or ``migrated``."""
    try:
        with Session(prompt_engine(deployment.sessions.kw["bind"].url)) as session:
            SchemaWatch().look(session.connection())
            edition = current_edition(session)
    except SchemaAhead:
        return "migrated", None
    except SQLAlchemyError as trouble:
        return ("frozen" if is_silent(trouble) else "gone"), None
    return "ok", None if edition is None else edition.number
