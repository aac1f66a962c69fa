"""Enterprises in their colours: the register, the grade with its reasons, the dynamic list of inspections."""
