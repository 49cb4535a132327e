"""The password given by the environment, taken out of it so that no child process inherits it."""

from __future__ import annotations

import os
from collections.abc import MutableMapping

VARIABLE = "FIELDCRM_PASSWORD"


def take_password(environment: MutableMapping[str, str] | None = None) -> str | None:
    """The password in FIELDCRM_PASSWORD, removed from the environment; None when it was not given.

    Call once at start, before any child process. On Linux the process's own start block (/proc/PID/environ,
    readable by the same user only) keeps it until the process ends.
    """
    return (os.environ if environment is None else environment).pop(VARIABLE, None) or None
