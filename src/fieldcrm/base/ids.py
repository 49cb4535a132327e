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
    return _text(ms, count, os.urandom(8))


def many(n: int) -> list[str]:
    """`n` fresh ids in order, for bulk writes."""
    global _last_ms, _counter
    with _lock:
        ms = max(int(clock.now().timestamp() * 1000), _last_ms + 1)
        _last_ms, _counter = ms + (n >> 12), 0xFFF
    noise = os.urandom(8 * n)
    return [_text(ms + (i >> 12), i & 0xFFF, noise[8 * i : 8 * i + 8]) for i in range(n)]


def _text(ms: int, count: int, noise: bytes) -> str:
    tail = int.from_bytes(noise) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return f"{ms & 0xFFFF_FFFF_FFFF:012x}7{count:03x}{tail:016x}"
