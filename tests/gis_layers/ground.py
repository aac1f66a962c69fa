"""Small pieces of ground for tests of the stores."""

import geopandas as gpd
import shapely
from sqlalchemy.orm import Session, sessionmaker

from gis_layers.stores import editions, staged_zones, surveys
from gis_layers.tables.editions import Edition

METRIC = "EPSG:4542"
SQUARE = shapely.box(99.80, 39.30, 99.81, 39.31)


def zone_frame(*polygons: shapely.Polygon, grade: str = "高", rank: int = 2) -> gpd.GeoDataFrame:
    """Geological hazard zones of one grade."""
    columns = {"hazard": "geological", "product": "hazard", "grade": grade, "grade_rank": rank, "grade_scheme": "geo4"}
    shapes = [shapely.multipolygons([polygon]) for polygon in polygons]
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=shapes, crs=4490)


def layer(*, extent: shapely.Geometry | None = None, replaces: bool = False) -> surveys.NewLayer:
    """A geological hazard layer, speaking for its own zones unless told otherwise."""
    kind = "zones" if extent is None else "file"
    return surveys.NewLayer("geological", "hazard", "layer", "survey", None, 50000, kind, extent, replaces)


def publish(
    sessions: sessionmaker[Session], frame: gpd.GeoDataFrame, new_layer: surveys.NewLayer | None = None
) -> Edition:
    """Stage and publish ``frame`` in one transaction."""
    with sessions.begin() as session:
        draft = editions.open_draft(session, name="draft", author="officer")
        layer_id = surveys.save_layer(session, draft.id, new_layer or layer(), METRIC)
        staged_zones.stage_new_zones(session, draft.id, layer_id, frame)
        return editions.publish_draft(session, draft, author="officer", reason="because", by_console=True)
