"""Help on one page."""
