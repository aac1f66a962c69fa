"""The first picture: what is published, what it says of the town, what nobody surveyed."""
