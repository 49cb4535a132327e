"""JSON in one spelling, so that equal values give equal text: sorted keys, no blanks, Unicode as it is."""

from __future__ import annotations

import json

compact = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""As columns keep it and the journal hashes it."""

strict = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
"""The same; a number that JSON has not (NaN, infinity) is a ValueError. For what is signed or sealed."""
