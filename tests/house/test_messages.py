"""Messages to people: every one is said through ``msg`` and stands in both languages, wherever in the source it is.

The walk takes every Python file and every template there is, so that a new folder is looked at by itself. What it leaves
out is named below, each with its reason.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.http.i18n import catalogue
from risk_model.rulebook import load_rulebook

ROOT = Path(__file__).parents[2]
STOREYS = ("app", "gis_layers", "risk_model")
SPOKEN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""Chinese letters or Chinese punctuation."""
WORDS = re.compile(r"[A-Za-z'’]{2,} [a-z'’]{2,}")
"""Two English words in a row: in what is raised or noted, that is a sentence already."""
SENTENCE = re.compile(r"[A-Za-z][a-z'’]*(?: [a-z'’]+){2,}")
"""Three words in a row: anywhere else."""

SAID = frozenset({"msg", "bilingual", "Message", "Bilingual", "InTwo"})
"""The ways to say something in both languages."""
SAYING = frozenset({
    "note", "progress", "refuse", "refuse_file", "say", "_say", "wrong", "tell_refusal", "told", "_refuse",
    "Problem", "RepairMade", "confirm", "prompt",
})  # fmt: skip
"""Calls that say something to people, beside those of errors."""
UNSAID = frozenset({"code", "param_hint", "field", "action", "audited", "op"})
"""Arguments that programs read."""

FOR_PROGRAMMERS = {
    "AssertionError": "a slip of ours, told with its place in the log",
    "KeyError": "a slip of ours",
    "LookupError": "a slip of ours: asked for what whoever asks has made",
    "RuntimeError": "a slip of ours, where a library is not what it was",
    "TypeError": "a slip of ours: another kind of value than the signature takes",
    "UnpicklingError": "what a confined process may not answer; its caller says that it died",
    "OSError": "what the kernel lacks, in its own words; `anzhi doctor` quotes it",
    "JSONDecodeError": "in the words of the standard parser, whose place it takes; quoted by the reader of the file",
    "OutsideAsset": "a map that asks the network for a file: a slip of ours, caught by the tests of maps",
}
"""Classes of errors that nobody but a programmer meets, with why."""
FOR_PROGRAMMERS_HERE = {
    "app/reports/pdf.py": "a page of ours that asks for a picture it was not given",
    "gis_layers/exchange/formats/registry.py": "a format registered without its parts fails when the program is loaded",
    "gis_layers/sandbox/limits.py": "a profile is a constant of its caller",
    "gis_layers/sandbox/nurseries.py": "profiles are constants of their callers",
    "risk_model/codes.py": "the file of codes is read when the program is loaded, from the package alone",
    "risk_model/readiness.py": "likewise the limits of what a register says",
    "risk_model/dispatch/together.py": "likewise the time within which run cards are met",
    "risk_model/dispatch/forces.py": "likewise the times of turnout",
    "risk_model/editing/values.py": "likewise the limits of what is wrong with a zone",
    "gis_layers/roads/speeds.py": "likewise the speeds on roads",
    "risk_model/dispatch/coverage.py": "likewise the standards of coverage",
    "risk_model/dispatch/report_limits.py": "likewise the limits of reports",
    "gis_layers/shifted.py": "a system the schema of the request does not let through",
    "risk_model/editing/authority.py": "likewise whose ground a theme is",
    "risk_model/dispatch/authority.py": "likewise the authority over forces",
    "risk_model/dispatch/shelters.py": "likewise the rules of shelters",
    "risk_model/dispatch/response.py": "likewise what is asked of the response to a site",
    "risk_model/dispatch/avoided.py": "likewise what is held of roads that are gone",
}
"""Files whose ``ValueError`` is a slip of ours."""

SILENT = frozenset({
    "debug", "info", "warning", "error", "exception", "critical",
    "Option", "Argument", "Typer", "Deferred",
    "Field", "Query", "Path", "Body", "Form", "File", "Header", "Cookie", "APIRouter", "RefusalReason",
    "record_audit", "_audit", "Thread", "Process", "cursor", "execute", "text", "SQL", "_ask", "CheckConstraint",
    "Template", "compile",
})  # fmt: skip
"""Calls whose texts are no messages: logs, the help of commands, the description of the API, marks kept for programs, SQL."""
QUOTED = {
    "app/accounts/passwords.py": "passwords everybody tries first",
    "app/cli/doctor.py": "names of parts and belts, as programs read them; what people read stands beside each",
    "app/cli/imports.py": "the help of commands",
    "app/cli/check.py": "the help of commands",
    "app/cli/handing_over.py": "the help of commands",
    "app/exchange/provenance.py": "a sheet of a workbook, in both languages line by line",
    "app/http/geojson.py": "the description of the API",
    "app/http/handing_over.py": "the description of the API",
    "app/http/health.py": "the description of the API",
    "app/http/openapi.py": "the description of the API",
    "app/http/templates.py": "the policy of a page for its browser",
    "app/http/security_headers.py": "the policy of a page for its browser",
    "app/intake/receipts.py": "acts in the audit",
    "gis_layers/stores/records.py": "an act in the audit",
    "app/middleware/heads.py": "the answer to what never became a request: a line in ASCII, by the protocol",
    "app/platform/rulebooks.py": "a mark in the session",
    "app/platform/settings.py": "descriptions of settings",
    "app/registers/basemap.py": "the description of the API",
    "app/reports/deliveries.py": "a command to type",
    "app/reports/word_template.py": "fields of a template",
    "app/server/privileges.py": "a program for the interpreter",
    "app/tiles/routes.py": "the description of the API",
    "gis_layers/backups/dump.py": "words of PostgreSQL, looked for in what it printed",
    "gis_layers/backups/measures.py": "SQL",
    "gis_layers/crs.py": "words of PROJ and names of datums",
    "gis_layers/disk.py": "words of systems, looked for in what they say",
    "gis_layers/embedded/initialise.py": "a file of settings of PostgreSQL",
    "gis_layers/embedded/keeper.py": "the name of a thread",
    "gis_layers/embedded/server.py": "words of PostgreSQL, looked for in its log",
    "gis_layers/exchange/delivery/raw.py": "words of GDAL, looked for in what it says",
    "gis_layers/geometry.py": "words of GEOS, each with its Chinese",
    "gis_layers/sandbox/belts.py": "names of belts, as programs read them",
    "gis_layers/stores/forces.py": "SQL",
    "gis_layers/stores/refusals.py": "why nobody meets a constraint",
    "risk_model/rulebook/overlay_application.py": "the sentence of a rule, in both languages",
    "risk_model/siting/findings.py": "a finding, in both languages",
}
"""Files that hold English sentences which are no messages, with what they are. It excuses no error and no note."""
QUOTED_FOLDERS = {"gis_layers/migrations/versions": "SQL"}
DATA = {
    "app/accounts/service.py": "the mark before the names of demo accounts",
    "app/assessments/schemas.py": "the disclaimer, a part of the answer by contract",
    "app/chains/service.py": "the disclaimer, a part of the answer by contract",
    "app/dispatch/coverage_basis.py": "the disclaimer, a part of the answer by contract",
    "app/exchange/provenance.py": "a sheet of a workbook, in both languages line by line",
    "app/exchange/township.py": "the reason of the first edition, kept",
    "app/guidance/workbook.py": "a workbook, whose sheets are Chinese",
    "app/main.py": "the name of the product",
    "app/places/coordinates.py": "patterns of coordinates",
    "app/places/labels.py": "labels of codes",
    "app/places/schemas.py": "examples",
    "app/platform/rulebooks.py": "a reason that is kept",
    "app/reports/deliveries.py": "a command to type",
    "app/reports/word_template.py": "names of fonts",
    "app/rulebook/forms.py": "words a form takes",
    "gis_layers/crs.py": "names of datums",
    "gis_layers/spelling.py": "how places are written",
    "gis_layers/stakes.py": "how stakes are written",
    "gis_layers/stores/checks.py": "the mark before the numbers of checks",
    "gis_layers/stores/reviews.py": "likewise of reviews",
    "gis_layers/stores/gazetteer.py": "what the gazetteer keeps of a village",
    "gis_layers/tables/projects.py": "codes",
    "risk_model/enterprises/chemicals.py": "places in a standard",
    "risk_model/grading/cells.py": "names of cells",
    "risk_model/operators.py": "a condition, in both languages",
    "risk_model/rulebook/overlay_application.py": "the sentence of a rule, in both languages",
    "risk_model/vocabulary.py": "codes",
}
"""Files that hold Chinese which is no message, with what it is. It excuses no error and no note."""
DATA_FOLDERS = {
    "app/cli": "the help of commands names classes of secrecy",
    "app/http/handing_over.py": "the description of the API names classes of secrecy",
    "app/platform/settings.py": "descriptions of settings",
    "gis_layers/demo": "invented names",
    "gis_layers/exchange": "words and patterns looked for in files",
    "gis_layers/migrations": "codes",
    "risk_model/siting": "an opinion, in both languages",
}


@cache
def trees() -> dict[str, ast.Module]:
    """Every Python file of ours by its path."""
    paths = [path for storey in STOREYS for path in sorted((ROOT / storey).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


@cache
def errors() -> frozenset[str]:
    """Every class of errors of ours: whatever has an error among its ancestors, by name."""
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)}
    found |= {base for many in bases.values() for base in many if base.endswith(("Error", "Exception"))}
    while more := {name for name, many in bases.items() if many & found} - found:
        found |= more
    return frozenset(found)


def called(node: ast.AST) -> str:
    """The last name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def texts(node: ast.AST, *, leaving: frozenset[str]) -> Iterator[tuple[ast.expr, str]]:
    """Every text below ``node`` with its words, but what is said in a call of ``leaving`` and what programs read."""
    if isinstance(node, ast.JoinedStr):
        yield node, "".join(part.value if isinstance(part, ast.Constant) else " " for part in node.values)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node, node.value
        return
    if called(node) in leaving:
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.keyword) and child.arg in UNSAID):
            yield from texts(child, leaving=leaving)


def said_to_people(tree: ast.Module) -> Iterator[ast.AST]:
    """Everything that is raised, and every call that makes an error or says something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None and not isinstance(node.exc, ast.Call):
            yield node.exc
        elif isinstance(node, ast.Call) and (called(node) in SAYING or called(node) in errors()):
            yield node


def unsaid(path: str, tree: ast.Module) -> Iterator[str]:
    """Texts that reach people without ``msg``: Chinese that forgets its English, English that has no Chinese."""
    for node in said_to_people(tree):
        name = called(node)
        if name in FOR_PROGRAMMERS or (name == "ValueError" and path in FOR_PROGRAMMERS_HERE):
            continue
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.keyword) and child.arg in UNSAID:
                continue
            for text, words in texts(child, leaving=SAID):
                if SPOKEN.search(words) or WORDS.search(words):
                    yield f"{path}:{text.lineno}: {words}"


def test_whatever_is_raised_or_noted_is_said_through_one_mechanism():
    assert [found for path, tree in trees().items() for found in unsaid(path, tree)] == []


@pytest.mark.parametrize(
    "slip",
    [
        'raise Refused("no edition is published yet")',
        'raise Refused(f"there is no {asked}")',
        'raise Refused("没有区划")',
        'raise Refused(msg("没有 {n}", n=n) + "，请重试")',
        'raise ValueError("one of these")',
        'def late():\n    return ConfinedTimeout("took too long")',
        'note(3, "has no name")',
        'raise BadParameter(msg("有误"), errors=[{"field": "day", "message": "in the future"}])',
    ],
)
def test_what_is_said_otherwise_is_found(slip):
    assert list(unsaid("app/new/service.py", ast.parse(slip)))


def literals(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Every text of a file that is no docstring, no reason of an assertion and no text of a silent call."""
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    spoken |= {id(node.msg) for node in ast.walk(tree) if isinstance(node, ast.Assert) and node.msg is not None}
    for node, words in texts(tree, leaving=SILENT):
        if id(node) not in spoken:
            yield node, words


def excused(path: str, files: dict[str, str], folders: dict[str, str]) -> bool:
    return path in files or any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def without_english(path: str, tree: ast.Module) -> Iterator[str]:
    """Chinese that stands nowhere in the catalogue."""
    if not excused(path, DATA, DATA_FOLDERS):
        for node, words in literals(tree):
            if SPOKEN.search(words) and words not in translated():
                yield f"{path}:{node.lineno}: {words}"


@cache
def translated() -> frozenset[str]:
    """Every text that has its English: those of the catalogue, and names of hazards, grades and classes of the rulebook."""
    book = load_rulebook()
    return frozenset(
        catalogue("en").keys()
        | {hazard.name_zh for hazard in book.hazards.values()}
        | {look.name for scheme in book.schemes.values() for look in scheme.grades}
        | {names[0] for names in book.terms.class_names.values()}
    )


def of_messages(tree: ast.Module) -> Iterator[str]:
    """Every template that is given to ``msg``."""
    for node in ast.walk(tree):
        if called(node) in {"msg", "Message"} and isinstance(node, ast.Call) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_chinese_text_has_its_english():
    assert [found for path, tree in trees().items() for found in without_english(path, tree)] == []


def test_every_message_has_its_english_wherever_it_stands():
    said = {text for tree in trees().values() for text in of_messages(tree)}
    assert len(said) > 900
    assert {text for text in said if SPOKEN.search(text) and text not in catalogue("en")} == set()


def test_every_message_is_chinese():
    """A template of English words alone would be told to Chinese readers as it stands."""
    said = {text for tree in trees().values() for text in of_messages(tree)}
    assert {text for text in said if WORDS.search(text) and not SPOKEN.search(text)} == set()


def in_english_only(path: str, tree: ast.Module) -> Iterator[str]:
    """English sentences that are nobody's message by any reason given."""
    if not excused(path, QUOTED, QUOTED_FOLDERS):
        for node, words in literals(tree):
            if SENTENCE.search(words) and not SPOKEN.search(words) and not _is_excused_error(path, tree, node):
                yield f"{path}:{node.lineno}: {words}"


def _is_excused_error(path: str, tree: ast.Module, text: ast.expr) -> bool:
    excused_calls = FOR_PROGRAMMERS.keys() | SAID | ({"ValueError"} if path in FOR_PROGRAMMERS_HERE else set())
    return any(
        called(node) in excused_calls and any(child is text for child in ast.walk(node)) for node in ast.walk(tree)
    )


def test_no_english_sentence_is_without_its_chinese():
    assert [found for path, tree in trees().items() for found in in_english_only(path, tree)] == []


def test_a_sentence_of_one_language_is_found_wherever_it_stands():
    helper = ast.parse('def _why(n):\n    return f"there is nothing to grade by in {n}"')
    assert list(in_english_only("app/new/helper.py", helper))
    assert list(without_english("app/new/helper.py", ast.parse('WHY = "这句话没有英文"')))


@pytest.mark.parametrize("excuses", [QUOTED, DATA, FOR_PROGRAMMERS_HERE, QUOTED_FOLDERS, DATA_FOLDERS])
def test_no_excuse_outlives_what_it_excuses(excuses):
    assert [path for path in excuses if not (ROOT / path).exists()] == []


TEMPLATES = ROOT / "app/templates"
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NO_TEXT = re.compile(r"<!--.*?-->|<(script|style|code|pre|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
OWN_NAMES = ("中文", "安址", *(f'value="{code}"' for code in "甲乙丙丁"))
"""The name of a language in itself, that of the product, and codes."""


def pages() -> dict[str, str]:
    found = [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in {".html", ".svg"}]
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in found}


def test_pages_say_nothing_but_through_the_catalogue():
    """What is left of a page without its expressions, tags and code has neither Chinese nor an English sentence."""
    left = {path: JINJA.sub(" ", text) for path, text in pages().items()}
    for name in OWN_NAMES:
        left = {path: text.replace(name, "") for path, text in left.items()}
    chinese = [
        f"{path}: {line.strip()}" for path, text in left.items() for line in text.splitlines() if SPOKEN.search(line)
    ]
    bare = {path: NO_TEXT.sub(" ", text) for path, text in left.items()}
    english = [f"{path}: {found.group()}" for path, text in bare.items() for found in SENTENCE.finditer(text)]
    assert (chinese, english) == ([], [])
