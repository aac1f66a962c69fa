"""The queue: work ordered for the worker, and how a job is told of."""
