"""Constraints: land set aside (farmland, ecological redline) as themes of an opinion, which no hazard survey draws."""

from __future__ import annotations

from typing import Final

from risk_model.message import msg
from risk_model.rulebook.entries import Entry
from risk_model.rulebook.hazards import Hazard, plain_theme
from risk_model.rulebook.rules import read_rule

FOLDER: Final = "constraints/"
AREA: Final = "area"
"""What the rules of a constraint read where those of a hazard read a product: the areas themselves."""


def read_constraint(entry: Entry) -> Hazard:
    """One file of ``constraints/`` as a theme without grades; InvalidRule names the file, the rule and the mend."""
    key = entry.text("key")
    if entry.file != f"{FOLDER}{key}.toml":
        raise entry.wrong(msg("限制类型 '{key}' 的文件应名为 {folder}{key}.toml", key=key, folder=FOLDER))
    rules = tuple(read_rule(row, key, {}, (AREA,)) for row in entry.list_of("rules"))
    theme = plain_theme(entry, key, rules, colour="#4f6b3a")
    entry.close()
    return theme
