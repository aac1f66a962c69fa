"""The words of secrecy as they stand in names, titles and metadata, and the levels they mean."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from gis_layers.exchange.delivery.handover import SECRECY_NAMES, Secrecy
from risk_model.codes import enumeration

_SIMPLE: Final = str.maketrans("祕機絕級內開資訊報", "秘机绝级内开资讯报")
"""What is written otherwise in traditional characters."""
_DENIED: Final = re.compile(
    r"(?:不涉及|不含有?|不属于|没有|无|非)(?:任何)?(?:国家)?(?:(?:秘密|机密|绝密)[、，,和及或]?)+(?:级|事项|信息|内容|数据|资料)?"
)
"""What says that there is no secret: 不涉及国家秘密."""
CHINESE_WORDS: Final = {str(SECRECY_NAMES[level]): level for level in reversed(Secrecy) if level.is_state_secret}
_ENGLISH: Final = (
    (re.compile(r"(?<![a-z])top[\W_]*secret(?![a-z])", re.IGNORECASE), Secrecy.TOP_SECRET),
    (re.compile(r"(?<![a-z])secret(?![a-z])", re.IGNORECASE), Secrecy.SECRET),
    (re.compile(r"(?<![a-z])confidential(?![a-z])", re.IGNORECASE), Secrecy.CONFIDENTIAL),
    (re.compile(r"classcationcd[^<>]*005|(?:密级|分级|class)[^<>]*>\s*005\s*<", re.IGNORECASE), Secrecy.TOP_SECRET),
    (re.compile(r"classcationcd[^<>]*004|(?:密级|分级|class)[^<>]*>\s*004\s*<", re.IGNORECASE), Secrecy.SECRET),
    (re.compile(r"classcationcd[^<>]*003|(?:密级|分级|class)[^<>]*>\s*003\s*<", re.IGNORECASE), Secrecy.CONFIDENTIAL),
)
_INTERNAL: Final = re.compile(r"内部(?:资料|使用|文件|数据|公开|发行)")
_ALONE: Final = enumeration("secrecy")
"""Whole values of an option, a form or a column 密级, with the codes of GB/T 19710."""
_HEADING: Final = re.compile(
    r"密级|保密级别|保密等级|涉密等级|涉密级别|涉密程度|定密|是否涉密|涉及国家秘密|secrecy|classification|security_?class|mi_?ji"
)
_MARK: Final = re.compile(r"(?:密级[:：]?)?(绝密|机密|秘密)级?(?:[★☆*].*)?")
"""A mark as it is stamped on papers: 机密★20年."""


def squeezed(text: str) -> str:
    """Text as it is searched: half-width, simplified, without blanks and signs that cannot be seen."""
    whole = unicodedata.normalize("NFKC", text)
    seen = "".join(
        letter for letter in whole if not letter.isspace() and unicodedata.category(letter) not in ("Cf", "Cc", "Mn")
    )
    return seen.translate(_SIMPLE)


def level_in(text: str) -> Secrecy | None:
    """The most secret level that a name, a title or metadata speaks of; what says that there is none counts as none."""
    seen = _DENIED.sub("", squeezed(text))
    for word, level in CHINESE_WORDS.items():
        if word in seen:
            return level
    found = next((level for pattern, level in _ENGLISH if pattern.search(unicodedata.normalize("NFKC", text))), None)
    return found or (Secrecy.INTERNAL if _INTERNAL.search(seen) else None)


def level_in_name(name: str) -> Secrecy | None:
    """The level a file's name speaks of: in names words are also parted by dots, dashes and underscores."""
    return level_in(name) or level_in(re.sub(r"[\W_]+", "", name))


def stamped_level(value: str) -> Secrecy | None:
    """The level of a cell that is a mark of secrecy and nothing else: 秘密, 机密★20年, 密级：绝密."""
    found = _MARK.fullmatch(squeezed(value))
    return CHINESE_WORDS[found[1]] if found else None


def named_level(value: str) -> Secrecy | None:
    """The level a whole word means; None for one that is none."""
    seen = squeezed(value).strip("级 ").lower()
    found = _ALONE.find(seen) or _ALONE.find(re.sub(r"[\W]+", "", seen))
    return Secrecy(found) if found else stamped_level(value)


def tells_secrecy(heading: str) -> bool:
    """Whether a column of this heading says how secret its rows are."""
    return _HEADING.search(squeezed(heading).lower()) is not None


_HINTS: Final = (
    "密", "\\u", "&#", "内部", "內部", "提供单位", "文号", "交接", "移交", "接收日期", "secre", "confid", "classif", "classcation",
    "security", "miji", "mi_ji", "provider", "document_number", "handed_over", "received_on",
)  # fmt: skip
_WIDE: Final = re.compile("[Ａ-ｚ]")


def may_speak(text: str) -> bool:
    """Whether a text is worth a closer look: without any of these letters it neither marks nor tells anything."""
    plain = text.lower()
    return any(hint in plain for hint in _HINTS) or (not text.isascii() and _WIDE.search(text) is not None)
