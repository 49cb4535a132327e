"""Clients: persons and organisations, their phones, contact people and relations."""
