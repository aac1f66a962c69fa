"""Encoding of the text of a file, decided from its bytes and not from what it claims."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass

from gis_layers.errors import UnreadableFile
from gis_layers.exchange.text.dbf import LANGUAGES, WESTERN
from risk_model.message import msg

UTF8 = "UTF-8"
GB18030 = "GB18030"
_GB_FAMILY = frozenset({"gb2312", "gbk", "gb18030", "hz"})
_SINGLE_BYTE = re.compile(r"iso8859|cp125|latin|ascii")
_SPELT = {
    "utf8": "utf-8", "65001": "utf-8", "gb18030": "gb18030", "54936": "gb18030", "gbk": "gbk", "gb2312": "gbk", "euccn": "gbk",
    "936": "gbk", "88591": "iso8859-1",
}  # fmt: skip
"""Encodings by what stands in any spelling of them: ``UTF_8;``, ``MS936``, ``Simplified Chinese (GB2312)``, ``ANSI 936``."""
_COMMON_LEADS = range(0xB0, 0xD8)  # GB 2312, first level: the 3 755 characters of everyday use
_FIRST_TRAIL = 0xA1
_MOSTLY = 0.5
_DAMAGED = 0.8
_ENOUGH = 5
_PLAIN = rb".xn--mnchen-3ya.a,B;1 \u0041=+" + bytes(range(0x30, 0x5B)) * 2


@dataclass(frozen=True, slots=True)
class RawText:
    """Bytes of one value; ``full`` where they fill their field, so that the last character may have been cut."""

    content: bytes
    full: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims about a file's encoding: by the officer, by its .cpg, by its language byte; and where we are."""

    wanted: str | None = None
    declared: str | None = None
    language: int = 0
    in_china: bool = True


@dataclass(frozen=True, slots=True)
class Decided:
    """The encoding to read with (None: undecidable) and what has to be told about it."""

    name: str | None
    note: str | None = None


def decide_encoding(texts: Collection[RawText], claims: Claims) -> Decided:
    """Decide the encoding of ``texts`` (values with bytes beyond ASCII): the officer's word, the file's, the bytes'.

    Raises UnreadableFile where the officer names an encoding that does not exist.
    """
    if claims.wanted:
        wanted = known_name(claims.wanted)
        if wanted is None:
            raise UnreadableFile(msg("「{wanted}」不是文字编码；请试 GB18030 或 UTF-8", wanted=claims.wanted))
        return Decided(wanted)
    declared = _claimed(claims)
    if not texts:
        return Decided(declared or UTF8)
    if declared and _share(texts, declared) == 1 and not _contradicted(texts, declared, in_china=claims.in_china):
        return Decided(declared)
    found = _by_the_bytes(texts)
    if found and claims.declared and not known_name(claims.declared):
        return Decided(
            found,
            msg(
                "不认识文件声明的文字编码「{declared}」；已按内容当作 {found} 读取",
                declared=claims.declared,
                found=found,
            ),
        )
    if found is None or declared is None or found == declared:
        return Decided(found)
    return Decided(
        found,
        msg("文件声明的文字编码是 {declared}，内容却是 {found}；已按 {found} 读取", declared=declared, found=found),
    )


def decode(text: RawText, encoding: str) -> tuple[str | None, bool]:
    """Decode strictly: the text (None where the bytes are wrong) and whether half a character was cut off its end."""
    decoder = codecs.getincrementaldecoder(_codec(encoding))("strict")
    try:
        decoded = decoder.decode(text.content, final=not text.full)
    except UnicodeError:
        return None, False
    return decoded, bool(decoder.getstate()[0])


def decode_leaving_traces(content: bytes, encoding: str) -> str:
    """Decode a whole file; bytes that are wrong stay in it as lone surrogates, so that the cell they spoil is known.

    Raises UnreadableFile where the encoding leaves no place for such bytes.
    """
    try:
        return content.decode(_codec(encoding), errors="surrogateescape")
    except UnicodeError as error:
        raise UnreadableFile(msg("文字无法按 {encoding} 解码；请用 --encoding 指明编码", encoding=encoding)) from error


def known_name(claim: str) -> str | None:
    """The usual name of an encoding however a .cpg spells it (``936``, ``ANSI 936``, ``utf8``); None where unknown."""
    if "\0" in claim:
        return None
    try:
        name = codecs.lookup(_usual_spelling(claim)).name
    except (LookupError, ValueError):
        return None
    if not _writes_text(name):
        return None
    return {"gbk": "GBK", "gb2312": "GBK"}.get(name, name.upper())


def _writes_text(codec: str) -> bool:
    """Whether a codec is an encoding of text: ``hex``, ``zip`` and their like turn bytes into bytes or names into names."""
    if codec.startswith(("utf-16", "utf-32")):
        return True
    try:
        return _PLAIN.decode(codec) == _PLAIN.decode("ascii")
    except (LookupError, UnicodeError, ValueError, AssertionError, OSError):
        return False


def _usual_spelling(claim: str) -> str:
    bare = re.sub(r"[^a-z0-9]", "", claim.lower())
    page = next((page for spelt, page in _SPELT.items() if spelt in bare), None)
    digits = re.fullmatch(r"(?:ansi|oem|cp|windows|ms|ibm)?(\d{3,5})", bare)
    return page or (f"cp{digits[1]}" if digits else claim.strip())


def _claimed(claims: Claims) -> str | None:
    declared = known_name(claims.declared) if claims.declared else None
    if declared:
        return declared
    if claims.language in LANGUAGES:
        return known_name(LANGUAGES[claims.language])
    return "CP1252" if claims.language in WESTERN and not claims.in_china and not claims.declared else None


def _by_the_bytes(texts: Collection[RawText]) -> str | None:
    """UTF-8 is hardly ever met by chance; GB 18030 is believed only when it fits all, or all but few of many."""
    utf8, gb = _share(texts, UTF8), _share(texts, GB18030)
    if utf8 == 1 or (utf8 >= _MOSTLY and len(texts) > 1):
        return UTF8
    return GB18030 if gb == 1 or (gb >= _DAMAGED and len(texts) >= _ENOUGH) else None


def _contradicted(texts: Collection[RawText], declared: str, *, in_china: bool) -> bool:
    """Whether an encoding that decodes every byte is disproved by what the text then reads."""
    if declared != UTF8 and _share(texts, UTF8) == 1 and _reads_as_han(texts, UTF8):
        return True
    western = _SINGLE_BYTE.match(codecs.lookup(declared).name) is not None
    return western and in_china and _share(texts, GB18030) == 1 and _reads_as_han(texts, GB18030)


def _reads_as_han(texts: Collection[RawText], encoding: str) -> bool:
    """Whether more than half of the characters beyond ASCII are common Chinese ones (GB 2312, first level)."""
    letters = [letter for text in texts for letter in decode(text, encoding)[0] or "" if not letter.isascii()]
    common = sum(_is_common(letter) for letter in letters)
    return bool(letters) and common / len(letters) > _MOSTLY


def _is_common(letter: str) -> bool:
    lead, *trail = letter.encode("gb18030")
    return lead in _COMMON_LEADS and len(trail) == 1 and trail[0] >= _FIRST_TRAIL


def _share(texts: Collection[RawText], encoding: str) -> float:
    return sum(decode(text, encoding)[0] is not None for text in texts) / len(texts)


def _codec(encoding: str) -> str:
    name = codecs.lookup(encoding).name
    return "gb18030" if name in _GB_FAMILY else name
