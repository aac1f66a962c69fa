"""Gates recomputed: whether one passes and what speaks against a decision, said once more in plain words of lists."""

from __future__ import annotations

import datetime


def passes(asked, said, conditions, today, *, silence):
    """Whether every department asked has spoken well and every condition is settled; ``asked`` is due day by department."""
    for department, due_on in asked.items():
        if department not in said and not (silence and today > due_on):
            return False
    if any(word in ("disagree", "more_material") for word in said.values()):
        return False
    return all(closed or carried for closed, carried, _ in conditions)


def is_plain(decision, verdict, gate, today, *, silence, last, papers=True):
    """Whether a decision may be taken without overriding anything; ``gate`` is asked, said, conditions.

    ``papers``: every document that must be there is.
    """
    asked, said, conditions = gate
    if decision == "returned":
        return True
    everybody = all(department in said or (silence and today > due) for department, due in asked.items())
    if decision == "rejected":
        return everybody
    open_ones = [of_rule for closed, carried, of_rule in conditions if not closed and not carried]
    if verdict in ("prohibited", "insufficient_data") or not everybody or not papers:
        return False
    if {"disagree", "more_material"} & set(said.values()):
        return False
    if decision == "approved":
        return not open_ones
    return not open_ones or not last


def lacks(needed, kept):
    """Kinds of ``needed`` that are not among the documents ``kept``: pairs of kind and whether it is struck out."""
    standing = [kind for kind, struck in kept if not struck]
    return [kind for kind in needed if standing.count(kind) == 0]


def days(first: datetime.date, count: int) -> datetime.date:
    """The day so many days after another."""
    return datetime.date.fromordinal(first.toordinal() + count)
