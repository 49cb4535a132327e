"""People and the units they work in."""
