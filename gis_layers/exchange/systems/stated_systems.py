"""Names of the coordinate systems files and people measured in, and whether numbers may be read as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pyproj import CRS

from gis_layers.crs import STORAGE_CRS, WGS84_CRS, describe, gauss_krueger_of, parse_crs, refuse_unsafe, same_place
from gis_layers.errors import UnknownCrs, UnsafeDatum
from gis_layers.exchange.text.plain_text import plain
from risk_model.message import Message, msg

_BLANKS = re.compile(r"[\s_\-.·'’()（）\[\]:：/]+")
_SHIFTED = re.compile(r"gcj|bd0?9|火星|高德|百度|腾讯|mars(?!h)|amap|baidu|tencent|国测局|加密坐标|偏移坐标")
_OLD = re.compile(
    r"^(?:c?80|p?54)$|xian|西安|beijing|北京|(?:19)?(?:80|54)年?(?:国家)?(?:大地)?坐标|国家(?:19)?80|80国家|新54|bj54|xa80"
    r"|krass?ov?w?sky|克拉索夫斯基|iag(?:19)?75"
)
_CHINA_2000 = re.compile(
    r"^2000$|cgcs|国家(?:大地)?(?:坐标系?)?2000|2000(?:中国|国家)|大地2000|china2000|chinageodetic|2000(?:大地)?坐标"
)
_WGS84 = re.compile(r"^84$|wgs(?:19)?84|worldgeodeticsystem(?:19)?84|世界大地坐标系?(?:19)?84|gps|crs84|84坐标")
_SAYS_NO_DATUM = re.compile(
    r"(?:经纬度?|地理|大地|平面|投影|直角|高斯|十进制|度分秒|lonlat|latlon|geographic|degrees?|度|米)?(?:坐标系?统?)?"
    r"|.*(?:高程|黄海).*|0|-?1"
)
_DATUM_BY_YEAR = frozenset({"2000", "84", "80", "54"})
_BY_CODE = re.compile(r"[:\[{+=]|^\d{4,6}(?:\.0)?$")
_MERIDIAN = re.compile(r"(?:中央(?:经线|子午线|经度)|cm)\D{0,6}(\d{2,3})(?!\d)")
_ZONE = re.compile(r"(?:zone|带号|第)\D{0,3}(\d{2})(?!\d)|(?<!\d)(\d{2})(?:号)?带")
_ONLY_NUMBER = re.compile(r"(?:epsg|srid)?[\s:=#]*(\d{4,6})(?:\.0)?", re.IGNORECASE)


class Kind(StrEnum):
    """Treatment allowed for coordinates of a stated system."""

    SYSTEM = "system"
    DATUM = "datum"
    SHIFTED = "shifted"
    OLD = "old"
    UNKNOWN = "unknown"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class StatedSystem:
    """A coordinate system as it was written; ``crs`` where the words name one (of a datum alone: its degrees)."""

    words: str
    kind: Kind
    crs: CRS | None = None
    meridian: int | None = None

    def trouble_with(self, read: CRS) -> Message | None:
        """Reason coordinates of which this is said cannot be read in ``read``; None where they can."""
        if self._agrees_with(read):
            return None
        match self.kind:
            case Kind.SHIFTED:
                return msg("坐标系写的是「{cell}」，不是 CGCS2000 或 WGS84", cell=self.words)
            case Kind.OLD:
                return msg(
                    "坐标系写的是「{cell}」，与 CGCS2000 基准不同，没有当地参数无法可靠转换，直接转换会偏移数十至上百米",
                    cell=self.words,
                )
            case Kind.UNKNOWN:
                return msg("坐标系写的是「{cell}」，不认识这个坐标系", cell=self.words)
        return msg("坐标系写的是「{cell}」，文件却按 {crs} 读取", cell=self.words, crs=describe(read))

    def _agrees_with(self, read: CRS) -> bool:
        match self.kind:
            case Kind.NOTHING:
                return True
            case Kind.DATUM:
                return self.meridian is None or read.is_geographic or self.meridian == _meridian_of(read)
            case Kind.SYSTEM:
                return self.crs is not None and same_place(self.crs, read)
        return False

    @property
    def advice(self) -> Message:
        """Advice on what to do."""
        if self.kind is Kind.OLD:
            return msg("向资料提供单位索取转换到 CGCS2000 的成果，或索取七参数后由测绘单位转换")
        if self.kind in (Kind.SHIFTED, Kind.UNKNOWN):
            return msg("转换为 CGCS2000 经纬度后重新导入；GCJ-02、BD-09 有百米以上的偏移")
        return msg("核实坐标系；确实不同的按坐标系分成几个文件，用 --crs 分别指明后导入")


@lru_cache(maxsize=1024)
def read_system(words: str) -> StatedSystem:
    """System that ``words`` state: a code, an address, WKT, a PROJ string, or a usual name of a system or datum."""
    text = plain(words)
    short = _BLANKS.sub("", text).lower()
    if _SHIFTED.search(short):
        return StatedSystem(words, Kind.SHIFTED)
    datum = next((code for said, code in ((_CHINA_2000, STORAGE_CRS), (_WGS84, WGS84_CRS)) if said.search(short)), None)
    by_code = _BY_CODE.search(text) is not None and short not in _DATUM_BY_YEAR
    named = text.isascii() and (datum is not None or _OLD.search(short) is not None)  # names are looked for at length
    crs = _system_of(text) if by_code or (named and short not in _DATUM_BY_YEAR) else None
    if crs is not None and (by_code or crs.is_projected or not datum):
        return StatedSystem(words, Kind.OLD if _is_unsafe(crs) else Kind.SYSTEM, crs)
    if _OLD.search(short):
        return StatedSystem(words, Kind.OLD)
    if datum:
        return StatedSystem(words, Kind.DATUM, parse_crs(datum), stated_meridian(short))
    return StatedSystem(words, Kind.NOTHING if _SAYS_NO_DATUM.fullmatch(short) else Kind.UNKNOWN)


def _system_of(text: str) -> CRS | None:
    number = _ONLY_NUMBER.fullmatch(text)
    try:
        return parse_crs(f"EPSG:{number[1]}" if number else text)
    except UnknownCrs:
        return None


def _is_unsafe(crs: CRS) -> bool:
    try:
        refuse_unsafe(crs)
    except UnsafeDatum:
        return True
    except UnknownCrs:
        return False
    return False


def _meridian_of(crs: CRS) -> int | None:
    zone = gauss_krueger_of(crs)
    return zone.central_meridian if zone else None


def stated_meridian(words: str) -> int | None:
    """The central meridian that is said with a datum: as such, or by the number of a zone (3° from 25, 6° below)."""
    short = _BLANKS.sub("", plain(words)).lower()
    meridian, zone = _MERIDIAN.search(short), _ZONE.search(short)
    if meridian:
        return int(meridian[1])
    number = int(zone[1] or zone[2]) if zone else 0
    return number * 3 if number >= 25 else number * 6 - 3 if number >= 13 else None
