"""The office's inbox and its people."""
