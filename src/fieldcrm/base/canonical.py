"""JSON in one spelling, so that equal values give equal text: sorted keys, no blanks, Unicode as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def _spelling(allow_nan: bool) -> Callable[[Any], str]:
    plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=allow_nan)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    # what `encode` makes anew for each value, three quarters of its time for a small one
    pieces = make(None, plain.default, json.encoder.encode_basestring, None, ":", ",", True, False, allow_nan)
    return lambda value: "".join(pieces(value, 0))


compact = _spelling(True)
"""As columns keep it and the journal hashes it."""

strict = _spelling(False)
"""The same; a number that JSON has not (NaN, infinity) is a ValueError. For what is signed or sealed."""
