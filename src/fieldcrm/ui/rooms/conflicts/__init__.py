"""Conflicts side by side."""
