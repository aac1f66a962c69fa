"""Which Chromium is driven: the one that `make setup` installs, or what the machine has."""

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for found in map(shutil.which, NAMES) if found), None)
"""Its path; None leaves Playwright to look for its own."""
