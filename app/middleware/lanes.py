"""The lanes of the service: which requests wait for each other, and how many of them are worked on at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.routing import compile_path


@dataclass(frozen=True, slots=True)
class Lane:
    """Requests that share ``slots``; at most ``room`` of them wait for one."""

    name: str
    slots: int
    room: int


HEALTH: Final = Lane("health", slots=64, room=1000)
STATIC: Final = Lane("static", slots=12, room=4000)
SIGN_IN: Final = Lane("sign-in", slots=2, room=500)
ORDINARY: Final = Lane("ordinary", slots=4, room=2000)
HEAVY: Final = Lane("heavy", slots=2, room=200)

LANES: Final = (HEALTH, STATIC, SIGN_IN, ORDINARY, HEAVY)
"""Threads of Python share one processor: with more than a handful at work, whoever accepts requests is no longer heard."""

WITH_DATABASE: Final = (SIGN_IN, ORDINARY, HEAVY)
"""Their requests hold one connection each, so the pool needs no more connections than these have slots."""

HEAVY_BODY_BYTES: Final = 64_000
"""A body longer than this is an outline with thousands of vertices or a table: heavy wherever it is sent."""

_BY_TEMPLATE: Final = {
    HEALTH: ("/health",),
    STATIC: ("/static/{path:path}",),
    SIGN_IN: (
        "/sign-in",
        "/sign-in/demo",
        "/sign-out",
        "/account",
        "/first-admin/{token}",
        "/api/session",
        "/api/session/demo",
        "/api/session/password",
    ),
    HEAVY: (
        "/kpi",
        "/api/kpi",
        "/api/kpi/export.xlsx",
        "/api/kpi/baselines",
        "/api/chains",
        "/api/coverage",
        "/api/coverage/gaps",
        "/api/coverage/move-up",
        "/api/coverage/losses",
        "/api/coverage/plan",
        "/api/shelters/allocation",
        "/api/trials",
        "/areas/trial",
        "/api/runs",
        "/api/runs/{run}/picture",
        "/api/runs/{run}/compare/{other}",
        "/api/unit-sets",
        "/api/imports",
        "/api/imports/{number}/features",
        "/api/siting/batch",
        "/api/siting/batch/{number}/reports",
        "/api/siting/alternatives",
        "/siting/places",
        "/siting/places/opinion",
        "/api/siting/alternatives/check",
        "/siting/checks/{number}/again",
        "/reviews/new",
        "/api/siting/report",
        "/api/siting/checks/{number}/report.{kind}",
        "/api/siting/reviews/{number}/report.{kind}",
        "/api/siting/reviews/{number}/sheet.pdf",
        "/api/siting/review-notices/{number}/sheet.pdf",
        "/api/siting/outline/file",
        "/api/zones",
        "/api/zones/problems",
        "/api/zones/drafts/{number}/zones",
        "/api/zones/drafts/{number}/problems",
        "/api/zones/drafts/{number}/impact",
        "/api/zones/drafts/{number}/delivery",
        "/api/zones/drafts/{number}/delivery/decisions",
        "/api/zones/drafts/{number}/delivery/table.{kind}",
        "/api/zones/drafts/{number}/file",
        "/api/editions/{number}/file",
        "/api/editions/{number}/package",
        "/api/zones/packages",
        "/api/zones/drafts/{number}/impact.{suffix}",
        "/api/zones/drafts/{number}/approval-sheet.pdf",
        "/api/zones/drafts/{number}/submit",
        "/api/zones/drafts/{number}/publish",
        "/api/editions/{number}/revert",
        "/api/editions/{number}/changes",
        "/zones/compare",
        "/zones/compare.{suffix}",
        "/api/areas",
        "/api/buildings",
        "/api/constraints",
        "/api/rulebook/proposals",
        "/api/incidents/{number}/call-sheet.pdf",
        "/api/jobs/{number}/files/{name}",
        "/dispatch/handbook.pdf",
        "/maps/hazards",
        "/maps/areas",
        "/maps/areas/compare",
        "/maps/coverage",
        "/downloads/{layer}.{kind}",
        "/registers/{layer}/register.{suffix}",
        "/deliveries/list.xlsx",
        "/enterprises/list.xlsx",
        "/rulebook/rules/{mark}/preview",
        "/rulebook/rules/{mark}/propose",
        "/rulebook/rules/{mark}/undo",
        "/rulebook/add-rule",
    ),
}
"""The lane of each route by its template; what stands here nowhere is ordinary."""


def templates() -> list[str]:
    """Every template that is named here."""
    return [template for lane in _BY_TEMPLATE.values() for template in lane]


def pattern_of(template: str) -> re.Pattern[str]:
    """Pattern that matches the paths of a route's template."""
    return compile_path(template)[0]


_PATTERNS: Final = tuple((pattern_of(one), lane) for lane, named in _BY_TEMPLATE.items() for one in named)


def lane_of(path: str, body_bytes: int = 0) -> Lane:
    """The lane of a request for ``path`` with a body of so many bytes."""
    lane = next((lane for pattern, lane in _PATTERNS if pattern.match(path)), ORDINARY)
    return HEAVY if lane is ORDINARY and body_bytes > HEAVY_BODY_BYTES else lane
