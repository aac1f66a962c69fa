"""The CRS a file is read in, settled between what it declares, what the officer says and what its numbers look like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from gis_layers.crs import (
    STORAGE_CRS,
    describe,
    gauss_krueger_of,
    parse_crs,
    refuse_unsafe,
    same_place,
)
from gis_layers.errors import UnknownCrs, UnsafeDatum
from gis_layers.exchange.checks.plausibility import (
    Guess,
    Points,
    centres_of,
    ground_of,
    guess_place,
    left_blank,
    looks_like_degrees,
    place_of,
    reaching,
    told,
    vicinity_of,
)
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.raw import RawLayer
from gis_layers.exchange.delivery.report import Journal, UntrustedFile
from gis_layers.exchange.systems.stated_systems import Kind, StatedSystem, read_system, stated_meridian
from risk_model.message import Message, msg

_ROUND = 360.0
_UNREADABLE = (Kind.UNKNOWN, Kind.NOTHING)
_LOCAL = "Engineering CRS"
_ASK = msg("向资料提供单位核实坐标系")


def resolve_crs(raw: RawLayer, bounds: Points, options: ReadingOptions) -> CRS:
    """The CRS to read ``raw`` in. Raises UntrustedFile where it is missing, contradicted or beyond safe transformation."""
    asked = _asked(options.crs) if options.crs else None
    raw = without_unusable(raw)
    stated = [read_system(words) for words in raw.stated]
    for system in stated:
        if system.kind in (Kind.SHIFTED, Kind.OLD):
            raise _foreign(system)
    if raw.declared is None and asked is None:
        raise _undeclared(raw.stated, guess_place(bounds, None, options))
    if asked is not None and raw.declared is not None and not raw.implied and not same_place(asked, raw.declared):
        raise UntrustedFile(
            msg(
                "指定的坐标系 {asked} 与文件声明的 {declared} 矛盾",
                asked=describe(asked),
                declared=describe(raw.declared),
            ),
            msg("{advice}；声明有误时先改正文件的声明（如 .prj），声明无误时去掉 --crs", advice=_ASK),
        )
    crs = asked if asked is not None else raw.declared
    assert crs is not None
    _refuse_old(crs)
    _refuse_misnamed(crs)
    for system in stated:
        trouble = system.trouble_with(crs)
        if trouble and not (system.kind in _UNREADABLE and asked is not None):
            raise UntrustedFile(trouble, system.advice)
    return crs


def note_systems(raw: RawLayer, crs: CRS, journal: Journal) -> None:
    """Tell of what was not simply read as it is declared: words replaced by ``--crs``, a datum shift that was computed."""
    for words in without_unusable(raw).stated:
        if read_system(words).kind in _UNREADABLE:
            note = msg("文件声明的坐标系「{words}」读不懂，按 --crs 指明的 {crs} 读取", words=words, crs=describe(crs))
            journal.note(None, note, advice=_ASK)
    if crs.is_bound:
        shifted = msg("按坐标系自带的参数由 {crs} 转换到 CGCS2000，精度取决于这组参数", crs=describe(crs))
        journal.note(None, shifted, advice=msg("核对参数的来源与适用范围"))


def _asked(words: str) -> CRS:
    """CRS the officer named. Raises UnknownCrs, and UntrustedFile for the usual names of what cannot be carried."""
    try:
        return parse_crs(words)
    except UnknownCrs:
        system = read_system(words)
        if system.kind in (Kind.SHIFTED, Kind.OLD):
            raise _foreign(system) from None
        if system.crs is None or system.meridian is not None:
            raise
        return system.crs


def _foreign(system: StatedSystem) -> UntrustedFile:
    trouble = system.trouble_with(parse_crs(STORAGE_CRS))
    assert trouble is not None
    return UntrustedFile(trouble, system.advice)


def _undeclared(stated: tuple[str, ...], guess: Guess | None) -> UntrustedFile:
    code = guess.crs if guess else "EPSG:…"
    advice = msg("{guess}；核实后用 --crs {code} 指明", guess=told(guess) or _ASK, code=code)
    listed = ", ".join(stated)
    if not stated:
        return UntrustedFile(msg("文件没有声明坐标系"), advice)
    if any(read_system(words).crs is not None for words in stated):
        return UntrustedFile(msg("文件对坐标系的说法前后不一：{words}", words=listed), advice)
    return UntrustedFile(msg("文件声明的坐标系「{words}」读不懂", words=listed), advice)


def without_unusable(raw: RawLayer) -> RawLayer:
    """The layer, with a declared CRS that nobody can compute left as the words it is."""
    if raw.declared is None:
        return raw
    try:
        refuse_unsafe(raw.declared)
    except UnsafeDatum:
        if raw.declared.type_name != _LOCAL:
            return raw
    except UnknownCrs:
        pass
    else:
        return raw
    return replace(raw, declared=None, implied=False, stated=(raw.declared.name, *raw.stated))


def _refuse_misnamed(crs: CRS) -> None:
    """Refuse a projection whose name tells of another central meridian than its parameters."""
    zone, named = gauss_krueger_of(crs), stated_meridian(crs.name)
    if zone and named and named != zone.central_meridian:
        raise UntrustedFile(
            msg("坐标系名为 {name}，参数里的中央经线却是 {meridian}°", name=crs.name, meridian=zone.central_meridian),
            msg("{advice}；声明有误时先改正文件的声明（如 .prj），声明无误时去掉 --crs", advice=_ASK),
        )


def _refuse_old(crs: CRS) -> None:
    try:
        refuse_unsafe(crs)
    except UnsafeDatum as error:
        raise UntrustedFile(
            msg("{crs} 与 CGCS2000 基准不同，没有当地参数无法可靠转换，直接转换会偏移数十至上百米", crs=describe(crs)),
            msg("向资料提供单位索取转换到 CGCS2000 的成果，或索取七参数后由测绘单位转换"),
        ) from error


def check_plausible(bounds: Points, crs: CRS, options: ReadingOptions) -> npt.NDArray[np.bool_]:
    """For each feature whether its coordinates are believable in ``crs`` (features without any are).

    Raises UntrustedFile where none is, or none lies near the deployment's boundary; those at (0, 0) were never filled in,
    and say nothing of the others.
    """
    present = np.isfinite(bounds).all(axis=1)
    placed = present & ~left_blank(bounds)
    right = ~present | reaching(bounds, crs, ground_of(options))
    if placed.any() and not right[placed].any():
        raise _lying(bounds[placed], crs, options)
    vicinity = vicinity_of(options)
    if vicinity and placed.any() and not reaching(bounds[placed], crs, vicinity).any():
        raise _elsewhere(bounds[placed], crs, options)
    return right


def why_elsewhere(feature: int, *, bounds: Points, crs: CRS, options: ReadingOptions) -> Message:
    """Reason one feature is not believed while its file is."""
    own = bounds[feature : feature + 1]
    if left_blank(own)[0]:
        return msg("坐标是 (0, 0)，像是没有填写")
    if crs.is_geographic and (np.abs(own) > _ROUND).any():
        return msg("坐标值像以米计的投影坐标，文件却按经纬度 {crs} 读取", crs=describe(crs))
    if crs.is_projected and (np.abs(own) <= _ROUND).all():
        return msg("坐标值像经纬度，文件却按投影坐标 {crs} 读取", crs=describe(crs))
    if reaching(own[:, [1, 0, 3, 2]], crs, vicinity_of(options) or ground_of(options))[0]:
        return msg("坐标落在本系统所用地区之外，像是两轴颠倒")
    return msg("坐标落在本系统所用地区之外")


def _lying(bounds: Points, crs: CRS, options: ReadingOptions) -> UntrustedFile:
    guess = guess_place(bounds, crs, options)
    return UntrustedFile(_trouble(bounds, crs, guess), _advice(guess))


def _elsewhere(bounds: Points, crs: CRS, options: ReadingOptions) -> UntrustedFile:
    guess = guess_place(bounds, crs, options)
    where = place_of(bounds, crs)
    trouble = (
        msg("按 {crs} 读取，没有一个要素落在本辖区附近，坐标系或带号可能有误", crs=describe(crs))
        if where is None
        else msg(
            "按 {crs} 读取，没有一个要素落在本辖区附近，而在经度 {lon}、纬度 {lat} 一带，坐标系或带号可能有误",
            crs=describe(crs), lon=where[0], lat=where[1],
        )
    )  # fmt: skip
    return UntrustedFile(trouble, _advice(guess))


def _trouble(bounds: Points, crs: CRS, guess: Guess | None) -> Message:
    declared, degrees = describe(crs), looks_like_degrees(centres_of(bounds))
    if crs.is_projected and degrees:
        return msg("坐标系为投影坐标 {declared}，坐标值却是经纬度", declared=declared)
    if crs.is_geographic and not degrees:
        return msg("坐标系为经纬度 {declared}，坐标值却像以米计的投影坐标", declared=declared)
    if guess and guess.swapped:
        return msg("坐标两轴颠倒：{declared} 的横轴上是北坐标（纬度）", declared=declared)
    zone, other = gauss_krueger_of(crs), gauss_krueger_of(guess.crs) if guess else None
    if zone and other and zone != other:
        return msg("东坐标的带号与坐标系 {declared} 不符", declared=declared)
    where = place_of(bounds, crs)
    if where is None:
        return msg("按 {declared} 读取，坐标落在本系统所用地区之外", declared=declared)
    return msg(
        "按 {declared} 读取，坐标落在本系统所用地区之外，在经度 {lon}、纬度 {lat} 一带",
        declared=declared, lon=where[0], lat=where[1],
    )  # fmt: skip


def _advice(guess: Guess | None) -> str:
    if guess is None:
        return msg("{advice}后重新导出", advice=_ASK)
    if guess.swapped:
        return msg(
            "{guess}；核实后交换两轴重新导出（表格可用 --field lon=… --field lat=… 对调两列）", guess=told(guess)
        )
    return msg(
        "{guess}；核实后用 --crs {crs} 导入，文件自带坐标系声明的先改正或去掉该声明", guess=told(guess), crs=guess.crs
    )
