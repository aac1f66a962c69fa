"""The border between stores and doors is typed: what a store hands out keeps its type on the way to an answer."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from typing_extensions import is_typeddict

from app.queue.schemas import JobAnswer
from risk_model.codes import enumeration

ROOT = Path(__file__).parents[2]
APP = sorted((ROOT / "app").rglob("*.py"))
STORES = sorted((ROOT / "gis_layers/stores").rglob("*.py"))
MOST_ANY = 8
"""Per 1,000 lines of ``app``."""
ROWS = {
    "baseline", "book", "check", "chosen", "day", "draft", "edition", "job", "kept", "new", "proposal", "run", "shown",
    "unit_set", "version",
}  # fmt: skip
"""Names parameters have that are rows of a store."""


def asks_the_database(function: ast.FunctionDef) -> bool:
    """Whether a function takes a session or a unit of work first, and is not its module's own affair."""
    first = next(iter(function.args.args), None)
    return first is not None and first.arg in ("session", "work") and not function.name.startswith("_")


def annotations(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The annotation of every parameter and of every answer (``return``) of the functions of a module."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = function.args
            for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                if one.annotation is not None:
                    yield one.arg, one.annotation
            if function.returns is not None:
                yield "return", function.returns


def is_any(annotation: ast.expr) -> bool:
    """Whether an annotation says nothing: Any, or Any or None, or a list or tuple of such."""
    if isinstance(annotation, ast.Subscript) and getattr(annotation.value, "id", "") in ("list", "tuple", "Sequence"):
        parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        return any(map(is_any, parts))
    if isinstance(annotation, ast.BinOp):
        return is_any(annotation.left) or is_any(annotation.right)
    return isinstance(annotation, ast.Name) and annotation.id == "Any"


def untyped(source: str) -> list[str]:
    """Rows a module takes, and functions that ask the database, without saying of which type the row or the answer is."""
    tree = ast.parse(source)
    asking = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and asks_the_database(node)]
    return [
        *(name for name, told in annotations(tree) if name in ROWS and is_any(told)),
        *(one.name for one in asking if one.returns is not None and is_any(one.returns)),
    ]


def test_any_is_rare_in_app():
    counted, lines = Counter[str](), 0
    for path in APP:
        source = path.read_text("utf-8")
        lines += source.count("\n")
        counted[path.relative_to(ROOT).parts[1]] += sum(
            isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(ast.parse(source))
        )
    assert 1000 * counted.total() / lines < MOST_ANY, counted.most_common()


MOMENT = re.compile(r"at|\w+_at")
DAY = re.compile(r"day|\w+_on|data_date|survey_date|valid_(?:from|to)")


def moments_as_text(source: str) -> list[str]:
    """Fields of answers that hold a moment or a day and say no more than that they are text."""
    fields = [
        (one.target.id, ast.unparse(one.annotation))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and any("TypedDict" in ast.unparse(base) for base in node.bases)
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    ]
    return [
        name for name, told in fields if (MOMENT.fullmatch(name) or DAY.fullmatch(name)) and re.match(r"str\b", told)
    ]


def test_no_answer_tells_a_moment_as_mere_text():
    found = {
        str(path.relative_to(ROOT)): moments_as_text(path.read_text("utf-8"))
        for path in APP
        if path.name == "schemas.py"
    }
    assert {path: names for path, names in found.items() if names} == {}
    assert moments_as_text("class A(TypedDict):\n    made_at: str\n    day: str | None\n    made_by: str") == [
        "made_at",
        "day",
    ]


def test_every_kind_of_job_has_a_shape_of_its_own():
    """Orders and results are told by kind: a new kind is described, or fails here."""
    shapes = get_args(get_args(JobAnswer.__value__)[0])
    kinds = [get_args(get_type_hints(one)["kind"])[0] for one in shapes]
    assert sorted(kinds) == sorted(enumeration("job_kind"))
    for one in shapes:
        assert all(is_typeddict(part) for part in get_args(get_type_hints(one)["result"]) if part is not type(None))
        assert is_typeddict(get_type_hints(one)["order"])


def test_no_row_of_a_store_is_any():
    found = {str(path.relative_to(ROOT)): untyped(path.read_text("utf-8")) for path in (*STORES, *APP)}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("source", [
    "def describe_run(run: Any) -> dict[str, str]: ...",
    "def shown_run(session: Session, number: int) -> Any | None: ...",
    "def list_own(work: Work) -> tuple[list[Any], int]: ...",
    "def figures_of(session, *, shown: Any | None) -> RunFigures: ...",
    "async def cancel(job: Job, proposal: list[Any]) -> None: ...",
])  # fmt: skip
def test_a_row_of_no_type_is_found(source):
    assert untyped(source)


def test_a_row_of_a_type_is_none():
    assert untyped("def describe_run(run: GradingRun, *, more: Any = None) -> RunAnswer: ...") == []
