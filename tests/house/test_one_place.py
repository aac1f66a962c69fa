"""One fact, one place: what the house does in one place is done in no second one."""

import ast
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = (ast.Call, ast.FunctionDef, ast.Import, ast.ImportFrom, ast.Constant, ast.keyword, ast.Attribute)


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """Every node of ``KINDS`` of the source with its file."""
    return tuple(
        (str(path.relative_to(ROOT)), node)
        for storey in ("app", "gis_layers", "risk_model")
        for path in sorted((ROOT / storey).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, KINDS)
    )


def places(holds: Callable[[ast.AST], bool], storey: str = "") -> set[str]:
    """The files with a node of which ``holds`` is true."""
    return {name for name, node in nodes() if name.startswith(storey) and holds(node)}


def called(node: ast.AST) -> str:
    """The last name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def calls(name: str) -> Callable[[ast.AST], bool]:
    return lambda node: called(node) == name


def functions_calling(*names: str) -> set[str]:
    """The files with a function that calls all of ``names``."""
    functions = [(file, node) for file, node in nodes() if isinstance(node, ast.FunctionDef)]
    return {file for file, one in functions if set(names) <= {called(node) for node in ast.walk(one)}}


def test_who_lives_and_what_stands_on_ground_is_counted_in_one_place():
    sharing = places(calls("find_residents"))
    assert sharing == {"risk_model/exposure.py", "risk_model/grading/people.py"}, (
        "grading spreads people over its units"
    )
    assert places(calls("measure"), "app") == set()
    assert places(calls("Things")) == {"app/judgement/inventory.py"}
    assert places(calls("DwellingFootprints")) == {"app/judgement/population.py"}


def test_every_door_asks_the_one_count():
    assert "app/overview/exposure.py" in places(calls("exposed_under_each"))
    assert "app/rulebook/impact.py" in places(calls("exposed_under"))
    assert "app/chains/service.py" in places(calls("list_exposed"))
    assert {"risk_model/guidance.py", "risk_model/exposure.py"} <= places(calls("find_residents_on"))


def test_slightly_crossed_shapes_are_joined_in_one_place():
    assert functions_calling("make_valid", "union_all") == {
        "risk_model/shapes.py",
        "gis_layers/geometry.py",  # the repair proposed to a person, who accepts it or not
    }


def test_polygons_are_cut_into_pieces_in_one_place():
    assert functions_calling("box", "intersection", "get_num_coordinates") == {"risk_model/shapes.py"}


def test_an_array_of_objects_is_filled_in_one_place():
    def fills(node: ast.AST) -> bool:
        if called(node) != "empty" or not isinstance(node, ast.Call) or not node.args:
            return False
        kinds = [*node.args[1:], *(word.value for word in node.keywords if word.arg == "dtype")]
        objects = any(isinstance(kind, ast.Name) and kind.id == "object" for kind in kinds)
        return objects and not (isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)

    assert places(fills) == {"risk_model/shapes.py"}


def imports(*modules: str) -> Callable[[ast.AST], bool]:
    """Whether a node imports one of ``modules`` or something out of it."""

    def does(node: ast.AST) -> bool:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        return any(name == one or name.startswith(f"{one}.") for name in names for one in modules)

    return does


def test_what_is_computed_once_is_kept_in_one_place():
    """No second cache with a lock of its own: one that computed under it would keep every other key waiting."""
    assert places(imports("cachetools")) == {"app/platform/once.py"}
    locks = places(lambda node: called(node) in {"Lock", "RLock"}, "app") | places(imports("threading"), "risk_model")
    assert locks == {"app/platform/once.py"}


def test_whoever_has_an_answer_already_is_told_so_in_one_place():
    def tells(node: ast.AST) -> bool:
        header = isinstance(node, ast.Constant) and str(node.value).lower() == "if-none-match"
        status = isinstance(node, ast.keyword) and node.arg == "status_code" and isinstance(node.value, ast.Constant)
        return header or (status and node.value.value == 304)

    assert places(tells) == {"app/http/etags.py"}


def test_tags_of_states_are_made_and_compared_in_one_place():
    """A tag is a quoted text: none is put together beside the place that makes them, none compared beside it."""

    def makes(node: ast.AST) -> bool:
        quoted = isinstance(node, ast.JoinedStr) and len(node.values) > 1
        ends = [node.values[0], node.values[-1]] if isinstance(node, ast.JoinedStr) and quoted else []
        return bool(ends) and all(isinstance(one, ast.Constant) and one.value in {'"', 'W/"'} for one in ends)

    trees = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "app").rglob("*.py"))
    }
    assert {name for name, tree in trees.items() if any(makes(node) for node in ast.walk(tree))} == set()
    assert places(lambda node: isinstance(node, ast.FunctionDef) and node.name in {"etag_of", "digest_tag"}) == {
        "app/platform/etags.py"
    }
    assert places(calls("PreconditionMissing")) == {"app/platform/etags.py"}
    assert places(calls("require_seen")) == {"app/http/etags.py", "app/judgement/approval.py"}


def test_files_of_forms_are_received_in_one_place():
    def receives(node: ast.AST) -> bool:
        return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "file"

    assert places(receives, "app") == {"app/http/uploads.py"}


def test_answers_are_compressed_in_one_place():
    assert places(imports("starlette.middleware.gzip")) == {"app/middleware/compression.py"}
    # Tiles are kept packed: each is packed once and sent many times.
    assert places(imports("gzip"), "app") == {"app/tiles/routes.py"}


def test_pictures_are_written_and_read_in_one_place():
    assert places(imports("PIL")) == {"gis_layers/raster.py"}
    assert (
        places(lambda node: isinstance(node, ast.Constant) and node.value in {b"IHDR", b"\x89PNG\r\n\x1a\n"}) == set()
    )


def test_work_that_comes_by_itself_is_ordered_in_one_place():
    """The calendar says what is due, one look orders it, and a person orders it by hand: no second clock strikes."""
    assert places(calls("order_turn")) == {"app/worker/upkeep.py"}
    assert places(calls("order_by_hand")) == {"app/jobs/calendar.py"}
    assert places(lambda node: called(node) in {"due", "retries_due"}) == {"app/worker/upkeep.py"}
    assert places(imports("sched", "schedule", "apscheduler", "croniter")) | places(calls("Timer")) == set()


def test_paper_is_laid_out_in_one_room():
    assert places(imports("weasyprint")) == {"app/reports/pdf.py"}
    assert places(imports("docx", "docxtpl")) == {
        "app/reports/letters.py",
        "app/reports/word.py",
        "app/reports/word_template.py",
    }
    assert places(imports("matplotlib")) == {"app/reports/picture.py", "app/reports/picture_sheet.py"}


def test_every_workbook_people_read_is_written_in_one_place():
    """A check hands its tables to programs; whatever a person opens has heads that stay, filters and readable columns."""
    assert places(imports("openpyxl"), "app") == {"app/reports/workbook.py"}
    assert places(calls("write_tables"), "app") == {"app/exchange/checks.py"}


def test_figures_are_written_in_one_place_on_each_side():
    assert places(calls("quantize"), "app") == {"app/http/figures.py"}
    scripts = sorted((ROOT / "static/js").rglob("*.js"))
    formatting = {str(path.relative_to(ROOT)) for path in scripts if "Intl.NumberFormat" in path.read_text("utf-8")}
    assert formatting == {"static/js/core/figures.js"}


def test_an_opinion_is_placed_by_one_template():
    """Page, print and report include it; a second template that reads an opinion would say it a second time."""
    reads = re.compile(r"\bopinion\.(?:themes|conditions|notes|gaps|firmness|advice)\b")
    templates = ROOT / "app" / "templates"
    found = {
        str(path.relative_to(templates)) for path in templates.rglob("*.html") if reads.search(path.read_text("utf-8"))
    }
    assert found == {"opinion/_opinion.html"}
