"""Things said to people, kept with what they were made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from risk_model.message import as_plain, from_plain


class SaidJson(TypeDecorator[dict[str, Any]]):
    """A JSON document whose messages come back as they were said, so that they can be told in another language."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """The document with templates and values in the place of messages."""
        return as_plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """The document as it was handed in."""
        return from_plain(value)
