"""``/api/roads``: the network of roads itself, and whether it hangs together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from app.dispatch.connectivity import connectivity
from app.dispatch.connectivity_schemas import ConnectivityAnswer
from app.http.dependencies import Viewer, WorkOf

router = APIRouter(prefix="/api/roads", tags=["dispatch"])


@router.get("/connectivity")
def connected(
    work: WorkOf,
    principal: Viewer,
    limit: Annotated[int, Query(ge=1, le=1000, description="how many of each kind are drawn")] = 200,
) -> ConnectivityAnswer:
    """Where the network keeps drivers from each other: islands, one-way traps, ends that stop short, motorways nobody enters.

    Stations and forces no road is near are told as well. The version is that of ``/api/dispatch/nearest``.
    """
    return connectivity(work, limit)
