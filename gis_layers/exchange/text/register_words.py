"""The gate's readers of registers' words: each enumeration with the code that stands for a word it does not know."""

from __future__ import annotations

from dataclasses import dataclass

from gis_layers.exchange.text.plain_text import plain
from risk_model.codes import Enumeration, enumeration
from risk_model.message import msg


@dataclass(frozen=True, slots=True)
class WordList:
    """Codes of an enumeration; ``default`` is what an unknown word becomes, None where nothing may."""

    codes: Enumeration
    default: str | None

    def find(self, value: object) -> str | None:
        """The code for what was written, None where it is no word of the enumeration."""
        return self.codes.find(plain(value))


FORCE_KINDS = WordList(enumeration("force_kind"), default="volunteer")
STATION_KINDS = WordList(enumeration("station_kind"), default="village")
CAPABILITIES = WordList(enumeration("capability"), default=None)
FACILITY_KINDS = WordList(enumeration("facility_kind"), default="other")
SHELTER_TERMS = WordList(enumeration("shelter_term"), default=None)
ASSESSMENT_KINDS = WordList(enumeration("assessment_kind"), default=None)
"""What regional assessments assess, by the keys of the rulebook's kinds."""
CONSTRAINT_KINDS = WordList(enumeration("constraint_kind"), default=None)
SECTORS = WordList(enumeration("sector"), default="other")
SIZES = WordList(enumeration("enterprise_size"), default=None)
COLOURS = WordList(enumeration("colour"), default=None)
CHANNELS = WordList(enumeration("danger_channel"), default="department")
DANGER_STATES = WordList(enumeration("danger_state"), default=None)
GEOHAZARD_KINDS = WordList(enumeration("geohazard_kind"), default=None)
GEOHAZARD_STATES = WordList(enumeration("geohazard_state"), default="recognised")
SUPERVISIONS = WordList(enumeration("supervision"), default="none")
ROAD_CLASSES = WordList(enumeration("road_class"), default="village")
ONEWAYS = WordList(enumeration("oneway"), default="no")
YES_OR_NO = WordList(enumeration("yes_or_no"), default="no")
TEAM_LEVELS = WordList(enumeration("team_level"), default=None)
STATION_PROVISIONS = WordList(enumeration("station_provision"), default=None)
DUTIES = WordList(enumeration("duty"), default=None)
_LEVELS = {
    word: level
    for level, words in enumerate(("一 1 i", "二 2 ii", "三 3 iii", "四 4 iv"), start=1)
    for word in words.split()
}


def read_hazard_level(value: object) -> int:
    """The level 1 to 4 of a major hazard installation (三级, 3). Raises ValueError."""
    level = _LEVELS.get(plain(value).lower().removesuffix("级"))
    if level is None:
        raise ValueError(msg("重大危险源等级应为一级至四级：{value}", value=plain(value)))
    return level
