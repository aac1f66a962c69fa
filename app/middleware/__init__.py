"""Middleware: what every request passes before a feature sees it; names, forwarders, origins, size, and its turn."""
