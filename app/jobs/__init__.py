"""Work that takes longer than a page may wait: who ordered it, how far it is, what came of it."""
