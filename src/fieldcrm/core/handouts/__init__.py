"""Handout templates and the register of what was handed out."""
