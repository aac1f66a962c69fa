"""The archive: checks looked up by number, the audit's sealed days, taken away as files and verified."""
