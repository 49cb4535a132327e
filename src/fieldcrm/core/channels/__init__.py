"""Channels (intermediaries), their premium and score cards."""
