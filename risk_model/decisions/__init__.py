"""Decisions as lives: the steps something takes, who may take them, what must be there, by when; read from data.

A life is a table of states and steps. What happened is a row of acts; the state follows from them. Whoever decides
asks ``next_steps``, and lets ``require_step`` say whether an act may be added.
"""

from risk_model.decisions.life import Life, LifeState, LifeStep
from risk_model.decisions.loader import (
    APPROVAL,
    GEOHAZARD_SITE,
    HIDDEN_DANGER,
    SITING_REVIEW,
    ZONE_DRAFT,
    life_of,
    read_life,
)
from risk_model.decisions.steps import (
    Act,
    Facts,
    NextStep,
    deadline_in,
    next_steps,
    open_matters,
    overdue_in,
    parties_of,
    replay,
    require_step,
)

__all__ = [
    "APPROVAL",
    "GEOHAZARD_SITE",
    "HIDDEN_DANGER",
    "SITING_REVIEW",
    "ZONE_DRAFT",
    "Act",
    "Facts",
    "Life",
    "LifeState",
    "LifeStep",
    "NextStep",
    "deadline_in",
    "life_of",
    "next_steps",
    "open_matters",
    "overdue_in",
    "parties_of",
    "read_life",
    "replay",
    "require_step",
]
