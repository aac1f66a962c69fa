"""The synthetic township: invented ground, villages, hazards and projects for demonstration and tests."""
