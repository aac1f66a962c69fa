"""A delivery: one file as it was handed in, how it is to be read, and what is reported of it."""
