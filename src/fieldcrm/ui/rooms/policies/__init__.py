"""Policies: the list with what comes due, and one policy beside it."""
