"""Trials that take long: `make soak`."""
