"""PDF files: a page of HTML laid out on paper by WeasyPrint, which may fetch nothing but what came with it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.reports.attached import EvidenceFile

OWN: Final = "paper:"
"""Addresses of what came with the page."""
KIND: Final = "pdf/a-3u"
"""A file for the archive: every font in it, no word that cannot be read out of it again, and whatever is attached."""
TYPES: Final = {"png": "image/png", "json": "application/json", "geojson": "application/geo+json"}
"""Media types by suffix: what a machine believes of suffixes differs, and a file must not differ with it."""


def write_pdf(page: str, pictures: Mapping[str, bytes], mark: str, attached: Sequence[EvidenceFile] = ()) -> bytes:
    """``page`` as a PDF with ``attached``; of addresses it knows ``paper:NAME`` alone, the PNG of that name in ``pictures``.

    The same page, pictures and files give the same bytes. ``mark`` stands in the file as its identity.
    """
    # It takes a second to load, and is loaded by whoever prints.
    from weasyprint import HTML, Attachment  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OwnBytes(URLFetcher):  # type: ignore[misc]
        """Fetcher that knows what it was given and nothing else."""

        def __init__(self, own: Mapping[str, bytes]) -> None:
            super().__init__()
            self.own = own

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - the library hands them over
            name = url.removeprefix(OWN)
            if not url.startswith(OWN) or name not in self.own:
                raise ValueError(f"{url} did not come with the page")
            kind = TYPES[name.rpartition(".")[2]]
            return URLFetcherResponse(url, self.own[name], {"Content-Type": kind})

    identity = hashlib.sha256(mark.encode()).digest()[:16]
    laid_out = HTML(string=page, base_url=OWN, url_fetcher=OwnBytes(pictures))
    # The page itself may not reach what is attached.
    files = OwnBytes({one.name: one.content for one in attached})
    attachments = [_attachment(Attachment, one, files) for one in attached]
    content = laid_out.write_pdf(pdf_variant=KIND, pdf_identifier=identity, attachments=attachments)
    assert isinstance(content, bytes)
    return content


def _attachment(kind: Any, one: EvidenceFile, files: Any) -> Any:
    at = one.at.astimezone(datetime.UTC)
    return kind(
        url=f"{OWN}{one.name}",
        url_fetcher=files,
        name=one.name,
        description=one.words,
        created=at,
        modified=at,
        relationship="Data",
    )
