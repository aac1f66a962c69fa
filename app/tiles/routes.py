"""``/tiles/{layer}/{z}/{x}/{y}.mvt``."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from app.http.dependencies import Viewer, WorkOf
from app.http.etags import unless_current
from app.http.geojson import SAME, made_of
from app.platform.errors import NotFound
from app.platform.etags import digest_tag
from app.platform.once import Once
from gis_layers.catalogue import ServedLayer, read_catalogue
from gis_layers.stores.editions import current_edition
from gis_layers.tiles import Cut, cut_tile, tile_exists
from risk_model.message import msg

router = APIRouter(tags=["tiles"])
MVT = "application/vnd.mapbox-vector-tile"
REMEMBERED_BYTES = 48_000_000

KEPT_BESIDE = 400
"""What a kept tile takes beside its bytes: most tiles are empty, and are not kept without end either."""


def weight_of(packed: bytes) -> int:
    """Bytes a kept tile takes."""
    return len(packed) + KEPT_BESIDE


_tiles: Once[tuple[str, str], bytes] = Once(REMEMBERED_BYTES, size_of=weight_of)


@dataclass(frozen=True, slots=True)
class Address:
    """Address of a tile: its layer, and of a layer with hazards which of them."""

    layer: ServedLayer
    cut: Cut


def address(
    layer: str,
    z: int,
    x: int,
    y: int,
    hazard: Annotated[str | None, Query(description="of zones only this hazard")] = None,
    product: Annotated[str | None, Query(description="of zones only this product")] = None,
) -> Address:
    """The tile a request names; NotFound where there is no such layer or tile."""
    served = read_catalogue().get(layer)
    if served is None:
        raise NotFound(msg("没有图层 {layer}；可用的图层：{known}", layer=layer, known=[*read_catalogue()]))
    if not tile_exists(z, x, y):
        raise NotFound(msg("瓦片 {z}/{x}/{y} 不存在", z=z, x=x, y=y))
    wanted = {"hazard": hazard, "product": product} if served.name == "zones" else {}
    return Address(served, Cut(z, x, y, tuple((name, value) for name, value in wanted.items() if value)))


@router.get(
    "/tiles/{layer}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={**made_of(MVT)["responses"], 204: {"description": "nothing lies in this tile"}, 304: SAME},
)
def tile(request: Request, work: WorkOf, principal: Viewer, address: Annotated[Address, Depends(address)]) -> Response:
    """One tile; 204 where nothing lies in it, 304 where the client has it already, 404 for an unknown layer."""
    tag = _edition_tag(work.session, address)
    if tag is None:
        packed = _packed(work.session, address)
        return unless_current(request, digest_tag(packed), lambda: _answer(request, packed))
    # What belongs to an edition is cut once and kept.
    key = work.deployment.url, tag
    cut = partial(_packed, work.session, address)
    return unless_current(request, tag, lambda: _answer(request, _tiles.get(key, cut)))


def _answer(request: Request, packed: bytes) -> Response:
    if not packed:
        return Response(status_code=204)
    headers = {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=MVT, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(packed), media_type=MVT, headers=headers)


def _packed(session: Session, address: Address) -> bytes:
    """The tile gzipped, empty where nothing lies in it."""
    content = cut_tile(session, address.layer, address.cut)
    # Level 1 costs a fifth of the default and gives 7 % more bytes; no date, so that equal tiles have equal bytes.
    return gzip.compress(content, 1, mtime=0) if content else b""


def _edition_tag(session: Session, address: Address) -> str | None:
    if not address.layer.edition:
        return None
    edition = current_edition(session)
    state = "none" if edition is None else f"{edition.number}-{edition.fingerprint}"
    return digest_tag(f"{address.layer.name}/{address.cut}/{state}".encode())
