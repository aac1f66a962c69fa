"""Siting: the screening opinion on a place where something is to be built."""

from risk_model.siting.opinions import review_site, review_sites

__all__ = ["review_site", "review_sites"]
