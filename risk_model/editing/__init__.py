"""Zones edited in the plane: noded, split, merged, checked, mended, compared; no vertex that was there is ever moved.

All geometry is in the metric CRS. Which of its vertices were stored, and how, is known to whoever made the metric copy.
"""

from risk_model.editing.comparing import ZoneDifference, apply, compare
from risk_model.editing.fixes import WAYS, Fix, propose_fix
from risk_model.editing.impact import GroundChange, GroundImpact, ground_impact
from risk_model.editing.merging import merge_zones
from risk_model.editing.noding import node_coverage
from risk_model.editing.problems import ZoneProblem, find_problems
from risk_model.editing.splitting import split_zone, split_zones
from risk_model.editing.thresholds import Thresholds, thresholds_of
from risk_model.editing.values import EditedZone, Terms, packaged_terms
from risk_model.editing.vertices import insert_vertex, move_vertex, remove_vertex

__all__ = [
    "WAYS",
    "EditedZone",
    "Fix",
    "GroundChange",
    "GroundImpact",
    "Terms",
    "Thresholds",
    "ZoneDifference",
    "ZoneProblem",
    "apply",
    "compare",
    "find_problems",
    "ground_impact",
    "insert_vertex",
    "merge_zones",
    "move_vertex",
    "node_coverage",
    "packaged_terms",
    "propose_fix",
    "remove_vertex",
    "split_zone",
    "split_zones",
    "thresholds_of",
]
