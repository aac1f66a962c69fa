"""Scans of paper handed in by a form: received, proven by their bytes to be what a scanner writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import UploadFile

from app.http.uploads import received_file
from app.platform.errors import BadParameter
from risk_model.message import msg

LARGEST: Final = 20 * 1024 * 1024
SIGNS: Final = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
"""What the files begin with that a scanner writes."""
SUFFIXES: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as it was received: its sender's name for it, its media type by its bytes."""

    name: str
    media_type: str
    content: bytes


def received_scan(file: UploadFile, stem: str) -> Scan:
    """The scan a form hands in; ``stem`` names one without a name. BadParameter above 20 MB or for what is no scan."""
    too_large = msg("扫描件超过 20 MB；请降低分辨率后重新扫描")
    with received_file(file, most_bytes=LARGEST, too_large=too_large, stem=stem) as path:
        content = path.read_bytes()
        return Scan(path.name, media_type_of(content), content)


def media_type_of(content: bytes) -> str:
    """Media type of a scan by what it begins with. BadParameter for anything else."""
    found = next((kind for sign, kind in SIGNS.items() if content.startswith(sign)), None)
    if found is None:
        trouble = msg("扫描件应为 PDF、JPEG 或 PNG；请重新扫描后上传")
        raise BadParameter(trouble, code="file", errors=[{"field": "file", "message": trouble}])
    return found
