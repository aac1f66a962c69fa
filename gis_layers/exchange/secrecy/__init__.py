"""State secrets: the marks of secrecy a file carries, looked for before its reader opens it."""
