"""Requests and answers of proposals and versions."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from app.http.next_steps import NextStepAnswer
from app.http.written import Filled, either
from app.judgement.inventory import ExposureFacts
from app.platform.iso import IsoDay, IsoMoment
from app.rulebook.proposals import Proposed
from gis_layers.stores.decisions import Decision
from gis_layers.stores.rulebooks import Proposal, RulebookVersion
from risk_model.message import msg
from risk_model.rulebook import RulebookDocument
from risk_model.vocabulary import BasisKind, FieldChange

Plain = bool | int | float | str
Text = Filled


class BackingBody(BaseModel):
    """Backing of a local change."""

    model_config = ConfigDict(extra="forbid")

    basis: Text
    source: Text
    basis_kind: BasisKind = BasisKind.DEFAULT
    confidence: Literal["high", "medium", "low"] = "medium"
    valid_from: datetime.date
    basis_en: str = Field("", max_length=2000)


class ChangeStep(BackingBody):
    """Give one field of an article a value of this deployment's own."""

    op: Literal["change"]
    article: Text
    field: Text
    value: Plain | list[Plain | list[Plain]]


class RuleBody(BackingBody):
    """A siting rule of this deployment's own; it can only restrict."""

    id: str = Field(examples=["LOC-FLOOD-1"], max_length=60)
    hazard: Text
    relation: Literal["intersects", "distance_lt", "within_m"]
    products: list[str] = Field(max_length=20)
    verdicts: dict[str, Literal["F", "R"]]
    message: Text
    metres: float | None = Field(None, gt=0)
    grades: dict[str, list[str]] | None = None
    procedure: list[str] = Field(default_factory=list, max_length=20)
    message_en: str = Field("", max_length=2000)


class AddRuleStep(BaseModel):
    """Add a rule."""

    op: Literal["add_rule"]
    rule: RuleBody


class UndoStep(BaseModel):
    """Return one field to its packaged value."""

    op: Literal["undo"]
    article: Text
    field: Text


class RemoveRuleStep(BaseModel):
    """Take one of this deployment's own rules out of force."""

    op: Literal["remove_rule"]
    id: Text


StepBody = Annotated[ChangeStep | AddRuleStep | UndoStep | RemoveRuleStep, Field(discriminator="op")]


class ProposalBody(BaseModel):
    """Steps with a reason, or the number of a version to return to."""

    model_config = ConfigDict(
        json_schema_extra=either({"steps": {"minItems": 1}}, {"equal_to": {"type": "integer"}}, word="anyOf")
    )

    reason: Text
    steps: list[StepBody] = Field(default_factory=list, max_length=100)
    equal_to: int | None = None

    @model_validator(mode="after")
    def proposes_something(self) -> ProposalBody:
        """Steps or a version there must be."""
        if not self.steps and self.equal_to is None:
            raise ValueError(msg("请给出修改步骤 steps，或要恢复的版本 equal_to"))
        return self

    def as_proposed(self) -> Proposed:
        """In plain values."""
        steps = tuple(step.model_dump(mode="json", exclude_none=True) for step in self.steps)
        return Proposed(self.reason, () if self.equal_to is not None else steps, self.equal_to)


class CommentBody(BaseModel):
    """Reason to return a proposal."""

    comment: Text


class WholeRulebookAnswer(RulebookDocument):
    """The rules in force; ``number`` is that of their version."""

    number: int | None


class VersionAnswer(TypedDict):
    """A version of the rules, and of how many changes it is made."""

    id: int
    number: int
    fingerprint: str
    published_at: IsoMoment
    published_by: str
    proposed_by: str | None
    proposal: int | None
    equal_to: int | None
    reason: str
    changes: int


class WholeVersionAnswer(VersionAnswer):
    """A version with all it changed."""

    diff: list[FieldChange]


class TakenStepAnswer(TypedDict):
    """A step of a decision as it was taken."""

    step: str
    state: str
    by: str
    at: IsoMoment
    comment: str | None


class ProposalAnswer(TypedDict):
    """A proposal and what became of it; ``history`` tells every step there was."""

    id: int
    state: str
    created_at: IsoMoment
    created_by: str
    authors: list[str]
    reason: str
    steps: list[dict[str, object]]
    equal_to: int | None
    decided_by: str | None
    decided_at: IsoMoment | None
    comment: str | None
    version: int | None
    history: list[TakenStepAnswer]


class ProjectChange(TypedDict):
    """A registered project whose verdict or deciding rules would change."""

    id: int
    name: str
    project_class: str
    before: str
    after: str
    rules_before: list[str]
    rules_after: list[str]


class ImpactAnswer(TypedDict):
    """Effect on the registered projects: how many there are, how many verdicts change, which, and what stands on them."""

    projects: int
    verdicts_changed: int
    changed: list[ProjectChange]
    exposed: ExposureFacts | None
    judged_on: IsoDay


class PreviewAnswer(TypedDict):
    """Effect of a proposal as things stand today."""

    fingerprint: str
    diff: list[FieldChange]
    impact: ImpactAnswer


class LookedAt(TypedDict):
    """A pending proposal's preview, or why it no longer can be put in force; both null of one that was decided."""

    preview: PreviewAnswer | None
    refused: str | None


class WholeProposalAnswer(ProposalAnswer, LookedAt):
    """A proposal with the steps that lead on and its effect."""

    next_steps: list[NextStepAnswer]


def describe_version(version: RulebookVersion) -> VersionAnswer:
    """A version without its diff."""
    return {
        "id": version.number,
        "number": version.number,
        "fingerprint": version.fingerprint,
        "published_at": version.published_at.isoformat(),
        "published_by": version.published_by,
        "proposed_by": version.proposed_by,
        "proposal": version.proposal_id,
        "equal_to": version.equal_to,
        "reason": version.reason,
        "changes": len(version.diff),
    }


def describe_proposal(proposal: Proposal, decision: Decision, version: int | None) -> ProposalAnswer:
    """A proposal and what became of it; ``history`` tells every step there was."""
    last = None if decision.state == "open" else decision.last
    return {
        "id": proposal.id,
        "state": decision.state,
        "created_at": proposal.created_at.isoformat(),
        "created_by": proposal.created_by,
        "authors": list(decision.authors),
        "reason": proposal.reason,
        "steps": list(proposal.steps),
        "equal_to": proposal.equal_to,
        "decided_by": None if last is None else last.by,
        "decided_at": None if last is None else last.at.isoformat(),
        "comment": None if last is None else last.comment,
        "version": version,
        "history": [
            {"step": one.step, "state": one.state, "by": one.by, "at": one.at.isoformat(), "comment": one.comment}
            for one in decision.steps
        ],
    }
