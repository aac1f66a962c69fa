"""Siting: the screening opinion on a place where something is to be built."""

from risk_model.siting.opinions import review_site, review_sites
from risk_model.siting.points import PointReading, PointStatus, read_point
from risk_model.siting.requirements import ProjectProfile
from risk_model.siting.screening import FindingColumns, Screened, screen_sites
from risk_model.siting.withheld import Withheld, withheld_ground

__all__ = [
    "FindingColumns",
    "PointReading",
    "PointStatus",
    "ProjectProfile",
    "Screened",
    "Withheld",
    "read_point",
    "review_site",
    "review_sites",
    "screen_sites",
    "withheld_ground",
]
