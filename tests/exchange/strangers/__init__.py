"""Files as strangers hand them in, and what is right of each: one row a file, one module an area."""
