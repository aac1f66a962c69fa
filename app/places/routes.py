"""``/api/places``: where is it, and what else do people call it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.http.dependencies import Officer, SessionOf, Viewer, WorkOf
from app.http.geojson import LISTED, answer_items
from app.http.i18n import answer_in_language, chosen_language
from app.http.pagination import Listing, Page, PageOf, listing
from app.places import service
from app.places.schemas import NO_NUL, AliasAnswer, NewAlias, PlaceAnswer
from gis_layers.stores.gazetteer_search import places_called, read_aliases

router = APIRouter(prefix="/api/places", tags=["places"])

SearchText = Annotated[
    str, Query(min_length=1, max_length=100, description="name, pinyin, alias, road stake or coordinates")
]


@router.get("", response_model=Listing[PlaceAnswer], responses=LISTED)
def places(request: Request, work: WorkOf, principal: Viewer, page: PageOf, q: SearchText) -> Response:
    """Every place a text may mean, best first; never only the first."""
    found, total = service.find_places(work, q, limit=page.limit, offset=page.offset)
    return _answer(request, found, total=total, page=page)


@router.get("/called", response_model=Listing[PlaceAnswer], responses=LISTED)
def called(request: Request, session: SessionOf, principal: Viewer, page: PageOf, name: SearchText) -> Response:
    """Every place that has this very name or alias; a beginning or a likeness does not count."""
    found = places_called(session, name)
    part = found[page.offset : page.offset + page.limit]
    return _answer(request, service.as_rows(part), total=len(found), page=page)


@router.get("/aliases")
def aliases(
    request: Request,
    session: SessionOf,
    principal: Viewer,
    page: PageOf,
    place: Annotated[
        str | None,
        Query(max_length=200, pattern=NO_NUL, description="only of this place, such as village:620724102207"),
    ] = None,
) -> Listing[AliasAnswer]:
    """Names people use for places beside their own."""
    found = read_aliases(session, places=None if place is None else [place])
    kept = [AliasAnswer.model_validate(alias) for alias in found]
    return listing(request, kept[page.offset : page.offset + page.limit], total=len(kept), page=page)


@router.get("/aliases/{alias_id}")
def alias(alias_id: int, session: SessionOf, principal: Viewer) -> AliasAnswer:
    """One alias."""
    return AliasAnswer.model_validate(service.find_alias(session, alias_id))


@router.post("/aliases", status_code=201)
def add_alias(body: NewAlias, response: Response, session: SessionOf, principal: Officer) -> AliasAnswer:
    """Let a place answer to another name too."""
    kept = service.add_alias(session, body.name, body.alias, author=principal.name)
    response.headers["Location"] = f"/api/places/aliases/{kept.id}"
    return AliasAnswer.model_validate(kept)


@router.delete("/aliases/{alias_id}", status_code=204)
def remove_alias(alias_id: int, session: SessionOf, principal: Officer) -> None:
    """Forget an alias."""
    service.remove_alias(session, alias_id, author=principal.name)


def _answer(request: Request, places: Sequence[service.PlaceRow], *, total: int, page: Page) -> Response:
    """Places with their points, and with what is said of them in the reader's language."""
    told = answer_in_language([place["detail"] for place in places], chosen_language(request))
    rows = [{**place, "detail": detail} for place, detail in zip(places, told, strict=True)]
    points = [{"type": "Point", "coordinates": [place["lon"], place["lat"]]} for place in places]
    return answer_items(request, rows, points, total=total, page=page)
