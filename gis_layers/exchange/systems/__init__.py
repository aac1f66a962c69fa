"""Coordinate systems as files and people state them."""
