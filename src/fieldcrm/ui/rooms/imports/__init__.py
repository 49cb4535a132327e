"""Importing a list of the core system: reading, preview with every problem and change, one operation, failed rows."""
