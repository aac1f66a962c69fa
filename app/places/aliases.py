"""Rules for aliases: a name people can say and type, and the words for what is none."""

from __future__ import annotations

import unicodedata

from app.platform.errors import BadParameter
from gis_layers.spelling import fold
from risk_model.message import msg

LONGEST = 100
"""As long as what can be typed into the search box."""

EMPTY = msg("请写一个名称；只有空格等于没有写")
TOO_LONG = msg("名称太长，最多 100 个字")
UNPRINTABLE = msg("名称里有换行或看不见的控制字符，请删去后重试；从文件里粘贴时常会带上它们")
NO_LETTERS = msg("名称里没有文字或数字，只有标点查不到任何地方")

_INVISIBLE = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])
"""Unicode categories; private and unassigned letters are left alone, since rare characters of names live there."""


def read_alias(typed: str, place_name: str) -> str:
    """``typed`` as it is kept: without space around it, single spaces inside.

    Raises BadParameter, naming the place and what to do, for what cannot be a name.
    """
    text = typed.strip()
    why = _trouble(text)
    if why:
        raise BadParameter(
            msg("没有给{place}登记别名：{reason}", place=place_name, reason=why),
            code="name",
            errors=[{"field": "alias", "message": why}],
        )
    return " ".join(text.split())


def _trouble(text: str) -> str | None:
    if not text:
        return EMPTY
    if len(text) > LONGEST:
        return TOO_LONG
    if any(unicodedata.category(letter) in _INVISIBLE for letter in text):
        return UNPRINTABLE
    return None if fold(text) else NO_LETTERS
