"""Queries of the tables, one subject a file. Stores flush; whoever opened the transaction commits."""
