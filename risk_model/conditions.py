"""The words of what an opinion asks for, does not ask and points to: conditions, the regional assessments that close them, notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Bearing(StrEnum):
    """Bearing of a regional assessment on a condition of a site: it closes it, or why it does not."""

    CLOSES = "closes"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    IN_PART = "in_part"


@dataclass(frozen=True, slots=True)
class AssessmentOverSite:
    """A regional assessment that meets the site: its number (文号), its last day, and the share of the site it covers."""

    id: int
    number: str
    name: str
    valid_from: date
    valid_to: date
    bearing: Bearing
    covered_share: float


@dataclass(frozen=True, slots=True)
class Condition:
    """Condition of restricted ground before building, by which ``rules``; ``assessments`` of its kind, a closing one first.

    ``part`` names the part of the site it is asked of, empty for what the parts leave; None of a site without.
    """

    procedure: str
    procedure_en: str
    rules: tuple[str, ...]
    assessments: tuple[AssessmentOverSite, ...] = ()
    part: str | None = None

    @property
    def closed_by(self) -> AssessmentOverSite | None:
        """The assessment that closes it; None while it stands open."""
        return next((one for one in self.assessments if one.bearing is Bearing.CLOSES), None)


@dataclass(frozen=True, slots=True)
class Note:
    """Note of an opinion besides its findings; it changes no verdict. ``key`` names its kind, ``part`` as of a condition."""

    key: str
    message: str
    message_en: str
    basis: str
    basis_en: str
    basis_kind: str
    confidence: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A theme no rule asks about, with why (in Chinese, ``reason_en``)."""

    theme: str
    reason: str
    reason_en: str
