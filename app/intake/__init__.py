"""The intake of files: what was told of them, state secrets refused, and the list of what was received."""
