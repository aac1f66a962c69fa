"""The doors: HTTP, pages, maps and the command `anzhi`."""

__version__ = "0.1.0"
