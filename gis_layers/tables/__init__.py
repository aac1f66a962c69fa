"""Every table of the service; importing this package fills the one metadata."""

from gis_layers.tables import (
    access,
    base,
    baselines,
    constraints,
    editions,
    enterprises,
    forces,
    hidden_dangers,
    names,
    pictures,
    places,
    projects,
    records,
    rulebooks,
    runs,
    surveys,
    town,
    unitsets,
    zones,
)

metadata = base.Base.metadata

__all__ = [
    "access",
    "base",
    "baselines",
    "constraints",
    "editions",
    "enterprises",
    "forces",
    "hidden_dangers",
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
    "unitsets",
    "zones",
]
