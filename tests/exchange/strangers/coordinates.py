"""Coordinates that might be taken for others."""

from tests.exchange.strangers.case import Case

CASES: tuple[Case, ...] = ()
