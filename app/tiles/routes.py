"""``/tiles/{layer}/{z}/{x}/{y}.mvt``."""

from __future__ import annotations

import gzip
import hashlib

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.dependencies import SessionOf, Viewer
from app.errors import NotFound
from gis_layers.catalogue import ServedLayer, read_catalogue
from gis_layers.stores.editions import current_edition
from gis_layers.tiles import cut_tile, tile_exists

router = APIRouter(tags=["tiles"])
MVT = "application/vnd.mapbox-vector-tile"


@router.get("/tiles/{layer}/{z}/{x}/{y}.mvt")
def tile(layer: str, z: int, x: int, y: int, request: Request, session: SessionOf, asking: Viewer) -> Response:
    """One tile; 204 where nothing lies in it, 304 where the client has it already, 404 for an unknown layer."""
    served = read_catalogue().get(layer)
    if served is None:
        known = "、".join(read_catalogue())
        raise NotFound(f"没有图层 {layer}；可用的图层：{known}")
    if not tile_exists(z, x, y):
        raise NotFound(f"瓦片 {z}/{x}/{y} 不存在")
    known_tag = _edition_tag(session, served, (z, x, y))
    if known_tag is not None and known_tag == request.headers.get("if-none-match"):
        return Response(status_code=304, headers={"ETag": known_tag})
    content = cut_tile(session, served, z=z, x=x, y=y)
    headers = {"ETag": known_tag or _content_tag(content), "Cache-Control": "private, no-cache"}
    if not content:
        return Response(status_code=204, headers=headers)
    if headers["ETag"] == request.headers.get("if-none-match"):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        # Level 1 costs a fifth of the default and gives 7 % more bytes.
        return Response(
            gzip.compress(content, 1),
            media_type=MVT,
            headers={**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"},
        )
    return Response(content, media_type=MVT, headers={**headers, "Vary": "Accept-Encoding"})


def _edition_tag(session: Session, layer: ServedLayer, address: tuple[int, int, int]) -> str | None:
    if not layer.edition:
        return None
    edition = current_edition(session)
    state = "none" if edition is None else f"{edition.number}-{edition.fingerprint}"
    return _tag(f"{layer.name}/{address}/{state}".encode())


def _content_tag(content: bytes) -> str:
    return _tag(content)


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'
