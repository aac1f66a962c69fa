"""Drafts of zones as pages: the list of them, and the map on which one is edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import Viewer, WorkOf
from app.http.templates import render
from app.judgement.page_context import page_context, town_bounds
from app.maps.delivery_map import draw_delivery_map
from app.maps.legend import legend_of
from app.maps.zone_editor_map import draw_zone_editor_map
from app.platform.clock import today
from app.platform.principals import Principal
from app.platform.work import Work
from app.zones.deputies import acting
from app.zones.given_shapes import FAULT
from gis_layers.stores.published_zones import published_themes
from risk_model.codes import code_name
from risk_model.editing.authority import packaged_policy
from risk_model.vocabulary import Product

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class EditedTheme:
    """Theme as pages offer it: ``key`` is ``hazard/product``; ``mine`` whether this account may change its zones.

    ``scheme`` is that of its grades, empty where they have none; ``lines`` whether its zones are lines.
    """

    key: str
    hazard: str
    name: str
    product: str
    scheme: str
    lines: bool
    mine: bool


@router.get("/zones/drafts")
def drafts(request: Request, work: WorkOf, principal: Viewer) -> Response:
    """The drafts there are, newest first, and the form that begins one."""
    return render(request, "zone_drafts.html", town=page_context(work))


@router.get("/zones/edit")
def edit(request: Request, work: WorkOf, principal: Viewer, draft: int = 0, theme: str = "") -> Response:
    """The map, the tools and the panel of one draft, opened on a ``theme`` it offers; without a draft, the list of them."""
    if draft < 1:
        return RedirectResponse("/zones/drafts", 303)
    legend, offered = legend_of(work.rulebook), edited_themes(work, principal)
    return render(
        request,
        "zones_edit.html",
        town=page_context(work),
        legend=legend,
        map=draw_zone_editor_map(legend, town_bounds(work)),
        draft=draft,
        themes=offered,
        opened=next((one for one in offered if one.key == theme), offered[0] if offered else None),
        acting=acting(work.session, principal, today())[0].role.value,
    )


@router.get("/zones/delivery")
def delivery(request: Request, work: WorkOf, principal: Viewer, draft: int = 0) -> Response:
    """A draft beside what is in force: what it changes, and what was edited here and must be decided; without one, the list."""
    if draft < 1:
        return RedirectResponse("/zones/drafts", 303)
    legend = legend_of(work.rulebook)
    drawn = draw_delivery_map(legend, town_bounds(work))
    return render(request, "zones_delivery.html", town=page_context(work), legend=legend, map=drawn, draft=draft)


def published(work: Work, principal: Principal) -> list[EditedTheme]:
    """Themes of the published edition, graded ones before those that have no grades."""
    return _told(work, principal, published_themes(work.session))


def edited_themes(work: Work, principal: Principal) -> list[EditedTheme]:
    """Graded themes of the published edition, declared ground and faults, those this account may change first.

    Ground nobody has declared yet, and faults nobody has drawn, are offered too.
    """
    found = published_themes(work.session)
    without = [hazard for hazard in (*packaged_policy().declared(), FAULT) if hazard in work.rulebook.hazards]
    known = {hazard for hazard, _, _ in found}
    begun = [(hazard, Product.HAZARD.value, "") for hazard in without if hazard not in known]
    offered = [one for one in found if one[2] or one[0] in without]
    return sorted(_told(work, principal, [*offered, *begun]), key=lambda theme: not theme.mine)


def _told(work: Work, principal: Principal, themes: Sequence[tuple[str, str, str]]) -> list[EditedTheme]:
    order = work.rulebook.theme_order([hazard for hazard, _, _ in themes])
    return [
        EditedTheme(
            key=f"{hazard}/{product}",
            hazard=hazard,
            name=work.rulebook.hazard_name(hazard),
            product=code_name("product", product),
            scheme=scheme,
            lines=work.rulebook.hazards[hazard].geometry == "line",
            mine=principal.may_edit(hazard),
        )
        for hazard, product, scheme in sorted(themes, key=lambda one: (not one[2], order[one[0]]))
        if hazard in work.rulebook.hazards
    ]
