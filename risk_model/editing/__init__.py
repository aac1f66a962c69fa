"""Zones edited in the plane: noded, split, merged, checked, mended, compared; no vertex that was there is ever moved.

All geometry is in the metric CRS. Which of its vertices were stored, and how, is known to whoever made the metric copy.
"""

from risk_model.editing.merging import merge_zones
from risk_model.editing.noding import node_coverage
from risk_model.editing.splitting import split_zone, split_zones
from risk_model.editing.values import EditedZone, Terms, packaged_terms

__all__ = [
    "EditedZone",
    "Terms",
    "merge_zones",
    "node_coverage",
    "packaged_terms",
    "split_zone",
    "split_zones",
]
