"""Formats: one a module, found by looking in this folder; each counted apart from its reader."""
