"""Time-ordered identifiers: UUIDv7 (RFC 9562) as 32 lower-case hex digits."""

from __future__ import annotations

import os
import threading

from fieldcrm.base import clock

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def new() -> str:
    """A fresh id; ids made by one process sort in the order they were made (12-bit counter in rand_a)."""
    global _last_ms, _counter
    with _lock:
        ms = int(clock.now().timestamp() * 1000)
        if ms <= _last_ms:
            ms = _last_ms
            _counter += 1
            if _counter > 0xFFF:
                ms, _counter = ms + 1, 0
        else:
            _counter = 0
        _last_ms = ms
        count = _counter
    tail = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return f"{ms & 0xFFFF_FFFF_FFFF:012x}7{count:03x}{tail:016x}"
