"""Every check of the migrated database that lists codes lists those of the one file of codes, no more and no fewer."""

import re

import pytest
from sqlalchemy import CheckConstraint, text

from gis_layers.database import open_engine
from gis_layers.tables import metadata
from risk_model.codes import enumerations

CHECKS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0
"""
WHOLE = re.compile(r"CHECK \(\(\w+ = ANY \(ARRAY\[([^\]]*)\]\)\)\)")
LISTED = re.compile(r"ARRAY\[((?:'[^']*'::text(?:, )?)+)\]")
CODE = re.compile(r"'([^']*)'::text")
COLUMNS = {"hazard", "likelihood", "severity", "exposure", "consequence", "score"}
"""Keys of a JSON column, which a check lists as one does codes."""


@pytest.fixture
def checks(database_url) -> dict[str, str]:
    """Definition of each check by its name."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        found = {name: definition for _, name, definition in connection.execute(text(CHECKS))}
    engine.dispose()
    return found


def declared() -> dict[str, tuple[str, set[str]]]:
    """Enumeration and codes of each check of the tables that is made of codes."""
    return {
        f"ck_{table.name}_{one.name}".replace(f"ck_{table.name}_ck_{table.name}_", f"ck_{table.name}_"): (
            key,
            set(codes),
        )
        for table in metadata.sorted_tables
        for one in table.constraints
        if isinstance(one, CheckConstraint) and "codes" in one.info
        for key, *codes in [one.info["codes"]]
    }


def test_what_the_database_allows_are_the_codes_of_the_file(checks):
    listed = {name: set(CODE.findall(found[1])) for name, told in checks.items() if (found := WHOLE.fullmatch(told))}
    assert len(listed) > 35
    assert listed == {name: codes for name, (_, codes) in declared().items()}


def test_a_check_holds_an_enumeration_whole_but_for_what_is_never_stored():
    never = {
        "role": {"public"},
        "place_kind": {"coordinates"},
        "corridor_kind": {"unknown"},
        "department_standing": {"awaited", "overdue", "silent"},  # what a department owes is no opinion
    }
    for name, (key, codes) in declared().items():
        assert codes == set(enumerations()[key]) - never.get(key, set()), name


def test_a_check_of_some_states_names_codes(checks):
    """Such as which states need a deadline: each list lies within one enumeration."""
    parts = [
        (name, set(CODE.findall(listed)))
        for name, told in checks.items()
        if not WHOLE.fullmatch(told)
        for listed in LISTED.findall(told)
    ]
    some = [(name, codes) for name, codes in parts if not codes <= COLUMNS]
    assert len(some) > 4
    assert [name for name, codes in some if not any(codes <= set(one) for one in enumerations().values())] == []
