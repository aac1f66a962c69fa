"""Parts of a site with a class of their own: read, refused with the name of the part, and told in the answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import orjson
import shapely

from app.http.geojson_shapes import Geometry
from app.http.request_geometry import locate, read_shape, refuse_excess, refuse_other_crs
from app.judgement.screening import CheckedSite, decisive_of
from app.platform.allowance import Allowance
from app.platform.errors import AnzhiError, BadGeometry, BadParameter
from app.siting.evidence_schemas import part_by_class
from app.siting.part_schemas import PART_SHAPES, PartAnswer, PartOfTheme, SitePart
from gis_layers.crs import same_place, to_metric, to_storage
from gis_layers.geometry import explain_invalid
from risk_model.message import msg
from risk_model.shapes import AREAL, as_array
from risk_model.siting.by_class import site_by_class_of
from risk_model.siting.parts import PartTrouble, examine_parts, grounds_in, without_strips
from risk_model.vocabulary import SMALLEST_SITE_M2, Opinion, Site


def with_parts(site: Site, declared: Sequence[SitePart], crs: str | None, metric_crs: str, allowed: Allowance) -> Site:
    """``site`` with the parts that are declared of it, and what they leave of its outline.

    Raises BadParameter for parts of one name; BadGeometry, naming the part, for one that is no valid polygon within the
    outline or overlaps another, and TooIntricate where they hold more than is ``allowed``.
    """
    _refuse_one_name(declared)
    if shapely.get_dimensions(site.geometry) != AREAL or site.drawn is None:
        raise BadGeometry(msg("只有面状的拟选址范围可以分区；请提交面，或去掉分区"), location=None)
    parts = [_read_part(part, crs, metric_crs, allowed) for part in declared]
    drawn = [part.drawn for part in parts]
    refuse_excess(
        shapely.GeometryCollection([one for each in drawn for one in shapely.get_parts(each)]), allowed.bounds
    )
    vertices = int(shapely.get_num_coordinates([site.geometry, *drawn]).sum())
    metric = [part.geometry for part in parts]
    trouble, left = allowed.reckon(vertices, examine_parts, site.geometry, metric, site.drawn, drawn)
    if trouble is not None:
        raise _refusal(trouble, [part.name for part in parts], metric_crs)
    return replace(site, parts=(*parts, *_rest(site, left, metric_crs)))


def _refuse_one_name(declared: Sequence[SitePart]) -> None:
    seen: set[str] = set()
    for number, part in enumerate(declared):
        key = unicodedata.normalize("NFKC", part.name).casefold()
        if key in seen:
            why = msg("两个分区都叫“{name}”；请给每个分区不同的名称", name=part.name)
            raise BadParameter(why, errors=[{"field": f"parts.{number}.name", "message": why}])
        seen.add(key)


def _read_part(part: SitePart, crs: str | None, metric_crs: str, allowed: Allowance) -> Site:
    with naming(part.name):
        refuse_other_crs(part.geometry, crs)
        given = read_shape(part.geometry, PART_SHAPES, allowed.bounds)
        drawn = locate(given, crs, metric_crs)
        wrong = explain_invalid(drawn)
        if wrong is not None:
            raise BadGeometry(msg("图形{reason}；请改正后重交", reason=wrong[0]), location=list(wrong[1]))
        in_metric = crs is not None and same_place(crs, metric_crs)
        metric = given if in_metric else to_metric(as_array([drawn]), metric_crs)[0]
        if shapely.area(metric) < SMALLEST_SITE_M2:
            place = list(shapely.get_coordinates(drawn)[0])
            raise BadGeometry(msg("占地不到 {least} 平方米；请绘制项目实际占用的范围", least=f"{SMALLEST_SITE_M2:g}"), location=place)  # fmt: skip
    return Site(metric, part.project_class, part.seismic_class, part.name, drawn, part.building_type)


@contextmanager
def naming(part: str) -> Iterator[None]:
    """What is refused within names the part it is refused for."""
    try:
        yield
    except AnzhiError as trouble:
        why = msg("分区“{name}”：{why}", name=part, why=trouble.args[0])
        raise type(trouble)(why, code=trouble.code, **trouble.extra) from trouble


def _refusal(trouble: PartTrouble, names: Sequence[str], metric_crs: str) -> BadGeometry:
    place = to_storage(shapely.points([trouble.place]), metric_crs)[0]
    where = [float(shapely.get_x(place)), float(shapely.get_y(place))]
    if trouble.kind == "outside":
        why = msg("分区“{name}”超出拟选址范围；分区须在范围以内", name=names[trouble.part])
    else:
        why = msg("分区“{name}”与“{other}”重叠；一块地只能属于一个分区", name=names[trouble.part], other=names[trouble.other])  # fmt: skip
    return BadGeometry(why, location=where)


def _rest(site: Site, left: Any, metric_crs: str) -> Iterator[Site]:
    """What the parts leave of the outline, by the class of the site; nothing where that is no more than how outlines are drawn."""
    drawn = shapely.get_parts(left)
    metric = without_strips(_sound(to_metric(drawn, metric_crs)))
    chosen = np.flatnonzero([len(grounds_in(one)) for one in metric])
    if len(chosen):
        pieces = shapely.multipolygons(np.concatenate([grounds_in(one) for one in metric[chosen]]))
        yield replace(site, geometry=pieces, name="", drawn=shapely.multipolygons(drawn[chosen]))


def _sound(metric: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Polygons whose spikes do not cross once they are placed: edges of parts that all but share a line leave such."""
    crossed = ~shapely.is_valid(metric)
    return np.where(crossed, shapely.make_valid(metric, method="structure", keep_collapsed=False), metric)


def part_answers(checked: CheckedSite, metric_crs: str) -> list[PartAnswer]:
    """The parts in their order, what they leave of the outline last."""
    varied = zip(checked.opinion.parts, site_by_class_of(checked.opinion), strict=True)
    return [{**_part(*part, metric_crs), "by_class": part_by_class(part[1], whole)} for part, whole in varied]


def _part(site: Site, opinion: Opinion, metric_crs: str) -> PartAnswer:
    drawn = site.drawn if site.drawn is not None else to_storage(as_array([site.geometry]), metric_crs)[0]
    return {
        "name": site.name or None,
        "project_class": site.project_class.value,
        "seismic_class": opinion.seismic_class.value,
        "building_type": site.building_type,
        "geometry": cast("Geometry", orjson.Fragment(shapely.to_geojson(drawn))),
        "area_m2": opinion.area_m2,
        "verdict": opinion.verdict.value,
        "borderline": opinion.borderline,
        "rules": sorted({finding.rule for finding in decisive_of(opinion) if finding.rule}),
        "data_gaps": list(opinion.data_gaps),
    }


def parts_of_theme(theme: str, opinion: Opinion) -> list[PartOfTheme]:
    """A theme on each part; parts it does not speak of are left out."""
    return [
        {
            "part": site.name or None,
            "status": report.status.value,
            "reason": report.reason,
            "reason_en": report.reason_en,
            "covered_share": report.covered_share,
            "reach_m": report.reach_m,
            "reach_share": report.reach_share,
            "mandatory": report.mandatory,
        }
        for site, judged in opinion.parts
        for report in judged.themes
        if report.theme == theme
    ]
