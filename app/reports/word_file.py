"""Word files packed without the hour they were packed in: the same document gives the same bytes."""

from __future__ import annotations

import io
from typing import Final, Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

NO_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


class Savable(Protocol):
    """A document of python-docx or docxtpl: what both can do."""

    def save(self, path_or_stream: io.BytesIO, /) -> None:
        """Write it into ``path_or_stream``."""


def packed(document: Savable) -> bytes:
    """``document`` as a file."""
    made, content = io.BytesIO(), io.BytesIO()
    document.save(made)
    with ZipFile(made) as parts, ZipFile(content, "w", ZIP_DEFLATED) as out:
        for part in parts.infolist():
            out.writestr(ZipInfo(part.filename, NO_MOMENT), parts.read(part), ZIP_DEFLATED)
    return content.getvalue()
