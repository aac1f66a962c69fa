"""``/api/dispatch/desk``: what an open desk shows, asked again every second or two; ``…/position``: positions from telephones."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.dispatch.desk import desk_tag, tell_desk
from app.dispatch.incident_schemas import ShiftedSystem
from app.dispatch.report_schemas import DeskAnswer, PositionAnswer
from app.http.dependencies import Dispatcher, MomentOf, Viewer, WorkOf
from app.http.etags import unless_current
from app.http.geojson import SAME
from app.http.i18n import chosen_language
from app.platform.clock import CHINA
from app.platform.once import Once
from gis_layers.shifted import moved_m, straight
from gis_layers.stores.desk_state import read_desk_state

router = APIRouter(prefix="/api/dispatch", tags=["dispatch"])
# An act makes every open desk ask for the whole at once: it is told once for all of them.
_told: Once[tuple[str, str], bytes] = Once(8)


@router.get("/desk", response_model=DeskAnswer, responses={304: SAME})
def desk(request: Request, work: WorkOf, principal: Dispatcher, moment: MomentOf) -> Response:
    """Whose shift it is, what is under way and what asks to be looked at; 304 while none of it changed."""
    state = read_desk_state(work.session, moment)
    language = chosen_language(request)
    tag = desk_tag(state, moment.astimezone(CHINA).date(), language=language)

    def whole() -> bytes:
        return orjson.dumps(tell_desk(work, state, moment, language=language))

    def told() -> Response:
        return Response(_told.get((work.deployment.url, tag), whole), media_type="application/json")

    return unless_current(request, tag, told)


@router.get("/position")
def position(
    principal: Viewer,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
    system: Annotated[ShiftedSystem, Query(description="what the position was told in")],
) -> PositionAnswer:
    """A position as a map on a telephone gives it, brought back to CGCS2000; it says from what, and how far it moved."""
    east, north = straight(lon, lat, system)
    moved = moved_m((lon, lat), (east, north))
    return {"lon": round(east, 7), "lat": round(north, 7), "converted_from": system, "moved_m": round(moved, 1)}
