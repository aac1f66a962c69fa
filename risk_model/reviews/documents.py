"""Documents of a gate: which it needs, which of them lack, whether two numbers name one letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from risk_model.message import Message
from risk_model.reviews.vocabulary import ReviewDocumentKind

BRACKETS: Final = {"Ps": "[", "Pe": "]"}
"""The year of a document number stands between tortoise-shell brackets; keyboards know others. By the category of the sign."""


@dataclass(frozen=True, slots=True)
class NeededDocument:
    """A kind of document a gate needs; ``required`` where no gate is approved without it.

    ``where`` says on which sites alone it is needed (empty: on all), ``basis`` what that rests on, ``confidence`` how sure that is.
    """

    kind: ReviewDocumentKind
    required: bool
    where: Message
    basis: Message
    confidence: str


def lacking(needed: Sequence[NeededDocument], kept: Collection[ReviewDocumentKind]) -> tuple[NeededDocument, ...]:
    """The documents a gate needs of which none of the kinds ``kept`` is one, in order."""
    return tuple(one for one in needed if one.kind not in kept)


def is_same_number(one: str, other: str) -> bool:
    """Whether two document numbers are one, however their brackets, widths and spaces are typed."""
    return _folded(one) == _folded(other)


def _folded(number: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", number).split())
    return "".join(BRACKETS.get(unicodedata.category(sign), sign) for sign in plain).casefold()
