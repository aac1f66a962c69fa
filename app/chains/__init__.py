"""Hazard chains: what a published zone sets off, on which ground, and who stands there."""
