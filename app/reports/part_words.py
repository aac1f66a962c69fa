"""Parts of a site in the words of an opinion: which part something is told of, and how a theme stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.reports.told import as_written
from risk_model.message import Message, msg

REST: Final = msg("其余部分")
NO_DATA: Final = "no_data"

Told = Mapping[str, Any]


def part_name(name: str | None) -> Message:
    """Name of a part; what the parts leave has none of its own."""
    return as_written(name) if name else REST


def ground_words(one: Told) -> Message | None:
    """The part a finding, a condition or a note speaks of; None of a site without parts."""
    if "part" not in one:
        return None
    return msg("分区“{name}”", name=as_written(one["part"])) if one["part"] else REST


def with_part(words: Message, one: Told) -> Message:
    """``words`` with the part they are told of."""
    part = ground_words(one)
    return words if part is None else msg("{words}（{part}）", words=words, part=part)


def state_of(finding: Told, theme: Told) -> Told:
    """How a theme stands on the part a finding speaks of; the theme itself of a site without parts."""
    of = finding.get("part")
    return next((one for one in theme.get("parts", ()) if one["part"] == of), theme)


def is_unknown(finding: Told, theme: Told) -> bool:
    """Whether nothing of the ground a finding speaks of was surveyed: a mild grade tells nothing then; a rule that is touched does."""
    state = state_of(finding, theme)
    return bool(state["status"] == NO_DATA and not state["covered_share"] and not finding["rule"])


def themes_unknown(themes: Sequence[Told]) -> list[Told]:
    """The themes without data, of a site with parts those without data on any: with what is found there, and whether one may do without."""
    return [unknown for theme in themes for unknown in _unknown(theme)]


def _unknown(theme: Told) -> Iterator[Told]:
    if "parts" not in theme:
        if theme["status"] == NO_DATA:
            yield theme
        return
    lacking = {one["part"]: one for one in theme["parts"] if one["status"] == NO_DATA}
    if lacking:
        yield {
            **theme,
            "status": NO_DATA,
            "mandatory": any(one["mandatory"] for one in lacking.values()),
            "findings": [one for one in theme["findings"] if one["part"] in lacking],
        }


def answer_of_part(answer: Told, part: Told) -> dict[str, Any]:
    """The ``answer`` as far as it speaks of one part."""
    name = part["name"]
    themes = []
    for theme in answer["themes"]:
        state = next((one for one in theme["parts"] if one["part"] == name), None)
        if state is not None:
            found = [one for one in theme["findings"] if one["part"] == name]
            whole = {key: value for key, value in theme.items() if key != "parts"}
            themes.append({**whole, **state, "findings": found})
    return {"verdict": part["verdict"], "themes": themes}
