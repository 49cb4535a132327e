"""Exchange with the offices: enrolment, packages out and in, conflicts."""

from fieldcrm.core.sync import recover
from fieldcrm.core.sync.conflicts import (
    ConflictRow,
    Side,
    count_conflicts,
    list_conflicts,
    resolve_as_suggested,
    resolve_conflict,
)
from fieldcrm.core.sync.deciding import KEEP, TAKE, Decisions
from fieldcrm.core.sync.enrol import Enrolled, accept, grant, look, own_fingerprint, request
from fieldcrm.core.sync.envelope import is_envelope
from fieldcrm.core.sync.incoming import import_packages
from fieldcrm.core.sync.opening import inspect_package
from fieldcrm.core.sync.outgoing import Exported, export_package
from fieldcrm.core.sync.peers import PeerRow, list_peers, peer_fingerprint, revoke_peer
from fieldcrm.core.sync.preview import (
    CellRow,
    ChangedCell,
    Looked,
    drop_kind,
    look_into,
    package_files,
    preview_package,
    wants_password,
)
from fieldcrm.core.sync.queries import (
    InboxFigures,
    KindCount,
    Outgoing,
    PackageRow,
    count_held,
    inbox_figures,
    list_packages,
    read_outgoing,
)
from fieldcrm.core.sync.register import Received
from fieldcrm.core.sync.unsent import pending

__all__ = [
    "KEEP",
    "TAKE",
    "CellRow",
    "ChangedCell",
    "ConflictRow",
    "Decisions",
    "Enrolled",
    "Exported",
    "InboxFigures",
    "KindCount",
    "Looked",
    "Outgoing",
    "PackageRow",
    "PeerRow",
    "Received",
    "Side",
    "accept",
    "count_conflicts",
    "count_held",
    "drop_kind",
    "export_package",
    "grant",
    "import_packages",
    "inbox_figures",
    "inspect_package",
    "is_envelope",
    "list_conflicts",
    "list_packages",
    "list_peers",
    "look",
    "look_into",
    "own_fingerprint",
    "package_files",
    "peer_fingerprint",
    "pending",
    "preview_package",
    "read_outgoing",
    "recover",
    "request",
    "resolve_as_suggested",
    "resolve_conflict",
    "revoke_peer",
    "wants_password",
]
