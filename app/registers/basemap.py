"""Background of the map: the shaded relief and the buildings."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from app.http.bbox import WindowOf
from app.http.dependencies import SessionOf, require
from app.http.etags import unless_current
from app.http.geojson import SAME, RouteOptions, answer_collection, collection_of, made_of
from app.platform.errors import NotFound
from app.platform.etags import etag_of
from app.platform.once import Once
from app.platform.principals import Role
from app.registers.schemas import OutlineProperties, ReliefAnswer
from gis_layers.raster import light_webp
from gis_layers.stores.pictures import PictureNote, find_picture, read_picture
from gis_layers.stores.town import light_buildings
from risk_model.message import msg

router = APIRouter(prefix="/api/basemap", tags=["basemap"], dependencies=[Depends(require(Role.VIEWER))])
HILLSHADE = "hillshade"
LIGHT_BYTES = 120_000
_light: Once[str, bytes | None] = Once(2)
NONE: RouteOptions = {"description": "no relief was loaded"}


@router.get(
    "/hillshade.png", response_class=Response, responses={**made_of("image/png")["responses"], 304: SAME, 404: NONE}
)
def hillshade_picture(request: Request, session: SessionOf) -> Response:
    """The relief as a picture; 304 where the client has it already."""
    note = _note(session)
    return unless_current(
        request,
        etag_of(note.digest[:32]),
        lambda: Response(read_picture(session, HILLSHADE), media_type=note.media_type),
    )


@router.get(
    "/hillshade.webp",
    response_class=Response,
    responses={**made_of("image/webp", "image/png")["responses"], 304: SAME, 404: NONE},
)
def light_hillshade(request: Request, session: SessionOf, v: str = "") -> Response:
    """The relief as light as a village line wants it; kept for good under the mark that ``/api/basemap/hillshade`` tells."""
    note = _note(session)
    tag = etag_of(note.digest[:32], "light")
    answer = unless_current(request, tag, lambda: _light_answer(session, note))
    if v == note.digest[:16]:
        answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@router.get("/hillshade", responses={404: NONE})
def hillshade(session: SessionOf) -> ReliefAnswer:
    """Place of the relief: ``bounds`` west, south, east, north in degrees, rows even in Web Mercator."""
    note = _note(session)
    return {
        "url": f"/api/basemap/hillshade.png?v={note.digest[:16]}",
        "bounds": list(note.bounds),
        "width": note.width,
        "height": note.height,
        "synthetic": note.synthetic,
    }


@router.get("/buildings", **collection_of(OutlineProperties))
def buildings(session: SessionOf, window: WindowOf) -> Response:
    """Outlines of buildings with ``floors``, for drawing; ``/api/buildings`` tells more of each."""
    return answer_collection(light_buildings(session, window))


def _light_answer(session: SessionOf, note: PictureNote) -> Response:
    """The relief made light; as it is kept where it cannot be read."""
    light = _light.get(note.digest, lambda: light_webp(read_picture(session, HILLSHADE), most_bytes=LIGHT_BYTES))
    if light is None:
        return Response(read_picture(session, HILLSHADE), media_type=note.media_type)
    return Response(light, media_type="image/webp")


def _note(session: SessionOf) -> PictureNote:
    note = find_picture(session, HILLSHADE)
    if note is None:
        raise NotFound(msg("没有地形晕渲图：本部署没有载入高程资料"))
    return note
