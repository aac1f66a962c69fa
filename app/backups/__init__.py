"""Backups of the deployment: made, recorded, and of those that come by night so many kept."""
