"""Contacts: one touch with a client, its next step part of the same entry."""

from fieldcrm.core.contacts.actions import Logged, change_contact, contact_values, delete_contact, log_contact
from fieldcrm.core.contacts.rules import OF_VISITS, REACHED, told

__all__ = [
    "OF_VISITS",
    "REACHED",
    "Logged",
    "change_contact",
    "contact_values",
    "delete_contact",
    "log_contact",
    "told",
]
