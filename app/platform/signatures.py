"""Signatures of what leaves a deployment: Ed25519 (RFC 8032), the private key derived from the deployment's secret.

Whoever receives something needs the public key alone, sixty-four hexadecimal digits that go on paper. Written for a handful
of signatures a year: it takes milliseconds and does not hide its time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from app.platform.secret_key import deployment_secret
from app.platform.settings import Settings

KEY: Final = re.compile(r"[0-9a-f]{64}")
SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")
PURPOSE: Final = b"anzhi signature"

_P: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT: Final = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]
"""Extended coordinates: X, Y, Z and T with x = X/Z, y = Y/Z, xy = T/Z."""


def public_key(settings: Settings) -> str:
    """The public key of this deployment."""
    return public_key_of(_seed(settings))


def sign(settings: Settings, content: bytes) -> str:
    """The signature of this deployment under ``content``."""
    return signature_of(_seed(settings), content)


def _seed(settings: Settings) -> bytes:
    return hmac.digest(deployment_secret(settings), PURPOSE, "sha256")


def public_key_of(seed: bytes) -> str:
    """The public key of a private one of 32 bytes."""
    return _written(_times(_BASE, _scalar(seed)[0])).hex()


def signature_of(seed: bytes, content: bytes) -> str:
    """The signature under ``content`` by a private key of 32 bytes."""
    secret, prefix = _scalar(seed)
    public = bytes.fromhex(public_key_of(seed))
    nonce = _hashed(prefix, content)
    point = _written(_times(_BASE, nonce))
    answer = (nonce + _hashed(point, public, content) * secret) % _ORDER
    return (point + answer.to_bytes(32, "little")).hex()


def is_signed(key: str, signature: str, content: bytes) -> bool:
    """Whether ``signature`` stands under ``content``, by whoever holds the private half of ``key``."""
    if not KEY.fullmatch(key) or not SIGNATURE.fullmatch(signature):
        return False
    public, given = bytes.fromhex(key), bytes.fromhex(signature)
    holder, point = _read(public), _read(given[:32])
    answer = int.from_bytes(given[32:], "little")
    if holder is None or point is None or answer >= _ORDER:
        return False
    expected = _sum(point, _times(holder, _hashed(given[:32], public, content)))
    return _same(_times(_BASE, answer), expected)


def _scalar(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    clamped = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | (1 << 254)
    return clamped, digest[32:]


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % _ORDER


def _sum(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(point: _Point, number: int) -> _Point:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _sum(found, point)
        point, number = _sum(point, point), number >> 1
    return found


def _same(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (one[1] * other[2] - other[1] * one[2]) % _P == 0


def _written(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _read(written: bytes) -> _Point | None:
    y = int.from_bytes(written, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = None if y >= _P else _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def _x_of(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    return x if x & 1 == sign else _P - x


_Y: Final = 4 * pow(5, -1, _P) % _P
_X: Final = _x_of(_Y, 0) or 0
_BASE: Final[_Point] = (_X, _Y, 1, _X * _Y % _P)
