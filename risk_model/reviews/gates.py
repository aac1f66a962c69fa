"""Gates read from their TOML and checked: the stages of every route in order, whom each asks within how many days, which documents it needs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from risk_model.errors import InvalidRule
from risk_model.message import Message, bilingual, msg
from risk_model.reviews.documents import NeededDocument
from risk_model.reviews.vocabulary import ReviewDepartment, ReviewDocumentKind, ReviewRoute, ReviewStage


@dataclass(frozen=True, slots=True)
class ReviewGate:
    """One gate of a route: its stage, the departments it asks, the days each has, the stage before and after, the documents it needs."""

    route: ReviewRoute
    stage: ReviewStage
    departments: tuple[ReviewDepartment, ...]
    days: int
    before: ReviewStage | None
    after: ReviewStage | None
    documents: tuple[NeededDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The gates of one kind of project in order, with what the order rests on and how sure that is."""

    key: ReviewRoute
    gates: tuple[ReviewGate, ...]
    basis: Message
    confidence: str


@dataclass(frozen=True, slots=True)
class Gates:
    """Every route by its key."""

    routes: Mapping[ReviewRoute, Route]

    def gate(self, route: ReviewRoute, stage: ReviewStage) -> ReviewGate | None:
        """The gate of a stage on a route; None where projects of that kind do not pass it."""
        return next((gate for gate in self.routes[route].gates if gate.stage is stage), None)


@cache
def packaged_gates() -> Gates:
    """The packaged gates. Raises InvalidRule where they are unsound."""
    file = resources.files("risk_model") / "reviews" / "gates.toml"
    return read_gates(tomllib.loads(file.read_text(encoding="utf-8")))


def read_gates(table: Mapping[str, Any]) -> Gates:
    """Read the gates. Raises InvalidRule, which names the place and what it lacks."""
    for trouble in _troubles(table):
        raise InvalidRule(msg("reviews/gates.toml：{trouble}", trouble=trouble))
    return Gates({ReviewRoute(key): _route(ReviewRoute(key), told, table) for key, told in table["routes"].items()})


def _route(key: ReviewRoute, told: Mapping[str, Any], table: Mapping[str, Any]) -> Route:
    stages = [ReviewStage(stage) for stage in told["stages"]]
    own = told.get("departments", {})
    gates = tuple(
        ReviewGate(
            key,
            stage,
            tuple(map(ReviewDepartment, own.get(stage, table["stages"][stage]["departments"]))),
            int(table["stages"][stage]["days"]),
            stages[place - 1] if place else None,
            stages[place + 1] if place + 1 < len(stages) else None,
            tuple(_needed(one) for one in table.get("documents", ()) if f"{key}/{stage}" in one["gates"]),
        )
        for place, stage in enumerate(stages)
    )
    return Route(key, gates, bilingual(told["basis_zh"], told["basis_en"]), told["confidence"])


def _needed(told: Mapping[str, Any]) -> NeededDocument:
    return NeededDocument(
        ReviewDocumentKind(told["kind"]),
        bool(told.get("required", False)),
        bilingual(told.get("where_zh", ""), told.get("where_en", "")),
        bilingual(told["basis_zh"], told["basis_en"]),
        told["confidence"],
    )


def _troubles(table: Mapping[str, Any]) -> Iterable[str]:
    if missing := {str(route) for route in ReviewRoute} ^ table["routes"].keys():
        yield msg("审批方式不全或不认识：{names}", names=sorted(missing))
        return
    for name, stage in table["stages"].items():
        if stage["days"] < 1 or not stage["departments"]:
            yield msg("环节 {name}：请写明征求意见的部门和天数", name=name)
        yield from _unknown(name, stage["departments"])
    for name, route in table["routes"].items():
        if not route["stages"] or len(set(route["stages"])) < len(route["stages"]):
            yield msg("{name}：环节为空或写了两次", name=name)
        if unknown := set(route["stages"]) - table["stages"].keys():
            yield msg("{name}：没有环节 {unknown}", name=name, unknown=sorted(unknown))
        for asked in route.get("departments", {}).values():
            yield from _unknown(name, asked)
    yield from _document_troubles(table)


def _document_troubles(table: Mapping[str, Any]) -> Iterable[str]:
    gates = {f"{key}/{stage}" for key, route in table["routes"].items() for stage in route["stages"]}
    seen: set[tuple[str, str]] = set()
    for told in table.get("documents", ()):
        if told["kind"] not in {str(kind) for kind in ReviewDocumentKind}:
            yield msg("不认识的材料 {name}", name=told["kind"])
        if unknown := sorted(set(told["gates"]) - gates):
            yield msg("{name}：没有环节 {unknown}", name=told["kind"], unknown=unknown)
        if twice := sorted(gate for gate in told["gates"] if (gate, told["kind"]) in seen):
            yield msg("{name}：在 {gates} 写了两次", name=told["kind"], gates=twice)
        seen |= {(gate, told["kind"]) for gate in told["gates"]}


def _unknown(name: str, departments: Iterable[str]) -> Iterable[str]:
    if unknown := set(departments) - {str(department) for department in ReviewDepartment}:
        yield msg("{name}：不认识的部门 {unknown}", name=name, unknown=sorted(unknown))
