"""Operations as they travel: a device's chain from a base on, with the edits the receiver may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base.data import chain
from fieldcrm.base.data.codec import instant_text
from fieldcrm.base.data.journal_tables import Edit, Operation
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_

BROKEN = define(
    "package.chain_broken", N_("The package is damaged or was changed on the way: its history does not add up.")
)

_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_SOME = 2_000  # rows held at once; to let go of a hundred thousand would stop the window
_ACTION = 200  # signs of an action's name
_HEAD = ("id", "seq", "person_id", "action", "mode", "undoes", "at", "rows", "digest", "hash")


def _read(text: str) -> Any:
    """JSON text without blanks around it; ValueError for anything else."""
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("no JSON") from None
    if end != len(text):
        raise ValueError("more than one value")
    return value


@dataclass(slots=True)
class SentEdit:
    """One edit on the way; `after` and `parents` are canonical JSON text. Without `after` only its commitment came."""

    kind: str
    record_id: str
    clock: str
    after: str
    parents: str | None
    salt: str
    commitment: str
    position: int = 0  # among all edits of its operation, those that did not come along included
    _values: dict[str, Any] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def values(self) -> dict[str, Any]:
        """`after` read, once."""
        if self._values is None:
            self._values = _read(self.after)
        return self._values

    @property
    def heads(self) -> dict[str, list[str]]:
        """`parents` read: the fields by the head that its author saw; none for a created record."""
        return _read(self.parents) if self.parents else {}


@dataclass(frozen=True)
class SentOperation:
    """One verified operation on the way, with those of its edits that came along."""

    id: str
    seq: int
    person_id: str
    action: str
    mode: str
    undoes: str | None
    at: datetime
    rows: int
    digest: str
    previous: str
    hash: str
    edits: list[SentEdit]


@dataclass(frozen=True)
class SentChain:
    """A device's operations after `base` (its number and hash; 0 and `GENESIS` for all of them)."""

    device: str
    base_seq: int
    base_hash: str
    operations: tuple[SentOperation, ...] = field(default=())

    @property
    def tip(self) -> tuple[int, str]:
        """Number and hash of the last operation."""
        if not self.operations:
            return self.base_seq, self.base_hash
        return self.operations[-1].seq, self.operations[-1].hash


def agreed(session: Session, sent: SentChain) -> int:
    """Number of the last operation that both the chain and ours know alike; below its base when not even that is."""
    held = session.scalar(select(func.max(Operation.seq)).where(Operation.device == sent.device)) or 0
    top = min(held, sent.tip[0])
    if top <= sent.base_seq == 0:
        return 0
    theirs = {sent.base_seq: sent.base_hash}
    if sent.base_seq < top:
        theirs[top] = sent.operations[top - sent.base_seq - 1].hash
    ours = select(Operation.seq, Operation.hash).where(Operation.device == sent.device)
    for seq, hash_ in session.execute(ours.where(Operation.seq == top)):
        if theirs.get(seq) == hash_:
            return top
    theirs |= {o.seq: o.hash for o in sent.operations if o.seq <= top}
    both = session.execute(ours.where(Operation.seq.between(sent.base_seq, top)))
    return max((seq for seq, hash_ in both if theirs.get(seq) == hash_), default=0 if not sent.base_seq else -1)


def pack(
    session: Session, device: str, base_seq: int, base_hash: str, in_scope: Callable[[str, str], bool]
) -> dict[str, Any]:
    """A chain as JSON: operations after `base_seq`; edits for which `in_scope(kind, record_id)`, others as hashes."""
    operations = session.scalars(
        select(Operation).where(Operation.device == device, Operation.seq > base_seq).order_by(Operation.seq)
    ).all()
    edits: dict[str, list[Any]] = {o.id: [] for o in operations}
    seen: set[str] = set()
    rows = session.execute(
        select(
            Edit.operation_id, Edit.kind, Edit.record_id, Edit.clock, Edit.after, Edit.parents, Edit.salt,
            Edit.commitment,
        )
        .join(Operation, Operation.id == Edit.operation_id)
        .where(Operation.device == device, Operation.seq > base_seq)
        .order_by(Operation.seq, Edit.position)
        .execution_options(yield_per=_SOME)
    )  # fmt: skip
    for operation_id, kind, record_id, stamp, after, parents, salt, commitment in rows:
        if after is not None and in_scope(kind, record_id):
            seen.add(operation_id)
            edits[operation_id].append([kind, record_id, stamp, after, parents, salt])
        else:
            edits[operation_id].append(commitment)
    return {
        "device": device,
        "base": [base_seq, base_hash],
        "operations": [
            [*(_plain(getattr(o, name)) for name in _HEAD), edits[o.id] if o.id in seen else []] for o in operations
        ],
    }


def _plain(value: Any) -> Any:
    return instant_text(value) if isinstance(value, datetime) else value


def unpack(data: dict[str, Any]) -> SentChain:
    """A chain from its JSON, every link and commitment verified; `Refused(package.chain_broken)`."""
    try:
        device, (base_seq, base_hash) = data["device"], data["base"]
        if not (is_device(device) and is_head(data["base"])):
            raise ValueError("a chain that is none")
        operations: list[SentOperation] = []
        previous, seq = base_hash, base_seq
        for *head, edits in data["operations"]:
            operation = _operation(device, previous, dict(zip(_HEAD, head, strict=True)), edits)
            if operation.seq != seq + 1:
                raise Refused(BROKEN)
            operations.append(operation)
            previous, seq = operation.hash, operation.seq
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Refused(BROKEN) from error
    return SentChain(device, base_seq, base_hash, tuple(operations))


def _operation(device: str, previous: str, head: dict[str, Any], edits: list[Any]) -> SentOperation:
    head["at"] = datetime.fromisoformat(head["at"])
    if not _is_sound(head):
        raise ValueError("an operation that is none")
    expected, claimed = head["digest"], head.pop("hash")
    sent = tuple(_edit(e, n) if isinstance(e, list) else e for n, e in enumerate(edits))
    if sent and (len(sent) != head["rows"] or chain.digest(_commitments(sent)) != expected):
        raise Refused(BROKEN)
    if chain.link(previous, device=device, **head) != claimed:
        raise Refused(BROKEN)
    return SentOperation(previous=previous, hash=claimed, edits=[e for e in sent if isinstance(e, SentEdit)], **head)


def _is_sound(head: dict[str, Any]) -> bool:
    """Whether what an operation says of itself is of the right types and sizes."""
    ids = [head["id"], head["person_id"], *([] if head["undoes"] is None else [head["undoes"]])]
    return (
        all(isinstance(id, str) and len(id) == 32 for id in ids)
        and all(isinstance(h, str) and len(h) == 64 for h in (head["digest"], head["hash"]))
        and all(type(n) is int and 0 <= n < 2**31 for n in (head["seq"], head["rows"]))
        and isinstance(head["action"], str)
        and len(head["action"]) <= _ACTION
        and head["mode"] in ("do", "undo", "redo")
        and is_instant(head["at"])
    )


def is_instant(at: datetime) -> bool:
    """Whether an instant is one that a clock may show, here and in every zone."""
    return at.tzinfo is not None and 1970 <= at.year < 9999


def is_device(told: Any) -> bool:
    """Whether this may be a device's name."""
    return isinstance(told, str) and len(told) == 16


def is_head(told: Any) -> bool:
    """Whether this is the end of a chain, or of a log: [number, hash]."""
    if not isinstance(told, list) or [type(part) for part in told] != [int, str]:
        return False
    return 0 <= told[0] < 2**31 and len(told[1]) <= 64


def _edit(data: list[Any], position: int) -> SentEdit:
    kind, record_id, stamp, after, parents, salt = data
    return SentEdit(
        kind, record_id, stamp, after, parents, salt,
        chain.commitment(salt, kind, record_id, stamp, after, parents), position,
    )  # fmt: skip


def _commitments(sent: Iterable[SentEdit | str]) -> Iterable[str]:
    return (e.commitment if isinstance(e, SentEdit) else e for e in sent)
