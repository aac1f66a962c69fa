"""Trials of other breaks and weights on a recorded run; nothing is kept and nothing is published."""
