"""Signatures of what leaves a deployment: Ed25519 (RFC 8032), the private key derived from the deployment's secret.

Whoever receives something needs the public key alone, sixty-four hexadecimal digits that go on paper.
"""

from __future__ import annotations

import hmac
import re
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.platform.secret_key import deployment_secret
from app.platform.settings import Settings

KEY: Final = re.compile(r"[0-9a-f]{64}")
SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")
PURPOSE: Final = b"anzhi signature"


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
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def signature_of(seed: bytes, content: bytes) -> str:
    """The signature under ``content`` by a private key of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(content).hex()


def is_signed(key: str, signature: str, content: bytes) -> bool:
    """Whether ``signature`` stands under ``content``, by whoever holds the private half of ``key``."""
    if not KEY.fullmatch(key) or not SIGNATURE.fullmatch(signature):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), content)
    except InvalidSignature:
        return False
    return True
