"""Layers as a map draws them: no finer than its screen shows, and not sent again to whoever has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import geopandas as gpd
import numpy as np
import shapely
from fastapi import Depends, Query, Request, Response

from app.http.etags import unless_current
from app.platform.etags import digest_tag


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a client draws what it asks for; ``decimals`` of a degree, None where it wants the shapes themselves."""

    request: Request
    decimals: int | None

    def thinned(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """``frame`` with shapes as fine as they are drawn: corners nobody could tell from a straight line are left out."""
        if self.decimals is None:
            return frame
        shapes = shapely.simplify(frame.geometry.to_numpy(), 10.0**-self.decimals / 2)
        rounded = shapely.transform(shapes, lambda corners: np.round(corners, self.decimals or 0))
        return frame.set_geometry(gpd.GeoSeries(rounded, index=frame.index, crs=frame.crs))

    def kept(self, answer: Response) -> Response:
        """``answer``; 304 where the client has it. By its content: edition, rules, registers and language are all in it."""
        if self.decimals is None:
            return answer
        found = unless_current(self.request, digest_tag(bytes(answer.body)), lambda: answer)
        found.headers["Vary"] = "Accept, Cookie"
        return found


def _drawing(
    request: Request,
    decimals: Annotated[
        int | None,
        Query(
            ge=4, le=7, description="only to draw it: corners rounded to so many decimals; such an answer has an ETag"
        ),
    ] = None,
) -> Drawing:
    return Drawing(request, decimals)


DrawingOf = Annotated[Drawing, Depends(_drawing)]
