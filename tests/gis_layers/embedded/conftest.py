"""Folders for clusters: one that lasts, fresh ones, and copies that a test may spoil."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis_layers.embedded import join_cluster
from tests.gis_layers.embedded.ground import end_servers, open_folder


@pytest.fixture(scope="session")
def lasting() -> Iterator[Path]:
    """Hold one stopped cluster for all tests that leave it whole, since making one takes seconds."""
    made = open_folder()
    with join_cluster(made, durable=False):
        pass
    yield made
    shutil.rmtree(made)


@pytest.fixture
def folder(lasting: Path) -> Iterator[Path]:
    """Give the folder with that cluster, and end what a failed test left running in it."""
    yield lasting
    end_servers(lasting)


@pytest.fixture
def fresh() -> Iterator[Path]:
    """Give an empty folder and leave nothing behind, neither files nor servers."""
    made = open_folder()
    yield made
    end_servers(made)
    shutil.rmtree(made)


@pytest.fixture
def copied(folder: Path, fresh: Path) -> Path:
    """Give a folder with a stopped cluster that the test may spoil."""
    shutil.copytree(folder / "postgres", fresh / "postgres")
    return fresh
