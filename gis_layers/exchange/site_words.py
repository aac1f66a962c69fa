"""The words people use for the class of a project and its seismic fortification."""

from __future__ import annotations

from gis_layers.exchange.tabular import plain
from risk_model.said import said
from risk_model.vocabulary import ProjectClass, SeismicClass

_SEISMIC = {"A": SeismicClass.A, "B": SeismicClass.B, "C": SeismicClass.C, "D": SeismicClass.D}
_SEISMIC_NAMES = {
    "特殊设防": SeismicClass.A,
    "重点设防": SeismicClass.B,
    "标准设防": SeismicClass.C,
    "适度设防": SeismicClass.D,
}


def read_project_class(value: object) -> str:
    """K1 to K7, alone or before its name (``K4 居住``). Raises ValueError."""
    word = plain(value).upper()[:2]
    if word not in set(ProjectClass):
        raise ValueError(said("不认识的项目类别：{value}（可用：{known}）", value=plain(value), known=[*ProjectClass]))
    return word


def read_seismic_class(value: object) -> str:
    """甲 乙 丙 丁, also 乙类, 重点设防类 or A to D (GB 50223-2008). Raises ValueError."""
    word = plain(value).upper().removesuffix("类")
    known = (
        _SEISMIC_NAMES.get(word) or _SEISMIC.get(word) or (SeismicClass(word) if word in set(SeismicClass) else None)
    )
    if known is None:
        raise ValueError(said("不认识的抗震设防类别：{value}（可用：甲、乙、丙、丁）", value=plain(value)))
    return known.value
