"""Complaints on the screen: the list with its deadlines, and the case beside it."""
