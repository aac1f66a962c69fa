"""Values that reading might change."""

from tests.exchange.strangers.case import Case

CASES: tuple[Case, ...] = (
    Case("values/dms60.csv", ("stations",), 0, 3, ("99°75′00″", "39°19′99″", "39:90:00")),
    Case("values/dm_decimal.csv", ("stations",), 1),
)
