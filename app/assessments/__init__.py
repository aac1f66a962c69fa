"""Areas graded by all hazards together: runs, their areas, and what moved between two runs."""
