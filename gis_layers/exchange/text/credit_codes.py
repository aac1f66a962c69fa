"""The unified social credit code of GB 32100-2015: eighteen characters, the last of which proves the others."""

from __future__ import annotations

import re

from gis_layers.exchange.text.plain_text import plain
from gis_layers.exchange.text.written import as_written
from risk_model.message import msg

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_SHAPE = re.compile(rf"[{_SIGNS}]{{17}}[{_SIGNS}]")
WITHOUT_LICENCE = ("无照", "无", "未办照", "无证照")


class UnprovenCode(ValueError):
    """A code of the right shape whose last sign does not prove the others."""

    code = "check-sign"


def check_sign(first: str) -> str:
    """The eighteenth character for the ``first`` seventeen (source: GB 32100-2015, modulus 31)."""
    total = sum(weight * _SIGNS.index(sign) for weight, sign in zip(WEIGHTS, first, strict=True))
    return _SIGNS[-total % 31]


def read_credit_code(value: object) -> str:
    """The code in half-width capitals. Raises ValueError where its shape is wrong, UnprovenCode where its check character is."""
    code = plain(value).upper().replace(" ", "")
    if not _SHAPE.fullmatch(code):
        raise ValueError(msg("不是 18 位统一社会信用代码（不用字母 I、O、S、V、Z）：{value}", value=as_written(value)))
    if check_sign(code[:17]) != code[17]:
        raise UnprovenCode(
            msg("统一社会信用代码的校验位不对：{code}（应以 {sign} 结尾）", code=code, sign=check_sign(code[:17]))
        )
    return code


def says_unlicensed(value: object) -> bool:
    """Whether a cell says that the enterprise has no licence, and so no code."""
    return plain(value) in WITHOUT_LICENCE
