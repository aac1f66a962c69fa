"""Every table of the service; importing this package fills the one metadata."""

from gis_layers.tables import (
    access,
    base,
    constraints,
    editions,
    forces,
    names,
    pictures,
    places,
    projects,
    records,
    rulebooks,
    runs,
    surveys,
    town,
    zones,
)

metadata = base.Base.metadata

__all__ = [
    "access",
    "base",
    "constraints",
    "editions",
    "forces",
    "metadata",
    "names",
    "pictures",
    "places",
    "projects",
    "records",
    "rulebooks",
    "runs",
    "surveys",
    "town",
    "zones",
]
