"""The words people use for the class of a project and its seismic fortification."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis_layers.crs import to_metric
from gis_layers.exchange.checks.inspection import AREA
from gis_layers.exchange.delivery.report import Journal
from gis_layers.exchange.layers.attributes import Columns
from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.written import as_written
from risk_model.message import msg
from risk_model.vocabulary import SMALLEST_SITE_M2, Geometries, ProjectClass, SeismicClass

_CLASS = re.compile(
    r"(?P<word>K\d)(?![A-Z\d.])(?!\s*[,/、~—–至到或和及+&|;-]?\s*\d+\s*$)(?!\s*[,/、~—–至到或和及+&|;-]\s*\d)(?!.*K\s*\d).*",
    re.ASCII | re.DOTALL,
)
"""One class and, behind it, its name; not the beginning of K10, of K1-K3, of K1至K3, of K1、K3 or of K1（K2）."""
BUILDING_FIELDS = ("seismic_class", "building_type")
"""What a file may say of the building itself."""
PARTS = "parts"
"""Where the Feature of one check declares parts with a class of their own."""

_SEISMIC = {"A": SeismicClass.A, "B": SeismicClass.B, "C": SeismicClass.C, "D": SeismicClass.D}
_SEISMIC_NAMES = {
    "特殊设防": SeismicClass.A,
    "重点设防": SeismicClass.B,
    "标准设防": SeismicClass.C,
    "适度设防": SeismicClass.D,
}


def read_project_class(value: object) -> str:
    """K1 to K7, alone or before its name (``K4 居住``). Raises ValueError."""
    found = _CLASS.fullmatch(plain(value).upper())
    if found is None or found["word"] not in set(ProjectClass):
        raise ValueError(
            msg("不认识的项目类别：{value}（可用：{known}）", value=as_written(value), known=[*ProjectClass])
        )
    return found["word"]


def read_seismic_class(value: object) -> str:
    """甲 乙 丙 丁, also 乙类, 重点设防类 or A to D (GB 50223-2008). Raises ValueError."""
    word = plain(value).upper().removesuffix("类")
    known = (
        _SEISMIC_NAMES.get(word) or _SEISMIC.get(word) or (SeismicClass(word) if word in set(SeismicClass) else None)
    )
    if known is None:
        raise ValueError(msg("不认识的抗震设防类别：{value}（可用：甲、乙、丙、丁）", value=as_written(value)))
    return known.value


def _nothing_to_object(_class: ProjectClass, _seismic: SeismicClass | None, _kind: str | None) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Declarations:
    """Declarations on buildings in files: the words for building types with their keys, and who objects.

    ``trouble`` answers the field at fault and why, or None; ``default_class`` is that of sites that name none.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    trouble: Callable[[ProjectClass, SeismicClass | None, str | None], tuple[str, str] | None] = _nothing_to_object
    default_class: ProjectClass | None = None

    def read_building_type(self, value: object) -> str:
        """The key of a building type by its key or name. Raises ValueError."""
        known = self.words.get(plain(value)) or self.words.get(plain(value).lower())
        if known is None:
            raise ValueError(
                msg(
                    "不认识的建筑类型：{value}（可用：{known}）",
                    value=as_written(value),
                    known=list(dict.fromkeys(self.words.values())),
                )
            )
        return known

    def read(self, columns: Columns, project_class: Sequence[str | None]) -> dict[str, list[Any]]:
        """The columns ``seismic_class`` and ``building_type``, None where blank.

        Features whose declaration is not understood or objected to are refused.
        """
        seismic = columns.read_decisive("seismic_class", read_seismic_class)
        kinds = columns.read_decisive("building_type", self.read_building_type)
        said = functools.cache(self.trouble)  # a file says the same of most of its features
        for feature, (own, declared, kind) in enumerate(zip(project_class, seismic, kinds, strict=True)):
            asked = own or self.default_class
            if asked is None or feature in columns.journal.refused:
                continue
            trouble = said(ProjectClass(asked), SeismicClass(declared) if declared else None, kind)
            if trouble:
                advice = "补上“建筑类型”列，或改正抗震设防类别与项目类别后重新提交"
                columns.journal.refuse(feature, trouble[1], advice=advice)
        return {"seismic_class": seismic, "building_type": kinds}


def refuse_slips(geometries: Geometries, journal: Journal, *, metric_crs: str) -> None:
    """Refuse polygons (storage CRS) so small that nobody can have meant them as a site."""
    area_m2 = shapely.area(to_metric(geometries, metric_crs))
    slips = (shapely.get_dimensions(geometries) == AREA) & (area_m2 < SMALLEST_SITE_M2)
    for feature in np.flatnonzero(slips).tolist():
        journal.refuse(
            feature,
            msg("用地范围只有 {area} 平方米，像是误画", area=f"{area_m2[feature]:.3f}"),
            advice=msg("绘制项目实际占用的范围后重新提交"),
        )


def refuse_parts(attributes: pd.DataFrame, journal: Journal) -> None:
    """Refuse features that declare parts with a class of their own: who judges or keeps many sites judges each as one whole."""
    for column in attributes.columns:
        if str(column).strip().lower() != PARTS:
            continue
        for feature, value in enumerate(attributes[column].tolist()):
            if isinstance(value, str) and value.lstrip().startswith("[") and "project_class" in value:
                advice = msg("到选址页逐个筛查，或去掉分区后重新提交")
                journal.refuse(feature, msg("写有分区；文件中的地块只按一个整体读入"), advice=advice)


ANYTHING = Declarations()
"""No words for building types, and nothing is objected to."""
