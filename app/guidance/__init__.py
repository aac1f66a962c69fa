"""Guidance of people, facilities and industry to safer ground: figures by grade and village, change, where to move."""
