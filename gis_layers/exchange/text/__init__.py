"""Text in cells and headings: read as it was written, or named where it was understood otherwise."""
