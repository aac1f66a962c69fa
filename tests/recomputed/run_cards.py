"""Run cards and the set that meets one by code of its own: the rule file as it lies there, and every set of forces tried."""

import tomllib
from itertools import combinations
from pathlib import Path

FILE = Path(__file__).parents[2] / "risk_model" / "rules" / "run_cards.toml"
LEVELS = ["first", "second", "third", "fourth"]


def card_of(kind, place, time, level):
    """Key and needs of the card for an incident; its ordinary level where ``level`` is None."""
    best = None
    for key, row in tomllib.loads(FILE.read_text(encoding="utf-8")).items():
        if key in ("version", "terms") or row["kind"] != kind:
            continue
        if ("places" in row and place not in row["places"]) or ("times" in row and time not in row["times"]):
            continue
        weight = ("places" in row) * 2 + ("times" in row)
        if best is None or weight > best[0]:
            best = (weight, key, row)
    _, key, row = best
    at = LEVELS.index(level or row["ordinary"])
    return key, {word: counts[at] for word, counts in row["needs"].items() if counts[at] > 0}


def short(forces, needs):
    """What is lacking of ``needs`` where these forces (pairs of seconds and capabilities) come."""
    there = {word: sum(word in can for _, can in forces) for word in needs}
    return {word: needs[word] - there[word] for word in needs if there[word] < needs[word]}


def soonest(forces, needs, within_s):
    """When the first of all sets that bring what can be brought in time is complete, and what that lacks."""
    there = sorted(((s, can) for s, can in forces if s is not None and s <= within_s), key=lambda one: one[0])
    lacks = short(there, needs)
    times = [
        max((s for s, _ in some), default=0.0)
        for size in range(len(there) + 1)
        for some in combinations(there, size)
        if short(some, needs) == lacks
    ]
    return min(times), lacks
