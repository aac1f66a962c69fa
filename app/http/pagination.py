"""Lists as the contract shows them."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from app.http.links import link
from app.platform.errands import heed
from gis_layers.plain_text import LARGEST_WHOLE

MAX_LIMIT = 1000


Item = TypeVar("Item")


class Listing(TypedDict, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    total: int
    limit: int
    offset: int
    links: dict[str, str]


class Page(BaseModel):
    """The part of a list that is asked for."""

    limit: int = Field(100, ge=1, le=MAX_LIMIT)
    offset: int = Field(0, ge=0, le=LARGEST_WHOLE)


def page(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100, offset: Annotated[int, Query(ge=0, le=LARGEST_WHOLE)] = 0
) -> Page:
    """The page a request asks for."""
    return Page(limit=limit, offset=offset)


PageOf = Annotated[Page, Depends(page)]


def listing(request: Request, items: list[Item], *, total: int, page: Page) -> Listing[Item]:
    """``{"items", "total", "limit", "offset", "links"}`` with links to the neighbouring pages."""
    heed()
    links = {"self": link(request, request.url)}
    if page.offset + page.limit < total:
        links["next"] = link(
            request, request.url.include_query_params(offset=page.offset + page.limit, limit=page.limit)
        )
    if page.offset > 0:
        before = max(0, page.offset - page.limit)
        links["prev"] = link(request, request.url.include_query_params(offset=before, limit=page.limit))
    return {"items": items, "total": total, "limit": page.limit, "offset": page.offset, "links": links}
