"""Clients: the list, and everything about one of them beside it."""
