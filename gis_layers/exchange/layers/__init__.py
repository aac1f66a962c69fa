"""Layers that are delivered: which column is which of ours, and what every row must say."""
