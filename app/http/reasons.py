"""The reasons for which something is refused: each with the code a problem document carries, its status and its why.

A program reads ``code``, a person reads ``detail``. What a schema can express has one code for all of it, ``schema``;
every other code says something no schema could have said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TYPE: Final = "urn:anzhi:problem:"
"""What stands before a code in ``type`` of a problem document."""


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """A reason to refuse something with ``status`` although the schema accepts it."""

    status: int
    why: str


SCHEMA: Final = "schema"
"""The one code that is no reason: what the description of the operation says was not kept to."""

REASONS: Final[dict[str, RefusalReason]] = {
    "unreadable": RefusalReason(400, "the request cannot be read at all: a body that is none of the media type it names"),
    "host-missing": RefusalReason(400, "the request names no host, more than one, or none that could be one"),
    "sign-in": RefusalReason(401, "nobody is signed in, or what was shown for it does not stand"),
    "credentials": RefusalReason(401, "the name or the password is wrong; which of them is not said"),
    "role": RefusalReason(403, "the role does not reach, or this is open to somebody else alone"),
    "origin": RefusalReason(403, "a page of another site may have sent the request"),
    "csrf": RefusalReason(403, "a write by cookie without the token of its sign-in"),
    "password-change": RefusalReason(403, "a one-time password opens nothing but the place where it is changed"),
    "password-wrong": RefusalReason(403, "the present password, shown as proof, is wrong"),
    "not-found": RefusalReason(404, "there is no such thing, or not for whoever asks"),
    "slow-body": RefusalReason(408, "the body came too slowly"),
    "taken": RefusalReason(409, "something else has this name, number or day already"),
    "ended": RefusalReason(409, "it has ended or was decided; what is written stays"),
    "not-ended": RefusalReason(409, "it has not ended yet"),
    "step": RefusalReason(409, "this step does not lead on from where it stands; `allowed` names those that do"),
    "unready": RefusalReason(409, "what it works on is not there yet: no run, no edition, no boundary; of a step, what `errors` names is not on record"),
    "ambiguous": RefusalReason(409, "several things are called so; the answer tells them apart"),
    "objections": RefusalReason(409, "something speaks against this decision; `objections` names what, `override` takes it all the same"),
    "unchanged": RefusalReason(409, "nothing would change"),
    "other-rules": RefusalReason(409, "it stands on rules that are no longer those in force"),
    "other-units": RefusalReason(409, "the two runs grade different units, which cannot be compared one by one"),
    "too-fine": RefusalReason(409, "the ground of this deployment holds too many cells of that size, or none"),
    "overtaken": RefusalReason(409, "somebody else did something to it at the same time"),
    "password-weak": RefusalReason(409, "a password everybody tries first, the username itself, or the one there is"),
    "stale": RefusalReason(412, "what is changed has moved on since it was read"),
    "large-body": RefusalReason(413, "the body, or what it unpacks to, is larger than its sender may hand in"),
    "larger-than-quota": RefusalReason(413, "one file alone is more than an account may keep"),
    "host": RefusalReason(421, "the host name is not this service's"),
    "depth": RefusalReason(422, "lists and objects lie too deep in one another; a schema bounds no depth"),
    "storable": RefusalReason(422, "NUL, half a character, a number that is none or beyond 2^53: nothing can keep them"),
    "geometry": RefusalReason(422, "a shape must lie where the deployment serves, close its rings and not cross itself"),
    "intricate": RefusalReason(422, "a shape holds more vertices or parts than its sender may hand in, or takes too much to judge"),
    "crs": RefusalReason(422, "which codes are CRSs, and which can be transformed without local parameters, is no pattern"),
    "rulebook-word": RefusalReason(422, "a word the rulebook in force does not know, or one that its other words contradict"),
    "rule-change": RefusalReason(422, "a change of the rules that may not be made; `rule`, `field` and `why` name it"),
    "file": RefusalReason(422, "what a file holds, and whether it is what its name says"),
    "state-secret": RefusalReason(422, "the file is marked as a state secret, which may stand only where nothing leads outside"),
    "figures": RefusalReason(422, "figures that the method in force does not know, or that contradict one another"),
    "check-sign": RefusalReason(422, "the last sign of a credit code proves the others"),
    "days": RefusalReason(422, "a day in the future, or before what it follows"),
    "together": RefusalReason(422, "which fields of the request go together, and which need one another"),
    "columns": RefusalReason(422, "names of columns, OURS=THEIRS in lines of their own; what ends a line is no pattern"),
    "name": RefusalReason(422, "a name nobody could say, type or find again"),
    "no-such-thing": RefusalReason(422, "a number or name in the body that is no such thing's"),
    "window": RefusalReason(422, "west lies west of east and south lies south of north"),
    "if-match": RefusalReason(428, "If-Match is missing: without it a write could undo another's"),
    "attempts": RefusalReason(429, "too many attempts; Retry-After says when the next one is heard"),
    "quota": RefusalReason(429, "an account, or all together, keep as much as they may"),
    "busy": RefusalReason(503, "the service is full; Retry-After says when to come back"),
    "database": RefusalReason(503, "the database is away; Retry-After says when to come back"),
    "too-long": RefusalReason(503, "what was asked took longer than it may and was stopped"),
    "migrated": RefusalReason(503, "a newer program changed the database; this one waits to be replaced"),
}  # fmt: skip
"""Every reason an operation of the API can have, by its code."""

EVERYWHERE: Final = (
    "unreadable", "host-missing", "origin", "host", "storable", "busy", "database", "too-long", "migrated",
)  # fmt: skip
"""Reasons of the entrance, the gate and the database: any request can meet them."""
WITH_ROLE: Final = ("sign-in", "role", "csrf", "password-change")
WITH_WRITE: Final = ("overtaken",)
WITH_BODY: Final = ("slow-body", "large-body", "depth")
WITH_STATE: Final = ("if-match", "stale")

LOOKING_UP: Final = (
    "/api/kpi", "/api/kpi/export.xlsx", "/api/areas", "/api/chains", "/api/surveys/unsurveyed", "/api/basemap/hillshade",
    "/api/basemap/hillshade.png", "/api/basemap/hillshade.webp",
)  # fmt: skip
"""Operations that look something up by their query, or that may have nothing to show."""
HANDED_OVER: Final = ("file", "state-secret", "days")
ORDERED: Final = ("quota", "larger-than-quota")
PLACED: Final = ("geometry", "intricate", "crs")
DECIDED: Final = ("ended", "step", "role")

REFUSED: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("POST", "/api/session"): ("credentials", "attempts"),
    ("POST", "/api/session/demo"): ("role",),
    ("POST", "/api/session/password"): ("password-wrong", "password-weak", "attempts"),
    ("POST", "/api/siting/check"): (*PLACED, "rulebook-word"),
    ("POST", "/api/siting/alternatives"): (*PLACED, "rulebook-word"),
    ("POST", "/api/siting/alternatives/check"): (*PLACED, "rulebook-word", "overtaken"),
    ("POST", "/api/siting/report"): (*PLACED, "rulebook-word", "unready"),
    ("GET", "/api/siting/checks/{number}/report.{kind}"): ("unready", "overtaken"),
    ("POST", "/api/siting/reviews"): (
        *PLACED,
        "rulebook-word",
        "together",
        "days",
        "no-such-thing",
        "unready",
        "taken",
    ),
    ("POST", "/api/siting/reviews/{number}/opinions"): ("together", "days", "ended"),
    ("POST", "/api/siting/reviews/{number}/conditions/{condition}/close"): ("days", "ended"),
    ("POST", "/api/siting/reviews/{number}/documents"): ("together", "days", "file", "taken", "ended"),
    ("POST", "/api/siting/reviews/{number}/documents/{document}/strike"): ("ended",),
    ("POST", "/api/siting/reviews/{number}/decision"): (*DECIDED, "objections"),
    ("POST", "/api/siting/reviews/{number}/steps"): (*DECIDED, "unready"),
    ("POST", "/api/siting/reviews/{number}/resubmit"): (*DECIDED, *PLACED, "rulebook-word"),
    ("GET", "/api/siting/reviews/{number}/report.{kind}"): ("unready", "overtaken"),
    ("GET", "/api/siting/reviews/{number}/sheet.pdf"): ("unready", "overtaken"),
    ("POST", "/api/siting/review-notices/{number}/note"): ("ended",),
    ("GET", "/api/siting/review-notices/{number}/sheet.pdf"): ("unready", "overtaken"),
    ("POST", "/api/siting/outline"): ("crs",),
    ("GET", "/api/siting/point"): ("geometry",),
    ("POST", "/api/siting/outline/file"): (*HANDED_OVER, "crs", "intricate"),
    ("POST", "/api/siting/batch"): (*ORDERED, *HANDED_OVER),
    ("POST", "/api/siting/batch/{number}/reports"): (*ORDERED, "not-ended", "unready"),
    ("POST", "/api/imports"): (*ORDERED, *HANDED_OVER, "rulebook-word", "together", "columns"),
    ("GET", "/api/imports/{number}"): ("not-ended",),
    ("GET", "/api/imports/{number}/features"): ("not-ended",),
    ("POST", "/api/imports/{number}/accept"): (
        "stale",
        "ended",
        "not-ended",
        "unchanged",
        "no-such-thing",
        "quota",
        "rulebook-word",
    ),
    ("POST", "/api/unit-sets"): (*HANDED_OVER, "crs", "intricate", "taken", "name", "quota"),
    ("POST", "/api/enterprises"): (*PLACED, "rulebook-word", "figures", "check-sign", "taken"),
    ("PATCH", "/api/enterprises/{number}"): (*PLACED, "rulebook-word", "figures", "check-sign", "taken"),
    ("POST", "/api/enterprises/{number}/inspections"): ("days", "taken"),
    ("POST", "/api/hidden-dangers"): (*PLACED, "days", "no-such-thing", "taken"),
    ("PATCH", "/api/hidden-dangers/{number}"): (*PLACED, "days", "ended", "step"),
    ("POST", "/api/hidden-dangers/{number}/steps"): (*DECIDED, "days", "unready"),
    ("POST", "/api/geohazard-sites"): (*PLACED, "days", "taken"),
    ("PATCH", "/api/geohazard-sites/{number}"): (*PLACED, "days", "ended"),
    ("POST", "/api/geohazard-sites/{number}/steps"): (*DECIDED, "days", "unready"),
    ("POST", "/api/geohazard-sites/{number}/patrols"): ("days", "ended"),
    ("POST", "/api/facilities"): PLACED,
    ("PATCH", "/api/facilities/{number}"): PLACED,
    ("POST", "/api/stations"): PLACED,
    ("PATCH", "/api/stations/{number}"): PLACED,
    ("POST", "/api/forces"): (*PLACED, "no-such-thing"),
    ("PATCH", "/api/forces/{number}"): (*PLACED, "no-such-thing", "step"),
    ("POST", "/api/projects"): (*PLACED, "rulebook-word"),
    ("PATCH", "/api/projects/{number}"): (*PLACED, "rulebook-word"),
    ("POST", "/api/runs"): ("unready", "too-fine", "not-found", "quota"),
    ("POST", "/api/kpi/baselines"): ("unready",),
    ("GET", "/api/dispatch/nearest"): ("unready", "geometry", "not-found"),
    ("GET", "/api/coverage"): ("unready", "not-found"),
    ("GET", "/api/roads/connectivity"): ("unready",),
    ("GET", "/api/coverage/gaps"): ("unready", "not-found"),
    ("GET", "/api/coverage/move-up"): ("unready", "not-found"),
    ("GET", "/api/coverage/losses"): ("unready", "not-found"),
    ("POST", "/api/coverage/plan"): ("unready", "not-found", "geometry"),
    ("GET", "/api/shelters/allocation"): ("unready", "not-found"),
    ("POST", "/api/closures"): (*PLACED, "days"),
    ("POST", "/api/closures/preview"): PLACED,
    ("PATCH", "/api/closures/{number}"): ("ended",),
    ("POST", "/api/closures/{number}/lift"): ("ended",),
    ("POST", "/api/incidents"): (*PLACED, "days"),
    ("PATCH", "/api/incidents/{number}"): (*PLACED, "days", "ended"),
    ("POST", "/api/incidents/{number}/close"): ("ended", "days"),
    ("POST", "/api/incidents/{number}/log"): ("days",),
    ("POST", "/api/incidents/{number}/reports"): ("days",),
    ("POST", "/api/incidents/{number}/calls"): ("days",),
    ("GET", "/api/incidents/{number}/assembly"): ("unready",),
    ("GET", "/api/incidents/{number}/call-sheet"): ("unready", "not-found"),
    ("GET", "/api/incidents/{number}/call-sheet.pdf"): ("unready", "not-found"),
    ("POST", "/api/village-contacts"): ("no-such-thing",),
    ("PATCH", "/api/village-contacts/{number}"): ("no-such-thing",),
    ("POST", "/api/duty-shifts"): ("days",),
    ("POST", "/api/duty-shifts/{number}/sign"): ("ended", "unready", "role"),
    ("POST", "/api/incidents/{number}/assignments"): ("ended", "days", "taken", "unready", "no-such-thing"),
    ("PATCH", "/api/incidents/{number}/assignments/{assignment}"): ("ended", "days", "step"),
    ("POST", "/api/incidents/{number}/assignments/{assignment}/undo"): ("ended", "taken"),
    **{("GET", path): ("not-found",) for path in LOOKING_UP},
    ("GET", "/api/trials"): ("not-found", "other-rules"),
    ("POST", "/api/trials"): ("not-found", "other-rules", "unready", "figures"),
    ("GET", "/api/runs/{run}/compare/{other}"): ("other-units",),
    ("POST", "/api/rulebook/proposals"): ("rule-change", "not-found", "unchanged", "other-rules"),
    ("POST", "/api/rulebook/proposals/{number}/approve"): (*DECIDED, "rule-change", "unchanged", "other-rules"),
    ("POST", "/api/rulebook/proposals/{number}/return"): DECIDED,
    ("POST", "/api/rulebook/proposals/{number}/resubmit"): (*DECIDED, "rule-change", "unchanged", "other-rules"),
    ("POST", "/api/rulebook/proposals/{number}/withdraw"): DECIDED,
    ("POST", "/api/zones/drafts/{number}/edits"): (
        *DECIDED,
        *PLACED,
        "rulebook-word",
        "together",
        "no-such-thing",
        "unchanged",
    ),
    ("GET", "/api/zones/drafts/{number}/delivery"): ("together",),
    ("POST", "/api/zones/drafts/{number}/delivery/decisions"): (*DECIDED, "together", "no-such-thing", "unchanged"),
    ("GET", "/api/zones/drafts/{number}/delivery/table.{kind}"): ("together", "unready"),
    ("GET", "/api/zones/drafts/{number}/file"): ("unready",),
    ("GET", "/api/editions/{number}/file"): ("unready",),
    ("GET", "/api/editions/{number}/package"): ("overtaken",),
    ("POST", "/api/zones/packages"): ("file", "overtaken", "unchanged", "state-secret"),
    ("POST", "/api/zones/drafts/{number}/file"): (*DECIDED, *HANDED_OVER, "crs", "intricate", "unchanged"),
    ("POST", "/api/zones/deputies"): ("days", "no-such-thing"),
    ("POST", "/api/zones/deputies/{number}/end"): ("ended",),
    ("GET", "/api/zones/problems"): ("not-found", "rulebook-word", "intricate"),
    ("POST", "/api/zones/drafts/{number}/submit"): (*DECIDED, "unready", "unchanged", "no-such-thing"),
    ("POST", "/api/zones/drafts/{number}/approve"): DECIDED,
    ("POST", "/api/zones/drafts/{number}/approve-on-paper"): (*DECIDED, "unready", "days", "file"),
    ("POST", "/api/zones/drafts/{number}/return"): DECIDED,
    ("POST", "/api/zones/drafts/{number}/withdraw"): DECIDED,
    ("POST", "/api/zones/drafts/{number}/publish"): (*DECIDED, "unready", "unchanged", "days"),
    ("POST", "/api/zones/drafts/{number}/call-off"): DECIDED,
    ("PATCH", "/api/zones/drafts/{number}/standing"): (*DECIDED, "together", "no-such-thing"),
    ("POST", "/api/zones/documents"): ("rulebook-word", "days", "state-secret", "taken"),
    ("PATCH", "/api/zones/documents/{number}"): ("days", "state-secret", "taken", "ended"),
    ("POST", "/api/editions/{number}/revert"): ("unchanged", "unready"),
    ("DELETE", "/api/jobs/{number}"): ("ended",),
    ("POST", "/api/calendar/{key}/run"): ("not-ended",),
    ("DELETE", "/api/jobs/{number}/files"): ("not-ended",),
    ("POST", "/api/places/aliases"): ("not-found", "ambiguous", "name", "taken"),
}
"""Which reasons an operation has besides those found from what it asks for (see ``app.http.openapi``)."""
