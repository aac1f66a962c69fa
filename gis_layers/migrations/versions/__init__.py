"""One revision a file, one head."""
