"""Every table of the service; importing this package fills the one metadata."""

from gis_layers.tables import access, base, editions, places, projects, records, surveys, zones

metadata = base.Base.metadata

__all__ = ["access", "base", "editions", "metadata", "places", "projects", "records", "surveys", "zones"]
