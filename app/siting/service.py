"""A site as it was handed in, made ready to be judged: read, placed, refused with the place of the mistake."""

from __future__ import annotations

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from app.http.request_geometry import locate, read_shape, refuse_other_crs
from app.judgement.screening import Reckoner
from app.platform.allowance import Allowance
from app.platform.errors import BadGeometry, BadParameter
from app.siting.part_schemas import SitePart
from app.siting.parts import naming, with_parts
from app.siting.schemas import SHAPES, SiteFeature, SiteProperties
from gis_layers.crs import same_place, to_metric
from gis_layers.geometry import examine
from risk_model.message import msg
from risk_model.rulebook.terms import SitingTerms
from risk_model.shapes import as_array
from risk_model.vocabulary import SMALLEST_SITE_M2, Site

AREA = 2


def read_site(feature: SiteFeature, metric_crs: str, allowed: Allowance) -> tuple[Site, bool]:
    """The site in the metric CRS and whether an accepted repair was applied.

    Raises BadGeometry with ``location`` (lon, lat) for an outline that is not valid, empty, or lies elsewhere, and
    TooIntricate for one that holds more than is ``allowed``.
    """
    refuse_other_crs(feature.geometry, feature.crs)
    drawn, asked = read_shape(feature.geometry, SHAPES, allowed.bounds), feature.properties
    placed = locate(drawn, feature.crs, metric_crs)
    geometry, repaired = _sound(placed, metric_crs, accept_repair=asked.accept_repair, reckoner=allowed.reckon)
    handed_in_metric = feature.crs is not None and same_place(feature.crs, metric_crs)
    metric = drawn if handed_in_metric and not repaired else to_metric(as_array([geometry]), metric_crs)[0]
    if 0 < shapely.area(metric) < SMALLEST_SITE_M2:
        place = list(shapely.get_coordinates(geometry)[0])
        raise BadGeometry(
            msg("用地范围只有 {area} 平方米，像是误画；请绘制项目实际占用的范围", area=f"{shapely.area(metric):.3f}"),
            location=place,
        )
    drawn_area = geometry if shapely.get_dimensions(geometry) == AREA else None
    site = Site(metric, asked.project_class, asked.seismic_class, asked.name, drawn_area, asked.building_type)
    if asked.parts is not None:
        site = with_parts(site, asked.parts, feature.crs, metric_crs, allowed)
    return site, repaired


def refuse_declaration(asked: SiteProperties, terms: SitingTerms) -> None:
    """Raises BadParameter, naming the field, for a building the standard does not let be declared so, or that it asks about."""
    _refuse_building(asked, terms, "")
    for number, part in enumerate(asked.parts or ()):
        with naming(part.name):
            _refuse_building(part, terms, f"parts.{number}.")


def _refuse_building(asked: SiteProperties | SitePart, terms: SitingTerms, within: str) -> None:
    if asked.building_type is not None and asked.building_type not in terms.building_types:
        known = [*terms.building_types]
        trouble = (
            "building_type",
            msg("不认识的建筑类型：{value}（可用：{known}）", value=asked.building_type, known=known),
        )
    else:
        found = terms.trouble_with_declaration(asked.project_class, asked.seismic_class, asked.building_type)
        if found is None:
            return
        trouble = found
    field, why = trouble
    raise BadParameter(why, code="rulebook-word", errors=[{"field": f"{within}{field}", "message": why}])


def _sound(
    geometry: BaseGeometry, metric_crs: str, *, accept_repair: bool, reckoner: Reckoner
) -> tuple[BaseGeometry, bool]:
    trouble, repair = reckoner(int(shapely.get_num_coordinates(geometry)), examine, geometry, metric_crs)
    if trouble is None:
        return geometry, False
    reason, place = trouble
    if repair is None:
        raise BadGeometry(msg("拟选址范围{reason}，且没有可用的修复；请重新绘制", reason=reason), location=list(place))
    if accept_repair:
        return repair.geometry, True
    proposal = {
        "geometry": mapping(repair.geometry),
        "area_before_m2": repair.area_before_m2,
        "area_after_m2": repair.area_after_m2,
    }
    advice = msg("拟选址范围{reason}；请改正后重交，或核对面积变化后接受所附的修复", reason=reason)
    raise BadGeometry(advice, location=list(place), repair=proposal)
