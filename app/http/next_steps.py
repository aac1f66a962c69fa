"""Steps that lead on, as answers tell them: for everything that goes through a life."""

from __future__ import annotations

from typing_extensions import TypedDict

from risk_model.decisions import NextStep


class NextStepAnswer(TypedDict):
    """A step that leads on: who may take it (``only`` null: whoever has the role), who never, what comes with it.

    ``missing`` must be on record first; ``overdue_days`` counts from the day after ``deadline``, null where none runs.
    """

    step: str
    to: str
    roles: list[str]
    only: list[str] | None
    never: list[str]
    missing: list[str]
    asks: list[str]
    awaited: bool
    deadline: str | None
    overdue_days: int


def describe_step(step: NextStep) -> NextStepAnswer:
    """A step that leads on, in plain values."""
    return {
        "step": step.step.key,
        "to": step.step.to,
        "roles": list(step.step.roles),
        "only": None if step.only is None else sorted(step.only),
        "never": sorted(step.never),
        "missing": list(step.missing),
        "asks": list(step.step.asks),
        "awaited": step.awaited,
        "deadline": None if step.deadline is None else step.deadline.isoformat(),
        "overdue_days": step.overdue_days,
    }
