"""``GET /health``: is the service whole."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import __version__
from app.dependencies import running
from app.deployment import Deployment
from gis_layers.database import is_silent, prompt_engine
from gis_layers.stores.editions import current_edition

router = APIRouter(tags=["health"])


@router.get("/health")
def health(deployment: Annotated[Deployment, Depends(running)]) -> JSONResponse:
    """200 with the current edition, 503 when the database is gone or frozen. Needs no role.

    The database is asked on a connection of its own, newly made, that waits for nobody else and at most two seconds.
    """
    database, edition = look_at_database(deployment)
    whole = database == "ok"
    told = {"status": "ok" if whole else "degraded", "database": database, "edition": edition, "version": __version__}
    return JSONResponse(told, 200 if whole else 503, {"Cache-Control": "no-store"})


def look_at_database(deployment: Deployment) -> tuple[str, int | None]:
    """``ok`` with the number of the current edition, ``gone``, or ``frozen`` where it is there and does not answer."""
    try:
        with Session(prompt_engine(deployment.sessions.kw["bind"].url)) as session:
            edition = current_edition(session)
    except SQLAlchemyError as trouble:
        return ("frozen" if is_silent(trouble) else "gone"), None
    return "ok", None if edition is None else edition.number
