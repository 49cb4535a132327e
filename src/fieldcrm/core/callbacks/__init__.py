"""Callbacks of the official form 有效回访统计表."""
