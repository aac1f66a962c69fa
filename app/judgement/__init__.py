"""Judgement shared by features: sites screened, enterprises graded, checks numbered, and what every page says of the town."""
