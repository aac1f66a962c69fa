"""A small deployment that people worked in, and a good backup of it, for the journeys of backups."""

from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from gis_layers.embedded import Cluster
from tests.conftest import TEMPLATE
from tests.deployments import ATTACHMENT, KEY, Kept, ask, databases

WORKED_IN = "anzhi_worked_in"


@pytest.fixture(scope="session")
def worked_in(cluster: Cluster, copy_database: Callable[[str, str], str], tmp_path_factory) -> str:
    """The name of a database with published zones, an account, a token and sealed days of its audit."""
    kept = Kept(copy_database(TEMPLATE, WORKED_IN), tmp_path_factory.mktemp("worked"))
    frame = gpd.GeoDataFrame({"name": ["甲", "乙\t🌊"]}, geometry=[shapely.box(99.6, 39.2, 99.7, 39.3)] * 2, crs=4490)
    frame["grade"] = ["高", "中"]
    frame.to_file(kept.data_dir / "zones.gpkg", driver="GPKG")
    kept.done(
        "import", "zones", kept.data_dir / "zones.gpkg", "--hazard", "geological", "--product", "hazard",
        "--publish", "--reason", "普查成果入库",
    )  # fmt: skip
    kept.done("user", "add", "officer", "--role", "officer")
    kept.work("before the backup")
    earlier = "INSERT INTO audit_entries (at, actor, action, subject) VALUES (now() - interval '3 days', 'officer', 'draw', '1')"
    ask(kept.url, earlier)
    kept.done("audit", "export", kept.data_dir / "sealed.jsonl")
    return WORKED_IN


@pytest.fixture(scope="session")
def archive(worked_in: str, copy_database: Callable[[str, str], str], cluster: Cluster, tmp_path_factory) -> Path:
    """A good backup of that database, made once."""
    folder = tmp_path_factory.mktemp("archive")
    _fill(folder)
    Kept(copy_database(worked_in, "anzhi_archived"), folder).done("backup", folder / "good.zip")
    cluster.drop_database("anzhi_archived")
    return folder / "good.zip"


@pytest.fixture
def kept(worked_in: str, copy_database: Callable[[str, str], str], cluster: Cluster, tmp_path: Path) -> Iterator[Kept]:
    """A deployment on a copy of that database, with a key and an attachment; no scratch database outlives a test."""
    url = copy_database(worked_in, "anzhi_kept")
    (tmp_path / "data").mkdir()
    _fill(tmp_path / "data")
    yield Kept(url, tmp_path / "data")
    left = databases(url)
    for name in (*left, "anzhi_kept"):
        cluster.drop_database(name)
    assert [name for name in left if "_scratch_" in name] == []


def _fill(data_dir: Path) -> None:
    (data_dir / ATTACHMENT).parent.mkdir(parents=True)
    (data_dir / ATTACHMENT).write_bytes(b"\xff\xd8" + bytes(range(256)))
    (data_dir / "secret.key").write_text(KEY, encoding="utf-8")
    (data_dir / "secret.key").chmod(0o600)
