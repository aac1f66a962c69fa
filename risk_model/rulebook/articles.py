"""The rulebook as articles: every rule and every table of thresholds under an address, each with its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from risk_model.rulebook.constraints import FOLDER
from risk_model.rulebook.fields import Named, RuleField, field_of
from risk_model.vocabulary import BasisKind

RULE, TABLE, HAZARD, CONSTRAINT = "rule", "table", "hazard", "constraint"
BACKING = frozenset(["basis", "basis_en", "basis_kind", "source", "source_en", "confidence", "valid_from", "valid_to"])
KINDS = {"L": BasisKind.LAW, "S": BasisKind.STANDARD, "D": BasisKind.DEFAULT}
STRENGTH = (BasisKind.LAW, BasisKind.STANDARD, BasisKind.DEFAULT)
OBJECTS, NEIGHBOURS = "objects", "neighbours"
"""The file of the rules on roads, facilities and houses, and the theme it makes."""
THEME_FOLDERS = ("hazards/", FOLDER)
"""Where a theme has a file of its own."""
MARKS = ("id", "key", "attribute", "intensity", "name")
"""By which of its keys a row of a list is named, the first it has."""
BACKED_BY = {
    "grades.looks": "ground",
    "grades.schemes": "ground",
    "grades.unassessed": "ground",
    "grades.rank_words": "ground",
    "grading.hazards": "weights",
    "grading.indicators": "risk",
}
"""Tables that rest on the backing of a neighbour."""

Documents = Mapping[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One rule or table: ``document`` and ``path`` say where it lies, ``backing`` what it rests on (rules: grounds)."""

    id: str
    kind: str
    document: str
    path: Path
    content: Any
    backing: Mapping[str, Any]

    @property
    def hazard(self) -> str | None:
        """The hazard or theme whose file holds it; None for what serves all hazards."""
        if self.document == OBJECTS:
            return NEIGHBOURS if self.kind == RULE else None
        return _theme_of(self.document)

    @property
    def fields(self) -> dict[str, Any]:
        """Its values by dotted path; what it rests on is no field."""
        left_out = BACKING | {"grounds", "id", "local", "of"} if self.kind == RULE else BACKING | {"rules"}
        if not isinstance(self.content, dict):
            return dict(_leaves(self.content, ""))
        inner = {key: value for key, value in self.content.items() if key not in left_out}
        return dict(_leaves(inner, ""))

    def field(self, path: str, called: Named = MappingProxyType({})) -> RuleField:
        """Field ``path``: its name, with its parts as they are ``called``, which way is stricter, and its unit."""
        return field_of(RULE if self.kind == RULE else self.id, path, called)

    def kind_of(self, path: str = "") -> BasisKind | None:
        """Kind of the field's basis: a verdict's own kind, else the strongest of the article; None where nothing."""
        if self.kind != RULE:
            kind = self.backing.get("basis_kind")
            return BasisKind(kind) if kind else None
        cells = self.content["verdicts"]
        if path.startswith("verdicts."):
            return KINDS.get(str(cells.get(path.removeprefix("verdicts."), "")).partition("-")[2], BasisKind.DEFAULT)
        standing = {KINDS[kind] for cell in cells.values() if (kind := str(cell).partition("-")[2])}
        return next((kind for kind in STRENGTH if kind in standing), BasisKind.DEFAULT)


def articles_of(documents: Documents) -> dict[str, Article]:
    """Every article by its id: rules by theirs, tables as ``document.table``, hazards as ``hazard.key``."""
    found = {}
    for name, document in documents.items():
        if name != "overlay":
            found.update({article.id: article for article in _of_document(name, document)})
    return found


def _of_document(name: str, document: Mapping[str, Any]) -> Iterator[Article]:
    theme = _theme_of(name)
    if theme is not None:
        kind = CONSTRAINT if name.startswith(FOLDER) else HAZARD
        yield Article(f"{kind}.{theme}", kind, name, (), document, {})
        for number, row in enumerate(document.get("rules", ())):
            yield Article(row["id"], RULE, name, ("rules", number), row, {})
        return
    if name == OBJECTS:
        for number, row in enumerate(document.get("rules", ())):
            yield Article(row["id"], RULE, name, ("rules", number), row, {})
    for key, value in document.items():
        if key != "version" and (name != OBJECTS or isinstance(value, dict)):
            mark = f"{name}.{key}"
            backing = document.get(BACKED_BY.get(mark, ""), value)
            held = {known: backing[known] for known in BACKING & set(backing)} if isinstance(backing, dict) else {}
            yield Article(mark, TABLE, name, (key,), value, held)


def _theme_of(document: str) -> str | None:
    """The theme a file of its own tells of: a hazard or a kind of land set aside."""
    folder, _, theme = document.rpartition("/")
    return theme if f"{folder}/" in THEME_FOLDERS else None


def document_of_theme(documents: Documents, theme: str) -> str | None:
    """The name of the document that tells of a hazard or a kind of land set aside; None where there is none."""
    names = (f"{folder}{theme}" for folder in THEME_FOLDERS)
    return next((name for name in names if name in documents), None)


def place_of(content: Any, path: str) -> Path | None:
    """The keys and numbers that lead to the field ``path``; None where there is no such field."""
    return next((place for place, name in _places(content, (), "") if name == path), None)


def _leaves(content: Any, name: str) -> Iterator[tuple[str, Any]]:
    for place, leaf in _places(content, (), name):
        value = content
        for step in place:
            value = value[step]
        yield leaf, value


def _places(content: Any, place: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Every leaf under ``content`` with its dotted name; a list without tables in it is one leaf."""
    if isinstance(content, dict):
        steps: list[tuple[str | int, str, Any]] = [(key, str(key), value) for key, value in content.items()]
    elif isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        steps = [(number, _mark(row, number), row) for number, row in enumerate(content)]
    else:
        yield place, name
        return
    for step, mark, value in steps:
        yield from _places(value, (*place, step), f"{name}.{mark}" if name else mark)


def _mark(row: Mapping[str, Any], number: int) -> str:
    return str(next((row[key] for key in MARKS if key in row), number + 1))
