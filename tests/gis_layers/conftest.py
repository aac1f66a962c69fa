"""The synthetic township, built once for all who look at it."""

import pytest

from gis_layers.demo.township import Township, build_township


@pytest.fixture(scope="session")
def township() -> Township:
    return build_township()
