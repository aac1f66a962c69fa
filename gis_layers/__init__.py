"""Where things are and where they are kept: PostGIS, coordinate systems, file formats, tiles. No HTTP."""
