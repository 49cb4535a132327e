"""Contacts: one touch with a client, its next step part of the same entry."""

from fieldcrm.core.contacts.actions import REACHED, Logged, change_contact, log_contact

__all__ = ["REACHED", "Logged", "change_contact", "log_contact"]
