"""Rows and members that might vanish: what a file declares is what is read, refused or told."""

from tests.exchange.strangers.case import Case

CASES: tuple[Case, ...] = (
    *(Case(f"stale-dimension/{name}.xlsx", ("stations",), 10, stored=10) for name in ("ok", "dim_stale", "dim_a1")),
)
