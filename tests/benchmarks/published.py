"""Synthetic ground published in a private PostGIS, as a delivery would have put it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.platform.deployment import Deployment, connect
from app.platform.principals import Role, new_token, token_digest
from app.platform.settings import Settings
from gis_layers.crs import DEFAULT_METRIC_CRS, STORAGE_CRS, to_storage
from gis_layers.database import migrate
from gis_layers.embedded import Cluster, join_cluster
from gis_layers.stores import access, editions, staged_zones, surveys
from risk_model.shapes import as_array
from tests.benchmarks.ground import Ground, extent_of

OpenCluster = Callable[[], AbstractContextManager[Cluster]]


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A PostGIS of the benchmark's own in a folder that goes when it is done."""
    with TemporaryDirectory(prefix="anzhi-bench-") as folder:
        # The server's user must get in, else the cluster would be made elsewhere and outlive the benchmark.
        Path(folder).chmod(0o711)
        with join_cluster(Path(folder), durable=False) as cluster:
            yield cluster


@contextmanager
def published(cluster: Cluster, name: str, ground: Ground) -> Iterator[Deployment]:
    """A database built by the migrations with ``ground`` as its first edition and every theme surveyed everywhere."""
    url = cluster.create_database(name)
    migrate(url)
    deployment = connect(Settings(), url)
    with deployment.sessions.begin() as session:
        _publish(session, deployment, ground)
    with deployment.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    try:
        yield deployment
    finally:
        deployment.engine.dispose()
        cluster.drop_database(name)


def issue_token(deployment: Deployment, role: Role = Role.VIEWER) -> str:
    """A token of ``role``."""
    token = new_token()
    with deployment.sessions.begin() as session:
        access.save_token(session, name="benchmark", role=role.value, digest=token_digest(token))
    return token


def _publish(session: Session, deployment: Deployment, ground: Ground) -> None:
    draft = editions.open_draft(session, name="benchmark", author="benchmark")
    extent = to_storage(as_array([extent_of(ground)]), DEFAULT_METRIC_CRS)[0]
    for hazard in deployment.books.packaged.hazards:
        product = "risk_all" if hazard == "composite" else "hazard"
        layer = surveys.NewLayer(hazard, product, hazard, "synthetic", None, None, "file", extent, replaces=False)
        layer_id = surveys.save_layer(session, draft.id, layer, DEFAULT_METRIC_CRS)
        frame = ground.zones[ground.zones["hazard"] == hazard].reset_index(drop=True)
        if len(frame):
            shapes = to_storage(frame.geometry.to_numpy(), DEFAULT_METRIC_CRS)
            assert shapely.is_valid(shapes).all(), "carrying synthetic zones to degrees must not cross their outlines"
            stored = frame.set_geometry(shapes).set_crs(STORAGE_CRS, allow_override=True)
            staged_zones.stage_new_zones(session, draft.id, layer_id, stored)
    editions.publish_draft(session, draft, author="benchmark", reason="benchmark", by_console=True)
