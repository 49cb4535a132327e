"""The business, one room per subject; no Qt."""
