"""Zones edited in the plane: noded, split, merged, checked, mended, compared; no vertex that was there is ever moved.

All geometry is in the metric CRS. Which of its vertices were stored, and how, is known to whoever made the metric copy.
"""

from risk_model.editing.merging import merge_zones
from risk_model.editing.noding import node_coverage
from risk_model.editing.problems import ZoneProblem, find_problems
from risk_model.editing.splitting import split_zone, split_zones
from risk_model.editing.thresholds import Thresholds, thresholds_of
from risk_model.editing.values import EditedZone, Terms, packaged_terms
from risk_model.editing.vertices import insert_vertex, move_vertex, remove_vertex

__all__ = [
    "EditedZone",
    "Terms",
    "Thresholds",
    "ZoneProblem",
    "find_problems",
    "insert_vertex",
    "merge_zones",
    "move_vertex",
    "node_coverage",
    "packaged_terms",
    "remove_vertex",
    "split_zone",
    "split_zones",
    "thresholds_of",
]
