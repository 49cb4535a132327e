"""Exchange with the offices: enrolment, packages out and in, conflicts."""

from fieldcrm.core.sync.enrol import Enrolled, accept, grant, request
from fieldcrm.core.sync.incoming import (
    ChangedCell,
    Received,
    import_packages,
    inspect_package,
    preview_package,
)
from fieldcrm.core.sync.outgoing import Exported, export_package, pending

__all__ = [
    "ChangedCell",
    "Enrolled",
    "Exported",
    "Received",
    "accept",
    "export_package",
    "grant",
    "import_packages",
    "inspect_package",
    "pending",
    "preview_package",
    "request",
]
