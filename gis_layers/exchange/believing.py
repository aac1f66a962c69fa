"""The CRS a file is read in, settled between what it declares, what the officer says and what its numbers look like."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from gis_layers.crs import (
    describe,
    gauss_krueger_of,
    parse_crs,
    refuse_unsafe,
    same_place,
)
from gis_layers.errors import UnsafeDatum
from gis_layers.exchange.options import ReadingOptions
from gis_layers.exchange.placing import (
    Guess,
    Points,
    centres_of,
    ground_of,
    guess_place,
    looks_like_degrees,
    reaching,
    told,
    vicinity_of,
)
from gis_layers.exchange.raw import RawLayer
from gis_layers.exchange.report import UntrustedFile
from risk_model.said import said

_HALF = 0.5
_ASK = said("向资料提供单位核实坐标系")


def settle_crs(raw: RawLayer, bounds: Points, options: ReadingOptions) -> CRS:
    """The CRS to read ``raw`` in. Raises UntrustedFile where it is missing, contradicted or beyond safe transformation."""
    asked = parse_crs(options.crs) if options.crs else None
    if raw.declared is None and asked is None:
        guess = guess_place(bounds, None, options)
        code = guess.crs if guess else "EPSG:…"
        raise UntrustedFile(
            "文件没有声明坐标系", said("{guess}；核实后用 --crs {code} 指明", guess=told(guess) or _ASK, code=code)
        )
    if asked is not None and raw.declared is not None and not raw.implied and not same_place(asked, raw.declared):
        raise UntrustedFile(
            said(
                "指定的坐标系 {asked} 与文件声明的 {declared} 矛盾",
                asked=describe(asked),
                declared=describe(raw.declared),
            ),
            said("{advice}；声明有误时先改正文件的声明（如 .prj），声明无误时去掉 --crs", advice=_ASK),
        )
    crs = asked if asked is not None else raw.declared
    assert crs is not None
    try:
        refuse_unsafe(crs)
    except UnsafeDatum as error:
        raise UntrustedFile(
            said("{crs} 与 CGCS2000 基准不同，没有当地参数无法可靠转换，直接转换会偏移数十至上百米", crs=describe(crs)),
            "向资料提供单位索取转换到 CGCS2000 的成果，或索取七参数后由测绘单位转换",
        ) from error
    return crs


def judge_coordinates(bounds: Points, crs: CRS, options: ReadingOptions) -> npt.NDArray[np.bool_]:
    """For each feature whether its coordinates are believable in ``crs`` (features without any are).

    Raises UntrustedFile where most are not, or where none lies near the deployment's boundary.
    """
    placed = np.isfinite(bounds).all(axis=1)
    right = ~placed | reaching(bounds, crs, ground_of(options))
    if placed.any() and right[placed].mean() < _HALF:
        raise _lying(bounds, crs, options)
    vicinity = vicinity_of(options)
    if vicinity and placed.any() and not reaching(bounds, crs, vicinity).any():
        raise _elsewhere(bounds, crs, options)
    return right


def _lying(bounds: Points, crs: CRS, options: ReadingOptions) -> UntrustedFile:
    guess = guess_place(bounds, crs, options)
    return UntrustedFile(_trouble(bounds, crs, guess), _advice(guess))


def _elsewhere(bounds: Points, crs: CRS, options: ReadingOptions) -> UntrustedFile:
    guess = guess_place(bounds, crs, options)
    return UntrustedFile(
        said("按 {crs} 读取，没有一个要素落在本辖区附近，坐标系或带号可能有误", crs=describe(crs)), _advice(guess)
    )


def _trouble(bounds: Points, crs: CRS, guess: Guess | None) -> str:
    declared, degrees = describe(crs), looks_like_degrees(centres_of(bounds))
    if crs.is_projected and degrees:
        return said("坐标系为投影坐标 {declared}，坐标值却是经纬度", declared=declared)
    if crs.is_geographic and not degrees:
        return said("坐标系为经纬度 {declared}，坐标值却像以米计的投影坐标", declared=declared)
    if guess and guess.swapped:
        return said("坐标两轴颠倒：{declared} 的横轴上是北坐标（纬度）", declared=declared)
    zone, other = gauss_krueger_of(crs), gauss_krueger_of(guess.crs) if guess else None
    if zone and other and zone != other:
        return said("东坐标的带号与坐标系 {declared} 不符", declared=declared)
    return said("按 {declared} 读取，坐标落在本系统所用地区之外", declared=declared)


def _advice(guess: Guess | None) -> str:
    if guess is None:
        return said("{advice}后重新导出", advice=_ASK)
    if guess.swapped:
        return said(
            "{guess}；核实后交换两轴重新导出（表格可用 --field lon=… --field lat=… 对调两列）", guess=told(guess)
        )
    return said(
        "{guess}；核实后用 --crs {crs} 导入，文件自带坐标系声明的先改正或去掉该声明", guess=told(guess), crs=guess.crs
    )
