"""``/api/places``: where is it, and what else do people call it."""

from __future__ import annotations

from typing import Annotated, Any

import geopandas as gpd
from fastapi import APIRouter, Query, Request, Response

from app.dependencies import DeploymentOf, Officer, SessionOf, Viewer
from app.features import LISTED, answer_list
from app.pagination import PageOf, listing
from app.places import service
from app.places.schemas import NO_NUL, AliasAnswer, NewAlias, PlaceList
from app.rendering import answer_in_language, chosen_language
from gis_layers.stores.names import places_called, read_aliases

router = APIRouter(prefix="/api/places", tags=["places"])

Asked = Annotated[
    str, Query(min_length=1, max_length=100, description="name, pinyin, alias, road stake or coordinates")
]


@router.get("", response_model=PlaceList, responses=LISTED)
def places(
    request: Request, session: SessionOf, deployment: DeploymentOf, asking: Viewer, page: PageOf, q: Asked
) -> Response:
    """Every place a text may mean, best first; never only the first."""
    found, total = service.find_places(session, deployment, q, limit=page.limit, offset=page.offset)
    return answer_list(request, _told(request, found), total=total, page=page)


@router.get("/called", response_model=PlaceList, responses=LISTED)
def called(request: Request, session: SessionOf, asking: Viewer, page: PageOf, name: Asked) -> Response:
    """Every place that has this very name or alias; a beginning or a likeness does not count."""
    found = service.as_frame(places_called(session, name))
    part = found.iloc[page.offset : page.offset + page.limit]
    return answer_list(request, _told(request, part), total=len(found), page=page)


@router.get("/aliases")
def aliases(
    request: Request,
    session: SessionOf,
    asking: Viewer,
    page: PageOf,
    place: Annotated[
        str | None,
        Query(max_length=200, pattern=NO_NUL, description="only of this place, such as village:620724102207"),
    ] = None,
) -> dict[str, Any]:
    """What people call places beside their names."""
    found = read_aliases(session, places=None if place is None else [place])
    kept = [AliasAnswer.model_validate(alias) for alias in found]
    return listing(request, kept[page.offset : page.offset + page.limit], total=len(kept), page=page)


@router.get("/aliases/{alias_id}")
def alias(alias_id: int, session: SessionOf, asking: Viewer) -> AliasAnswer:
    """One alias."""
    return AliasAnswer.model_validate(service.find_alias(session, alias_id))


@router.post("/aliases", status_code=201)
def add_alias(body: NewAlias, response: Response, session: SessionOf, asking: Officer) -> AliasAnswer:
    """Let a place answer to another name too."""
    kept = service.add_alias(session, body.name, body.alias, author=asking.name)
    response.headers["Location"] = f"/api/places/aliases/{kept.id}"
    return AliasAnswer.model_validate(kept)


@router.delete("/aliases/{alias_id}", status_code=204)
def remove_alias(alias_id: int, session: SessionOf, asking: Officer) -> None:
    """Forget an alias."""
    service.remove_alias(session, alias_id, author=asking.name)


def _told(request: Request, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Places with what is said of them in the reader's language."""
    return places.assign(detail=answer_in_language(places["detail"].tolist(), chosen_language(request)))
