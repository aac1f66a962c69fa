"""Checks of positions and shapes: the system they are in, whether they can lie there, what strayed."""
