"""Paper: what the town answers, in sentences, as a piece of a page and as files that are printed and kept."""
