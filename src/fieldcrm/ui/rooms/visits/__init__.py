"""The visit plan."""
