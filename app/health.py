"""``GET /health``: is the service whole."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.dependencies import DeploymentOf
from gis_layers.stores.editions import current_edition

router = APIRouter(tags=["health"])


@router.get("/health")
def health(deployment: DeploymentOf) -> JSONResponse:
    """200 with the current edition, 503 when the database is gone. Needs no role."""
    try:
        with deployment.sessions() as session:
            edition = current_edition(session)
    except SQLAlchemyError:
        return JSONResponse(
            {"status": "degraded", "database": "gone", "edition": None, "version": __version__}, status_code=503
        )
    number = None if edition is None else edition.number
    return JSONResponse({"status": "ok", "database": "ok", "edition": number, "version": __version__})
