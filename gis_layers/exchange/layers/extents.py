"""Surveyed ground: where a delivery says something even by showing no zone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from gis_layers.crs import to_metric, to_storage
from gis_layers.errors import UnreadableFile
from gis_layers.exchange.checks.inspection import LINE
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.report import Delivery, ImportReport, Problem
from gis_layers.exchange.layers.areas import read_boundary
from gis_layers.geometry import keep_dimension
from risk_model.message import msg
from risk_model.shapes import as_array

_NO_GROUND = msg("线状图层自身没有调查范围，其余地方都会按「无资料」对待")


@dataclass(frozen=True, slots=True)
class SurveyExtent:
    """Surveyed ground: the zones' own (geometry None), the deployment's boundary, or a polygon file with its report."""

    kind: Literal["zones", "boundary", "file"]
    geometry: BaseGeometry | None = None
    report: ImportReport | None = None


def read_extent(path: Path | str, options: ReadingOptions) -> SurveyExtent:
    """Read what ``--extent`` says: ``zones``, ``boundary`` or the path of a polygon file; geometry in the storage CRS.

    Raises UnreadableFile where there is no boundary, or where any part of the file is refused: ground that was left
    out would be taken for not surveyed without anyone having said so.
    """
    if str(path) == "zones":
        return SurveyExtent("zones")
    if str(path) == "boundary":
        if options.boundary is None:
            raise UnreadableFile(msg("本部署还没有行政边界；请先导入，或给出一个面文件作为范围"))
        return SurveyExtent("boundary", options.boundary)
    report, delivery = _read_file(Path(path), replace(options, layer=None, fields={}, encoding=None))
    if report.features_refused or report.features_loaded == 0:
        reasons = "; ".join(f"{problem.feature}: {problem.problem}" for problem in report.problems[:5])
        raise UnreadableFile(
            msg("调查范围 {name} 不能直接使用（{reasons}）；请先修正", name=Path(path).name, reasons=reasons)
        )
    metric = to_metric(delivery.frame.geometry.to_numpy(), options.metric_crs)
    whole = to_storage(as_array([shapely.union_all(metric)]), options.metric_crs)[0]
    return SurveyExtent("file", keep_dimension(whole, 2), report)


def _read_file(path: Path, options: ReadingOptions) -> tuple[ImportReport, Delivery]:
    """Read the polygons; the CRS that was given for the zones counts only where this file declares none."""
    delivery = read_boundary(path, replace(options, crs=None))
    if delivery.report.crs is None and options.crs is not None:
        delivery = read_boundary(path, options)
    return delivery.report, delivery


def note_extent(delivery: Delivery, extent: SurveyExtent) -> Delivery:
    """Tell the officer where a layer of lines was given no surveyed ground."""
    lines = shapely.get_dimensions(delivery.frame.geometry.to_numpy()) == LINE
    if extent.kind != "zones" or not lines.any():
        return delivery
    problem = Problem(
        None, _NO_GROUND, None, msg("用 --extent 给出调查范围的面文件，或用 --extent boundary 指明为全辖区")
    )
    report = replace(delivery.report, problems=(problem, *delivery.report.problems))
    return replace(delivery, report=report)
