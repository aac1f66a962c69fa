"""Pictures of the basemap, kept whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis_layers.crs import Bounds
from gis_layers.tables.pictures import BasemapPicture


@dataclass(frozen=True, slots=True)
class PictureNote:
    """Note on a picture without its bytes; ``bounds`` are west, south, east, north in degrees."""

    name: str
    media_type: str
    digest: str
    bounds: Bounds
    width: int
    height: int
    synthetic: bool


def save_picture(
    session: Session, name: str, content: bytes, *, bounds: Bounds, size: tuple[int, int], synthetic: bool
) -> None:
    """Keep a PNG under ``name``, in place of the one before."""
    west, south, east, north = bounds
    picture = BasemapPicture(
        name=name,
        media_type="image/png",
        digest=hashlib.sha256(content).hexdigest(),
        west=west,
        south=south,
        east=east,
        north=north,
        width=size[0],
        height=size[1],
        synthetic=synthetic,
        content=content,
    )
    session.merge(picture)
    session.flush()


def find_picture(session: Session, name: str) -> PictureNote | None:
    """Note on a picture, or None where there is none."""
    picture = BasemapPicture
    columns = (
        picture.name, picture.media_type, picture.digest, picture.west, picture.south, picture.east, picture.north,
        picture.width, picture.height, picture.synthetic,
    )  # fmt: skip
    row = session.execute(select(*columns).where(picture.name == name)).one_or_none()
    if row is None:
        return None
    return PictureNote(row[0], row[1], row[2], (row[3], row[4], row[5], row[6]), row[7], row[8], row[9])


def read_picture(session: Session, name: str) -> bytes:
    """The bytes of a picture that exists."""
    return bytes(session.scalars(select(BasemapPicture.content).where(BasemapPicture.name == name)).one())
