"""The web server: its thread, its end, and the root rights it gives up."""
