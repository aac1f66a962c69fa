"""Work that never ends by itself, for tests of what ends it: a light module, for confined processes load it."""

import time


def linger(*_args: object, **_named: object) -> None:
    """Compute until somebody ends the process."""
    end = time.monotonic() + 600.0
    while time.monotonic() < end:
        sum(range(1000))


def spin_and_tell(seconds: float) -> float:
    """Compute for so many seconds and answer how many that were."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1000))
    return seconds
