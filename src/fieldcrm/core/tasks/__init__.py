"""Next steps: what to do, for whom, when."""
