"""Geodata in and out: every file that arrives is inspected, every file that leaves is whole."""

from gis_layers.exchange.delivery.handover import SECRECY_NAMES, Handover, Secrecy
from gis_layers.exchange.delivery.options import ReadingOptions
from gis_layers.exchange.delivery.provenance import Provenance
from gis_layers.exchange.delivery.reading_limits import CONSOLE, OUTLINE, UPLOAD, ReadingLimits
from gis_layers.exchange.delivery.report import (
    Delivery,
    ImportReport,
    Problem,
    RepairMade,
    RepairProposal,
    WrittenReading,
    WrittenRepair,
    WrittenReport,
)
from gis_layers.exchange.formats.registry import accepted_suffixes, known_formats, name_of, suffix_of
from gis_layers.exchange.formats.writers import write_layer, write_tables
from gis_layers.exchange.layers.areas import read_boundary, read_projects, read_units, read_villages
from gis_layers.exchange.layers.declarations import Declarations
from gis_layers.exchange.layers.extents import SurveyExtent, note_extent, read_extent
from gis_layers.exchange.layers.geohazard_sites import read_geohazard_sites
from gis_layers.exchange.layers.hidden_dangers import read_hidden_dangers
from gis_layers.exchange.layers.regional_assessments import read_regional_assessments
from gis_layers.exchange.layers.registers import (
    read_constraints,
    read_enterprises,
    read_facilities,
    read_forces,
    read_stations,
)
from gis_layers.exchange.layers.roads import read_roads
from gis_layers.exchange.layers.sites import read_sites
from gis_layers.exchange.layers.zones import read_zones

__all__ = [
    "CONSOLE",
    "OUTLINE",
    "SECRECY_NAMES",
    "UPLOAD",
    "Declarations",
    "Delivery",
    "Handover",
    "ImportReport",
    "Problem",
    "Provenance",
    "ReadingLimits",
    "ReadingOptions",
    "RepairMade",
    "RepairProposal",
    "Secrecy",
    "SurveyExtent",
    "WrittenReading",
    "WrittenRepair",
    "WrittenReport",
    "accepted_suffixes",
    "name_of",
    "note_extent",
    "read_boundary",
    "read_constraints",
    "read_enterprises",
    "read_extent",
    "read_facilities",
    "read_forces",
    "read_geohazard_sites",
    "read_hidden_dangers",
    "read_projects",
    "read_regional_assessments",
    "read_roads",
    "read_sites",
    "read_stations",
    "read_units",
    "read_villages",
    "read_zones",
    "suffix_of",
    "write_layer",
    "write_tables",
]

known_formats()  # all are loaded with this package, so that a confined process has them before it is forked for a call
