"""PDF files: a page of HTML laid out on paper by WeasyPrint, which may fetch nothing but what came with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

OWN: Final = "paper:"
"""Addresses of what came with the page."""
KIND: Final = "pdf/a-3u"
"""A file for the archive: every font in it, no word that cannot be read out of it again."""


def write_pdf(page: str, pictures: Mapping[str, bytes], mark: str) -> bytes:
    """``page`` as a PDF; of addresses it knows ``paper:NAME`` alone, the PNG of that name in ``pictures``.

    The same page and pictures give the same bytes. ``mark`` stands in the file as its identity.
    """
    # It takes a second to load, and is loaded by whoever prints.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OwnBytes(URLFetcher):  # type: ignore[misc]
        """Fetcher that knows what came with the page and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - the library hands them over
            name = url.removeprefix(OWN)
            if not url.startswith(OWN) or name not in pictures:
                raise ValueError(f"{url} did not come with the page")
            return URLFetcherResponse(url, pictures[name], {"Content-Type": "image/png"})

    identity = hashlib.sha256(mark.encode()).digest()[:16]
    laid_out = HTML(string=page, base_url=OWN, url_fetcher=OwnBytes())
    content = laid_out.write_pdf(pdf_variant=KIND, pdf_identifier=identity)
    assert isinstance(content, bytes)
    return content
