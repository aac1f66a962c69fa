"""The hazard map as one file that opens from a disk, with no server and no network."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely
from branca.element import MacroElement
from folium.template import Template

from app.http.i18n import LANGUAGES, catalogue, told_codes, told_counts
from app.http.static_files import sheets_of
from app.http.templates import templates
from app.judgement.town_facts import TownFacts
from app.maps.embedding import TownMap, embed
from app.maps.legend import Legend
from app.maps.modules import flatten_modules
from app.maps.panel import layer_panel
from app.maps.relief_picture import inlined_relief
from app.platform.settings import STATIC
from gis_layers.crs import Bounds

STYLES = (
    "vendor/leaflet/leaflet.css",
    *(f"css/{name}.css" for bundle in ("frame", "with-map") for name in sheets_of(bundle)),
)
SIMPLIFIED_BY_DEGREES = 1e-5
"""About one metre: finer than any delivery scale, coarse enough to shrink the file."""
DECIMALS = 6
WITHOUT_PICTURES = re.compile(r"url\((?!data:)[^)]*\)")
WITH_HOST = re.compile(r"https?://(?!www\.w3\.org)")


@dataclass(frozen=True, slots=True)
class StandaloneView:
    """Contents of the file: ``overview`` as ``GET /api/overview`` answers it, ``layers`` as frames in degrees.

    ``layers``: ``zones`` (with ``hazard product grade_rank …``), ``unsurveyed`` (with ``hazard``), ``boundary``,
    ``villages``, ``roads``, ``water``; a missing one is simply not drawn. ``relief`` is the shaded relief as a PNG with
    its bounds; it is carried along where it is small enough.
    """

    legend: Legend
    overview: TownFacts
    bounds: Bounds
    layers: Mapping[str, gpd.GeoDataFrame]
    language: str = "zh"
    relief: tuple[bytes, Bounds] | None = None


class Attached(MacroElement):
    """Hands the map to the flattened modules in the same file."""

    _template = Template(
        "{% macro script(this, kwargs) %}attach({{ this._parent.get_name() }}, {{ this.options|tojson }});{% endmacro %}"
    )

    def __init__(self, options: Mapping[str, object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Attached"
        self.options = options


def draw_standalone(view: StandaloneView) -> str:
    """The whole HTML document: library, styles, our scripts, the layers, key, dates, rulebook and disclaimer."""
    drawn = TownMap("hazards", view.bounds)
    drawn.add_child(Attached({"legend": view.legend.as_options(), "overview": dict(view.overview)}))
    return render_single_file(
        SingleFile("standalone.html", "js/pages/standalone.js", STYLES, view.language),
        drawn,
        town=view.overview,
        legend=view.legend,
        panel=layer_panel(view.overview["layers"], view.legend),
        layers=carried_layers(view.layers, view.relief),
    )


@dataclass(frozen=True, slots=True)
class SingleFile:
    """Parts of a page in one file: its template, its module and styles (below static/), its language."""

    template: str
    module: str
    styles: tuple[str, ...]
    language: str


def render_single_file(file: SingleFile, drawn: TownMap, /, **context: object) -> str:
    """The HTML document of ``drawn`` with library, styles and scripts inside; ``layers`` of ``context`` are its data."""
    embedded = embed(drawn)
    return templates.get_template(file.template).render(
        language=file.language,
        html_language=LANGUAGES[file.language],
        messages=dict(catalogue(file.language)),
        counts_told=told_counts(file.language),
        codes_told=told_codes(file.language),
        styles=_styles(file.styles),
        library=_script("vendor/leaflet/leaflet.js"),
        appearance=_script("js/appearance.js"),
        modules=flatten_modules(STATIC / file.module),
        container=embedded.html,
        drawing=embedded.script,
        **context,
    )


def carried_layers(frames: Mapping[str, gpd.GeoDataFrame], relief: tuple[bytes, Bounds] | None) -> dict[str, object]:
    """Layers of the map as plain GeoJSON, and the shaded relief where it is small enough to be carried along."""
    layers = {name: orjson.loads(slim_geojson(frame)) for name, frame in frames.items()}
    picture = inlined_relief(relief[0]) if relief else None
    if relief and picture:
        layers["hillshade"] = {"url": picture, "bounds": relief[1]}
    return layers


def slim_geojson(frame: gpd.GeoDataFrame) -> bytes:
    """``frame`` as GeoJSON for the eye only: simplified by about a metre, six decimals, empty values left out."""
    lines_and_areas = shapely.simplify(frame.geometry.to_numpy(), SIMPLIFIED_BY_DEGREES)
    rounded = shapely.transform(lines_and_areas, lambda places: np.round(places, DECIMALS))
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    features = [
        {"type": "Feature", "properties": _filled(row), "geometry": orjson.Fragment(text)}
        for row, text in zip(rows, shapely.to_geojson(rounded), strict=True)
    ]
    return orjson.dumps(
        {"type": "FeatureCollection", "features": features}, default=str, option=orjson.OPT_SERIALIZE_NUMPY
    )


def _filled(row: Mapping[Hashable, Any]) -> dict[str, object]:
    return {str(name): value for name, value in row.items() if isinstance(value, list) or pd.notna(value)}


def _styles(names: tuple[str, ...]) -> str:
    texts = [(STATIC / name).read_text("utf-8") for name in names]
    return WITH_HOST.sub("", WITHOUT_PICTURES.sub("none", "\n".join(texts)))


def _script(name: str) -> str:
    return WITH_HOST.sub("", (STATIC / name).read_text("utf-8"))
