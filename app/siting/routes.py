"""``/api/siting`` and the rules in force."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Response

from app.clock import today
from app.dependencies import DeploymentOf, SessionOf, Viewer
from app.screening import check_site
from app.siting.schemas import CheckAnswer, SiteFeature, check_answer
from app.siting.service import read_site

router = APIRouter(prefix="/api", tags=["siting"])


@router.post("/siting/check", response_model=CheckAnswer)
def check(feature: SiteFeature, session: SessionOf, deployment: DeploymentOf, asking: Viewer) -> Response:
    """Judge one site against the published edition; nothing is stored."""
    site, repaired = read_site(feature, deployment.settings.metric_crs)
    checked = check_site(session, deployment, site, on=today(), repaired=repaired)
    return Response(orjson.dumps(check_answer(checked)), media_type="application/json")


@router.get("/rulebook")
def rulebook(deployment: DeploymentOf, asking: Viewer) -> dict[str, Any]:
    """The rules in force, with basis, validity and fingerprint."""
    return deployment.rulebook.as_document()
