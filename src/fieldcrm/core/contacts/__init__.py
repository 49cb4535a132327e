"""Contacts: every touch with a client, of any kind."""
