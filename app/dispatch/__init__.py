"""Dispatch: who can get there, by which road, and how soon."""
