"""Visits: planned stops of the day and week."""
