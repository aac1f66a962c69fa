"""A planner asks whether a project may stand on a site."""
