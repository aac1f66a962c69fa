"""Lives: what a state means stands in the data of its life; a second list of states, or a second way to decide, fails here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from app.hidden_dangers.schemas import FirstState
from app.siting.review_schemas import DecisionWord
from app.siting.reviews import DECIDING
from app.zones.draft_schemas import DraftState
from gis_layers.tables.base import Base
from risk_model.decisions import APPROVAL, GEOHAZARD_SITE, HIDDEN_DANGER, SITING_REVIEW, ZONE_DRAFT, life_of
from risk_model.enterprises.terms import enterprise_terms
from risk_model.rulebook import load_rulebook
from risk_model.vocabulary import Colour
from tests.house.test_one_place import called, nodes, places

ROOT = Path(__file__).parents[2]
LIVES = {
    key: frozenset(life_of(key).states) for key in (APPROVAL, GEOHAZARD_SITE, HIDDEN_DANGER, SITING_REVIEW, ZONE_DRAFT)
}
QUOTED = re.compile(r"""["']([a-z_]+)["']""")
LISTED = re.compile(r"[\[(]([^\[\](){}]*)[\])]|\{([^{}]*)\}|((?:[^\n;{}]|\{\{)*(?:\|\||\bor\b)[^\n;{}]*)")
NO_LIST = {
    "risk_model/vocabulary.py",  # the enumeration itself, for the type checker; compared with the life elsewhere
    "app/hidden_dangers/schemas.py",  # FirstState, likewise: see the test of it
    "app/zones/draft_schemas.py",  # DraftState, likewise
    "app/siting/review_schemas.py",  # DecisionWord, likewise
}


def states_listed(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """Line and words of whatever in a module may list states: collections, alternatives of a comparison, SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield node.lineno, {word for part in node.elts for word in _words(part)}
        elif isinstance(node, ast.Dict):
            yield node.lineno, {word for part in node.keys if part for word in _words(part)}
        elif isinstance(node, ast.BoolOp):
            compared = [part for one in node.values if isinstance(one, ast.Compare) for part in one.comparators]
            yield node.lineno, {word for part in compared for word in _words(part)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, set(QUOTED.findall(node.value))


def _words(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return {node.attr.lower()} if isinstance(node, ast.Attribute) and node.attr.isupper() else set()


def listed_in_text(text: str) -> Iterator[tuple[int, set[str]]]:
    """Likewise of a script or a template."""
    for found in LISTED.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, set(QUOTED.findall(found[0]))


def second_lists(file: str, found: Iterator[tuple[int, set[str]]]) -> set[str]:
    return {
        f"{file}:{line} lists states of {life}"
        for line, words in found
        for life, states in LIVES.items()
        if len(words & states) > 1 and file not in NO_LIST
    }


def test_no_second_list_of_the_states_of_a_life():
    told: set[str] = set()
    for room in ("app", "gis_layers", "risk_model"):
        for path in sorted((ROOT / room).rglob("*.py")):
            file = str(path.relative_to(ROOT))
            if not file.startswith(("gis_layers/migrations/", "gis_layers/demo/")):
                told |= second_lists(file, states_listed(ast.parse(path.read_text("utf-8"))))
    for folder, kind in (("static/js", "*.js"), ("app/templates", "*.html")):
        for path in sorted((ROOT / folder).rglob(kind)):
            told |= second_lists(str(path.relative_to(ROOT)), listed_in_text(path.read_text("utf-8")))
    assert told == set()


@pytest.mark.parametrize(
    "source",
    [
        'X = ("confirmed", "assigned", "rectifying")',
        'X = state in {"unfounded", "closed"}',
        "X = [DangerState.CONFIRMED, DangerState.ASSIGNED]",
        'X = {"open": 1, "returned": 2}',
        'X = state == "open" or state == "returned"',
        """X = text("state NOT IN ('returned','published')")""",
    ],
)
def test_a_second_list_in_python_is_found(source):
    assert second_lists("x.py", states_listed(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        'const OPEN = ["confirmed", "assigned"];',
        'if (one.state === "open" || one.state === "returned") show();',
        '{% if one.state in ("open", "returned") %}',
        '{% if one.state == "open" or one.state == "returned" %}',
    ],
)
def test_a_second_list_in_a_script_or_template_is_found(source):
    assert second_lists("x.js", listed_in_text(source))


def test_the_states_a_danger_may_be_registered_in_are_those_of_its_life():
    assert get_args(FirstState) == life_of(HIDDEN_DANGER).entries


def test_the_states_of_a_draft_are_those_of_its_life():
    assert set(get_args(DraftState)) == set(life_of(ZONE_DRAFT).states)


def test_a_review_is_decided_by_the_steps_of_its_life():
    assert set(get_args(DecisionWord)) == set(DECIDING)
    assert set(get_args(DecisionWord)) < set(life_of(SITING_REVIEW).states)


def test_what_a_danger_does_to_a_colour_follows_its_life():
    """The rules of enterprises name states; which of them are proven, and which are in hand, the life says."""
    terms, states = enterprise_terms(load_rulebook()), life_of(HIDDEN_DANGER).states.values()
    told = {
        Colour.RED: {one.key for one in states if one.level == "major" and one.due and not one.end},
        Colour.ORANGE: {one.key for one in states if one.level == "major" and not one.due and not one.end},
    }
    for colour, expected in told.items():
        assert {str(state) for state, brings in terms.overlay.items() if brings is colour} == expected
    assert {str(state) for state in terms.pending} == {one.key for one in states if not one.level and not one.end}
    assert set(terms.overlay.values()) == set(told)


def compares_author_with_decider(node: ast.AST) -> bool:
    """Whether whoever proposed is held against whoever decides."""
    if not isinstance(node, ast.Compare):
        return False
    sides = [ast.unparse(side).lower() for side in (node.left, *node.comparators)]
    authors = [bool(re.search(r"author|propos(er|ed_by)|reporter|rectifier|reviewer", side)) for side in sides]
    deciders = [bool(re.search(r"principal|actor|decid|approv|\bby\b|\.name$", side)) for side in sides]
    return any(a and d for one, a in enumerate(authors) for two, d in enumerate(deciders) if one != two)


def test_nobody_else_holds_authors_against_deciders():
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("app", "gis_layers", "risk_model")
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.relative_to(ROOT).parts[:2] != ("risk_model", "decisions")
        and str(path.relative_to(ROOT)) != "gis_layers/stores/decisions.py"  # keeps each author once
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if compares_author_with_decider(node)
    }
    assert found == set()


@pytest.mark.parametrize(
    "source", ["proposal.authors != principal.name", "actor in decision.authors", "row.proposed_by == approver"]
)
def test_such_a_comparison_is_found(source):
    assert any(compares_author_with_decider(node) for node in ast.walk(ast.parse(source)))


def test_who_decided_is_kept_with_decisions_alone():
    kept = {
        table.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if re.fullmatch(r"(approved|decided|returned|reviewed|withdrawn)_by|authors", column.name)
    }
    assert kept == {"decisions"}


def test_whoever_decides_asks_the_model():
    """Routes that approve, return, withdraw or propose again hand over what was asked; acts are judged in one place."""
    doors = [
        (file, node)
        for file, node in nodes()
        if isinstance(node, ast.FunctionDef)
        for one in node.decorator_list
        if re.search(r"/(approve|return|withdraw|resubmit)'", ast.unparse(one)) and "post" in ast.unparse(one)
    ]
    assert doors
    for file, door in doors:
        assert "Asked" in {called(node) for node in ast.walk(door)}, f"{file}:{door.lineno}"
    assert places(lambda node: called(node) == "require_step") == {"app/judgement/approval.py"}
    assert places(lambda node: called(node) == "next_steps") == {
        "app/judgement/approval.py",
        "app/geohazard_sites/service.py",
        "app/hidden_dangers/service.py",
    }


def test_days_late_are_counted_in_one_place():
    def counts(node: ast.AST) -> bool:
        return called(node) == "max" and ".days" in ast.unparse(node) and "0" in ast.unparse(node)

    assert places(counts) == {"risk_model/deadlines.py"}
