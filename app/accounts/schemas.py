"""Requests and answers of ``/api/session``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from app.accounts.passwords import LONGEST, SHORTEST
from app.platform.principals import Principal

DemoRole = Literal["planner", "dispatcher", "officer", "approver"]


class SignInForm(BaseModel):
    """A name and a password."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(max_length=200)
    password: SecretStr = Field(max_length=LONGEST)


class DemoForm(BaseModel):
    """The role a guest of the synthetic township wants to try."""

    model_config = ConfigDict(extra="forbid")

    role: DemoRole


class PasswordForm(BaseModel):
    """A new password, and the present one as proof."""

    model_config = ConfigDict(extra="forbid")

    current: SecretStr = Field(max_length=LONGEST)
    password: SecretStr = Field(max_length=LONGEST, json_schema_extra={"minLength": SHORTEST})


class WhoAmI(BaseModel):
    """The caller. ``csrf`` returns as ``X-CSRF-Token`` with every write by cookie; null where there is no cookie."""

    username: str
    display_name: str
    role: str
    department: str | None
    csrf: str | None
    guest: bool = False
    must_change_password: bool = False
    hazards: list[str] = Field(default_factory=list, description="hazards an officer may edit; * is every one")
    area: bool = Field(False, description="whether an officer's editing is bounded to an area")


def describe(principal: Principal) -> WhoAmI:
    """The caller ``principal``, as the API shows it."""
    visit = principal.visit
    return WhoAmI(
        username=principal.name,
        display_name=visit.display_name if visit else principal.name,
        role=principal.role.value,
        department=principal.department,
        csrf=visit.csrf if visit else None,
        guest=principal.is_guest,
        must_change_password=bool(visit and visit.must_change_password),
        hazards=list(principal.hazards),
        area=principal.area is not None,
    )
