"""Geodata and its storage: PostGIS, coordinate systems, file formats, tiles. No HTTP."""
