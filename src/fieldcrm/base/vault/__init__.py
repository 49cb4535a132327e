"""Keys at rest: the wrapped master key of a book, device keys, sealing and signing. Imports no crypto at start."""

from fieldcrm.base.vault.environment import take_password
from fieldcrm.base.vault.keys import Device, SlotInfo, Vault, book_id_of, create, exists, unlock
from fieldcrm.base.vault.slots import SHORTEST, check_password

__all__ = [
    "SHORTEST",
    "Device",
    "SlotInfo",
    "Vault",
    "book_id_of",
    "check_password",
    "create",
    "exists",
    "take_password",
    "unlock",
]
