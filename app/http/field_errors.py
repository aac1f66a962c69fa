"""Fields of a request that its schema refuses, in the words of the interface instead of those of the schema's library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from risk_model.message import Message, msg

SENTENCES: Final[Mapping[str, str]] = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项；请核对名称或去掉它",
    "json_invalid": "不是正确的 JSON（{error}）",
    "literal_error": "应为其中之一：{expected}",
    "enum": "应为其中之一：{expected}",
    "url_parsing": "不是完整的网址（{error}）",
    "url_scheme": "网址应以其中之一开头：{expected_schemes}",
    "union_tag_invalid": "类型应为其中之一：{expected_tags}",
    "union_tag_not_found": "缺少说明类型的 {discriminator}",
    "none_required": "应为空（null）",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "multiple_of": "应为 {multiple_of} 的整数倍",
    "finite_number": "应为有限的数",
    "string_too_short": "太短，至少 {min_length} 个字",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_pattern_mismatch": "写法不对，应符合 {pattern}",
    "too_short": "太少，至少 {min_length} 项，现有 {actual_length} 项",
    "too_long": "太多，最多 {max_length} 项",
    "string_type": "应为文字",
    "string_unicode": "应为文字（UTF-8）",
    "bytes_type": "应为文字或文件",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数太大",
    "int_from_float": "应为整数，不带小数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为是或否（true、false）",
    "bool_parsing": "应为是或否（true、false）",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "set_type": "应为列表",
    "dict_type": "应为对象，由名称和值组成",
    "model_type": "应为对象，由名称和值组成",
    "model_attributes_type": "应为对象，由名称和值组成",
    "date_type": "应为日期，例如 2026-01-31",
    "date_parsing": "应为日期，例如 2026-01-31",
    "date_from_datetime_parsing": "应为日期，例如 2026-01-31",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "date_past": "应为过去的日期",
    "date_future": "应为将来的日期",
    "time_type": "应为时刻，例如 08:30",
    "time_parsing": "应为时刻，例如 08:30",
    "datetime_type": "应为日期和时刻，例如 2026-01-31T08:30:00+08:00",
    "datetime_parsing": "应为日期和时刻，例如 2026-01-31T08:30:00+08:00",
    "datetime_from_date_parsing": "应为日期和时刻，例如 2026-01-31T08:30:00+08:00",
    "timezone_naive": "时刻要写明时区，例如 +08:00",
    "timezone_aware": "时刻要写明时区，例如 +08:00",
}
"""What is wrong with a field, by the kind of trouble the schema's library found; ``{names}`` are what it knows of it."""

UNNAMED: Final = "这个值不符合要求（{kind}）"
"""Of every other kind."""


def field_message(item: Mapping[str, Any]) -> Message:
    """Message of one trouble that pydantic found; what a validator of ours said stands in it as it was said."""
    kind, context = str(item["type"]), dict(item.get("ctx", {}))
    own = str(context.get("error", kind))
    if isinstance(own, Message):
        return own
    sentence = SENTENCES.get(kind)
    if sentence is None:
        return msg(UNNAMED, kind=own)
    return msg(sentence, **{name: _listed(value) for name, value in context.items()})


def _listed(value: object) -> object:
    """The words that may stand in a field, which pydantic joins in English, one by one."""
    return re.findall(r"'([^']*)'", value) or value if isinstance(value, str) and value.startswith("'") else value
