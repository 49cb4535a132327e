"""Callbacks on the screen: the sprint and the register."""
