"""Parts of a site in joint reviews: what of an answer is held against another, and conditions named with their part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.reports.part_words import with_part
from risk_model.message import Message
from risk_model.operators import Bilingual
from risk_model.rulebook import RuleBook
from risk_model.siting.parts import name_part

Answer = Mapping[str, Any]
WITHIN: Final = "\n"
"""Parts a theme from the name of a part; neither holds it."""
DECLARED: Final = ("name", "project_class", "seismic_class", "building_type", "geometry")


def same_site(one: Answer, other: Answer) -> bool:
    """Whether two answers judge the same outline, divided and declared in the same way."""
    return bool(one["site"] == other["site"] and _declared(one) == _declared(other))


def _declared(answer: Answer) -> list[dict[str, Any]]:
    parts = [{key: part[key] for key in DECLARED} for part in answer.get("parts", ())]
    return sorted(parts, key=lambda part: part["name"] or "")


def condition_of_part(condition: Answer) -> Answer:
    """A condition whose words name the part it is asked of; as it is of a site without parts."""
    if "part" not in condition:
        return condition
    named = name_part(Bilingual(condition["procedure"], condition["procedure_en"]), condition["part"])
    return {**condition, "procedure": named.zh, "procedure_en": named.en}


def part_of(finding: Answer) -> str:
    """What tells the findings of one part from those of another on the same ground; empty of a site without parts."""
    return f"part {finding['part'] or ''}" if "part" in finding else ""


def gaps_of(answer: Answer) -> frozenset[str]:
    """The themes without data, of a site with parts each with the part that lacks it."""
    if "parts" not in answer:
        return frozenset(answer["data_gaps"])
    return frozenset(f"{gap}{WITHIN}{part['name'] or ''}" for part in answer["parts"] for gap in part["data_gaps"])


def gap_words(gap: str, rulebook: RuleBook) -> Message:
    """A theme without data by name, with the part that lacks it."""
    theme, within, part = gap.partition(WITHIN)
    return with_part(rulebook.hazard_name(theme), {"part": part or None} if within else {})
