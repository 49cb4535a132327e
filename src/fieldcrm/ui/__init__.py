"""The windows: the only floor that imports PySide6."""
