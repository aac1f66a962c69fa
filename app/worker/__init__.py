"""The worker: the queue's other end, its process, and its upkeep."""
