"""Siting: the screening opinion on a place where something is to be built."""

from risk_model.siting.opinions import review_site, review_sites
from risk_model.siting.requirements import ProjectProfile
from risk_model.siting.withheld import Withheld, withheld_ground

__all__ = ["ProjectProfile", "Withheld", "review_site", "review_sites", "withheld_ground"]
