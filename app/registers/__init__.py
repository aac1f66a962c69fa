"""The registers of the town: who works, stands by, lives and takes shelter where."""
