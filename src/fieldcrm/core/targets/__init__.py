"""Target lists and targets of key accounts."""
