"""Callbacks of the official form 有效回访统计表."""

from fieldcrm.core.callbacks.actions import CORRECTED, CallLogged, call_values, change_callback, log_callback
from fieldcrm.core.callbacks.card import CallCard, CardPolicy, call_card
from fieldcrm.core.callbacks.next_contact import NextContact, read_next, show_next, with_way
from fieldcrm.core.callbacks.paper import CallRow, blank_register, call_list, call_register
from fieldcrm.core.callbacks.queries import (
    MOST,
    DayCount,
    Queue,
    QueueRow,
    count_day,
    count_today,
    next_echo,
    queue,
)

__all__ = [
    "CORRECTED",
    "MOST",
    "CallCard",
    "CallLogged",
    "CallRow",
    "CardPolicy",
    "DayCount",
    "NextContact",
    "Queue",
    "QueueRow",
    "blank_register",
    "call_card",
    "call_list",
    "call_register",
    "call_values",
    "change_callback",
    "count_day",
    "count_today",
    "log_callback",
    "next_echo",
    "queue",
    "read_next",
    "show_next",
    "with_way",
]
