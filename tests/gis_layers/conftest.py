"""The synthetic township, built once for all who look at it."""

from pathlib import Path

import pytest

from gis_layers.demo.township import Township, build_township
from tests.sharing import value_made_once


@pytest.fixture(scope="session")
def township(shared: Path) -> Township:
    return value_made_once(shared, "built.township", build_township)
