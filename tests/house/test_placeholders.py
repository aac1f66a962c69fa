"""Places in messages: whoever says one fills every place of it, and no other."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for storey in ("app", "gis_layers", "risk_model") for path in sorted((ROOT / storey).rglob("*.py"))]


def filled_wrongly(source: str) -> Iterator[str]:
    """Calls of ``msg`` whose values are not those of the template's places; where values come in bulk, none is judged."""
    for call in ast.walk(ast.parse(source)):
        match call:
            case ast.Call(func=ast.Name("msg"), args=[ast.Constant(str(template))], keywords=values):
                names = {one.arg for one in values}
                places = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
                if None not in names and names != places:
                    yield f"{call.lineno}: {template}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_place_of_a_message_is_filled_and_nothing_else_is_told(path: Path):
    assert list(filled_wrongly(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("slip", ["msg('{a}')", "msg('a', b=1)", "msg('{a} {b}', a=1)", "msg('{{{a}}}')"])
def test_a_place_left_open_is_found(slip: str):
    assert list(filled_wrongly(slip))


@pytest.mark.parametrize("sound", ["msg('{a}', a=1)", "msg('a')", "msg('{{a}}')", "msg('{a}', **told)"])
def test_a_message_that_is_filled_is_none(sound: str):
    assert not list(filled_wrongly(sound))
