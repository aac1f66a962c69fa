"""Work that tells what it loaded, for tests of confined processes: a light module, for they load it."""

import pickle
import sys
from typing import Any


def imported_by(order: bytes) -> tuple[Any, list[str]]:
    """Answer of the packed function to its packed arguments, and the modules that were not loaded before."""
    before = set(sys.modules)
    function, args = pickle.loads(order)
    answer = function(*args)
    return answer, sorted(set(sys.modules) - before)
