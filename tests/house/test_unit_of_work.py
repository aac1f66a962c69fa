"""One unit of work: nothing takes a session and its deployment side by side, nor opens a second session within one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
FILES = sorted(APP.rglob("*.py"))
IN_PAIRS = {"Session", "SessionOf"}, {"Deployment", "DeploymentOf", "Work", "WorkOf"}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def kinds_taken(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    told = function.args
    asked = (*told.posonlyargs, *told.args, *told.kwonlyargs)
    return {ast.unparse(one.annotation) for one in asked if one.annotation is not None}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_no_function_takes_a_session_beside_what_holds_one(path: Path):
    sessions, holders = IN_PAIRS
    pairs = [one.name for one in functions(path) if (taken := kinds_taken(one)) & sessions and taken & holders]
    assert pairs == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_nothing_in_a_unit_of_work_opens_a_session_of_its_own(path: Path):
    within = [one for one in functions(path) if kinds_taken(one) & {"Work", "WorkOf"}]
    opened = [
        f"{one.name}:{node.lineno}"
        for one in within
        for node in ast.walk(one)
        if isinstance(node, ast.Attribute) and node.attr == "sessions"
    ]
    assert opened == []
