"""Frames as the API shows them: items with their geometry, or a FeatureCollection."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from shapely.geometry.base import BaseGeometry

from app.http.geojson_shapes import FeatureCollection, geometry_of
from app.http.pagination import Page, listing
from app.platform.errands import ROWS, heed, reckon
from app.platform.etags import etag_of

GEOJSON = "application/geo+json"
CREATED = 201
RouteOptions: TypeAlias = dict[str, Any]
"""Options of a route, as the framework takes them."""
Responses: TypeAlias = dict[int | str, RouteOptions]
A_COLLECTION = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": {"type": "object"}}},
}
LISTED: Responses = {200: {"content": {GEOJSON: {"schema": A_COLLECTION}}}}
"""For routes that answer a list, or a FeatureCollection to whoever accepts that: its features are described from the items."""
SAME = {"description": "the client has it already"}
DRAWN: Responses = {**LISTED, 304: SAME}
"""The same for routes whose answers may be drawn and kept (``app.http.drawn_layers``)."""
COLLECTED: RouteOptions = {"response_class": Response, "responses": LISTED}

Shape: TypeAlias = orjson.Fragment | Mapping[str, Any]
"""A geometry as GeoJSON, ready to be written."""
Row: TypeAlias = dict[str, Any]
"""A row of a frame as plain values; which columns it has, the schema of its answer says."""


class GeoJsonResponse(JSONResponse):
    """An answer that is GeoJSON whatever is accepted."""

    media_type = GEOJSON


def collection_of(properties: object) -> RouteOptions:
    """For routes that answer a FeatureCollection of such ``properties``, whatever is accepted."""
    return {"response_class": GeoJsonResponse, "response_model": FeatureCollection[properties]}  # type: ignore[valid-type]


def made_of(*media: str) -> RouteOptions:
    """For routes that answer a file of one of these media types."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media}
    return {"response_class": Response, "responses": {200: {"content": content}}}


def wants_geojson(request: Request) -> bool:
    """Whether the client asked for a FeatureCollection."""
    return GEOJSON in request.headers.get("accept", "")


def answer_list(request: Request, frame: gpd.GeoDataFrame, *, total: int, page: Page) -> Response:
    """A list of map objects: items with ``geometry``, or a FeatureCollection where the client accepts that.

    ``frame`` needs a column ``id``.
    """
    shapes = [orjson.Fragment(text) for text in shapely.to_geojson(frame.geometry.to_numpy())]
    return answer_items(request, plain_rows(frame), shapes, total=total, page=page)


def answer_items(request: Request, rows: Sequence[Row], shapes: Sequence[Shape], *, total: int, page: Page) -> Response:
    """The same of parallel rows, each with an ``id``, and geometries."""
    if wants_geojson(request):
        return geojson(rows, shapes)
    items = [{**row, "geometry": shape} for row, shape in zip(rows, shapes, strict=True)]
    return Response(orjson.dumps(listing(request, items, total=total, page=page)), media_type="application/json")


def answer_entry(row: Row, shape: BaseGeometry, address: str, *, status: int = 200) -> Response:
    """One entry of a register with its geometry and the tag of its ``version``; where it was made, its ``address``."""
    headers = {"ETag": etag_of(row["version"])} | ({"Location": address} if status == CREATED else {})
    content = orjson.dumps({**row, "geometry": geometry_of(shape)})
    return Response(content, status, headers, media_type="application/json")


def answer_collection(frame: gpd.GeoDataFrame) -> Response:
    """The whole of ``frame`` as a FeatureCollection."""
    return Response(reckon(len(frame) // ROWS, collected, frame), media_type=GEOJSON)


def collected(frame: gpd.GeoDataFrame) -> bytes:
    """The whole of ``frame`` as the text of a FeatureCollection."""
    shapes = [orjson.Fragment(text) for text in shapely.to_geojson(frame.geometry.to_numpy())]
    return _collection(plain_rows(frame), shapes)


def geojson(rows: Sequence[Row], shapes: Sequence[Shape]) -> Response:
    """A FeatureCollection of parallel rows and geometries."""
    heed()
    return Response(_collection(rows, shapes), media_type=GEOJSON)


def _collection(rows: Sequence[Row], shapes: Sequence[Shape]) -> bytes:
    features = [
        {"type": "Feature", "id": row.get("id"), "properties": row, "geometry": shape}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def plain_rows(frame: gpd.GeoDataFrame) -> list[Row]:
    """The columns but the geometry as plain values: NaN and NaT as None, dates as ISO text."""
    columns = {
        name: [_plain(value) for value in frame[name].tolist()] for name in frame.columns if name != frame.geometry.name
    }
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def accepted(job: Mapping[str, Any]) -> Response:
    """202: work was ordered; the job, and where to look after it."""
    headers = {"Location": str(job["links"]["self"])}
    return Response(orjson.dumps(job), 202, headers, media_type="application/json")


def _plain(value: object) -> object:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.item() if isinstance(value, np.generic) else value
