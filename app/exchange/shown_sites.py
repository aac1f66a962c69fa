"""The sites of a bulk check as its page shows them and its reports are printed from: the most severe first, as GeoJSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import orjson
import shapely

from gis_layers.exchange import Provenance
from risk_model.vocabulary import Verdict

MOST_SITES: Final = 2_000
MOST_VERTICES: Final = 200_000
"""Whoever looks at more takes the files away."""
SHOWN: Final = ("site", "name", "project_class", "seismic_class", "building_type", "verdict", "borderline", "data_gaps")


def shown_sites(sites: gpd.GeoDataFrame, provenance: Provenance) -> bytes:
    """A FeatureCollection of the most severe ``sites`` in lon, lat with the columns ``SHOWN``.

    ``left_out`` counts the others, ``about`` says what the verdicts rest on.
    """
    severity = sites["verdict"].map({verdict.value: verdict.severity for verdict in Verdict}).to_numpy(dtype=int)
    gravest = np.argsort(-severity, kind="stable")[:MOST_SITES]
    vertices = np.cumsum(shapely.get_num_coordinates(sites.geometry.to_numpy()[gravest]))
    kept = gravest[: max(1, int(np.searchsorted(vertices, MOST_VERTICES, side="right")))]
    rows = sites.iloc[kept][[*SHOWN]].to_dict("records")
    shapes = shapely.to_geojson(sites.geometry.to_numpy()[kept])
    features = [
        {"type": "Feature", "geometry": orjson.Fragment(shape), "properties": _told(row)}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    collection = {"type": "FeatureCollection", "left_out": len(sites) - len(kept), "features": features}
    collection["about"] = dict(provenance)
    return orjson.dumps(collection, option=orjson.OPT_SERIALIZE_NUMPY)


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row with null for what was not said."""
    return {name: None if isinstance(value, float) and np.isnan(value) else value for name, value in row.items()}
