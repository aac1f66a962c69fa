"""Lives read from their TOML and checked; a life that could lock somebody in is refused when it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from risk_model.decisions.life import Life, LifeState, LifeStep
from risk_model.errors import InvalidRule
from risk_model.message import msg

APPROVAL = "approval"
"""The life of what one person proposes and another puts in force."""
HIDDEN_DANGER = "hidden_danger"
"""The life of a hidden danger, from its registration to its end."""
SITING_REVIEW = "siting_review"
"""The life of a joint review at one gate."""
GEOHAZARD_SITE = "geohazard_site"
"""The life of a geohazard site, from its recognition until it is struck off."""
ZONE_DRAFT = "zone_draft"
"""The life of a draft of zones, until it is published."""


@cache
def life_of(key: str) -> Life:
    """The packaged life of this key. Raises InvalidRule where it is unsound."""
    file = resources.files("risk_model") / "decisions" / f"{key}.toml"
    return read_life(tomllib.loads(file.read_text(encoding="utf-8")))


def read_life(table: Mapping[str, Any]) -> Life:
    """Read one life. Raises InvalidRule, which names the life, the place and the mend."""
    key = str(table["key"])
    states = {name: _state(name, told) for name, told in table["states"].items()}
    steps = {told["key"]: _step(told) for told in table["steps"]}
    parties = {name: tuple(taken) for name, taken in table.get("parties", {}).items()}
    life = Life(key, states, steps, parties)
    for trouble in _troubles(life, doubled=len(table["steps"]) - len(steps)):
        raise InvalidRule(msg("decisions/{key}.toml：{trouble}", key=key, trouble=trouble))
    return life


def _state(key: str, told: Mapping[str, Any]) -> LifeState:
    return LifeState(
        key,
        told.get("end", False),
        tuple(told.get("awaits", ())),
        told.get("awaits_of"),
        told.get("due"),
        told.get("level"),
        tuple(told.get("records", ())),
        told.get("entry", False),
        told.get("passed", False),
    )


def _step(told: Mapping[str, Any]) -> LifeStep:
    lists = {name: tuple(told.get(name, ())) for name in ("roles", "only", "never", "needs", "asks", "records")}
    names, leaves = (told["name_zh"], told["name_en"]), frozenset(told.get("from", ()))
    matters: dict[str, Any] = {name: told.get(name) for name in ("opens", "settles")}
    every: dict[str, Any] = {**lists, **matters}
    return LifeStep(told["key"], names, leaves, told["to"], **every)


def _troubles(life: Life, *, doubled: int) -> Iterable[str]:
    if doubled:
        yield msg("有一步写了两次；每一步用自己的 key")
    yield from _unknown_words(life)
    if not life.beginnings:
        yield msg("没有开始的一步；请去掉其中一步的 `from`")
    for state in life.states.values():
        if state.end == bool(life.leaving(state.key)):
            yield msg("状态 {state}：终结状态没有出去的步骤，其他状态必须有", state=state.key)
        if {step for step in state.awaits if state.key not in life.steps[step].leaves}:
            yield msg("状态 {state} 等待的步骤并不从它出去", state=state.key)
    if unreached := life.states.keys() - _reached(life):
        yield msg("没有路径到达 {states}", states=sorted(unreached))
    if stuck := [state for state in life.states if not _reached_from(life, {state}) & set(life.ends)]:
        yield msg("从 {states} 没有路径到达终结", states=stuck)


def _unknown_words(life: Life) -> Iterable[str]:
    for step in life.steps.values():
        if unknown := ({*step.leaves, step.to} - life.states.keys()) | (
            {*step.only, *step.never} - life.parties.keys()
        ):
            yield msg("步骤 {step}：{unknown} 不是这里的状态或参与者", step=step.key, unknown=sorted(unknown))
        if not step.roles:
            yield msg("步骤 {step}：请在 `roles` 中写明谁可以办理", step=step.key)
    opened = {step.opens: step.asks for step in life.steps.values() if step.opens}
    for step in life.steps.values():
        if step.settles is not None and step.settles not in opened:
            yield msg("步骤 {step}：没有步骤提出 {matter}", step=step.key, matter=step.settles)
        if unknown := {*step.records} - {*step.asks, *opened.get(step.settles or "", ())}:
            yield msg("步骤 {step} 要记录 {unknown}，但没有人提供", step=step.key, unknown=sorted(unknown))
    told = {step for taken in life.parties.values() for step in taken}
    told |= {step for state in life.states.values() for step in state.awaits}
    if unknown := told - life.steps.keys():
        yield msg("{unknown} 不是这里的步骤", unknown=sorted(unknown))
    if unknown := {state.awaits_of for state in life.states.values() if state.awaits_of} - life.parties.keys():
        yield msg("{unknown} 不是这里的参与者", unknown=sorted(unknown))


def _reached(life: Life) -> set[str]:
    return _reached_from(life, {step.to for step in life.beginnings})


def _reached_from(life: Life, states: set[str]) -> set[str]:
    reached = set(states)
    while further := {step.to for step in life.steps.values() if step.leaves & reached} - reached:
        reached |= further
    return reached
