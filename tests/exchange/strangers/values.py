"""Values that reading might change."""

from tests.exchange.strangers.case import Case

CASES: tuple[Case, ...] = ()
