"""Regional assessments as rules: which conditions of an opinion each kind closes, and for which classes it closes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from risk_model.rulebook.entries import Entry, read_backing
from risk_model.rulebook.rules import in_force
from risk_model.vocabulary import ProjectClass

FILE: Final = "regional_assessments"


@dataclass(frozen=True, slots=True)
class RegionalKind:
    """One kind of regional assessment; ``closes`` are procedures in the words of the rules that ask for them."""

    key: str
    name_zh: str
    name_en: str
    closes: frozenset[str]
    except_classes: frozenset[ProjectClass]
    basis: str
    basis_en: str
    valid_from: date
    valid_to: date | None

    def may_close(self, procedure: str, project_class: ProjectClass, on: date) -> bool:
        """Whether an assessment of this kind closes ``procedure`` for such a project on the day ``on``."""
        spoken = procedure in self.closes and project_class not in self.except_classes
        return spoken and in_force(self.valid_from, self.valid_to, on)


def read_regional(documents: Mapping[str, Any]) -> dict[str, RegionalKind]:
    """The kinds of the file by their keys; none in books from before it, whose conditions nothing closes."""
    if FILE not in documents:
        return {}
    entry = Entry(f"{FILE}.toml", FILE, documents[FILE])
    entry.text("version")
    kinds = {key: _read_kind(key, entry.inner(key)) for key in entry if key != "version"}
    entry.close()
    return kinds


def _read_kind(key: str, entry: Entry) -> RegionalKind:
    backing = read_backing(entry)
    kind = RegionalKind(
        key=key,
        name_zh=entry.text("name_zh"),
        name_en=entry.text("name_en"),
        closes=frozenset(entry.words("closes")),
        except_classes=frozenset(map(ProjectClass, entry.some_of("except_classes", list(ProjectClass)))),
        basis=backing["basis"],
        basis_en=backing["basis_en"],
        valid_from=backing["valid_from"],
        valid_to=backing["valid_to"],
    )
    entry.close()
    return kind
