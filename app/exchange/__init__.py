"""Files in, files out: the import gate, bulk checks, exports."""
