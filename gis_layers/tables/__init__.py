"""Every table of the service; importing this package fills the one metadata."""

from gis_layers.tables import (
    access,
    base,
    baselines,
    constraints,
    editions,
    forces,
    names,
    pictures,
    places,
    projects,
    records,
    runs,
    surveys,
    town,
    zones,
)

metadata = base.Base.metadata

__all__ = [
    "access",
    "base",
    "baselines",
    "constraints",
    "editions",
    "forces",
    "metadata",
    "names",
    "pictures",
    "places",
    "projects",
    "records",
    "runs",
    "surveys",
    "town",
    "zones",
]
