"""Files whose refusal is to say what was found and what to do."""

from tests.exchange.strangers.case import Case

CASES: tuple[Case, ...] = ()
