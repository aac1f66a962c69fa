"""``/api/chains``: what a published zone sets off."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.chains.schemas import ChainsAnswer
from app.chains.service import chains_of_zone
from app.http.dependencies import Viewer, WorkOf

router = APIRouter(prefix="/api", tags=["chains"])


@router.get("/chains")
def chains(
    work: WorkOf,
    principal: Viewer,
    zone: Annotated[int, Query(description="the number of a published zone")],
) -> ChainsAnswer:
    """Every chain that begins on a zone: path, lag in minutes, ground, who stands there, and ground nobody surveyed."""
    return chains_of_zone(work, zone)
