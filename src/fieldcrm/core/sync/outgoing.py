"""Packages that go out: everything after what the receiver acknowledged, sealed to it or readable by people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, ids
from fieldcrm.base.data import audit, chain, hlc, journal, migrate, rebase, wire, withdraw
from fieldcrm.base.data.among import among
from fieldcrm.base.data.journal_tables import Edit, Identity, Operation
from fieldcrm.base.data.schema import EVERYONE, record_tables
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.forms import Field, Kind
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress, without_collector
from fieldcrm.base.sheets import writer
from fieldcrm.core import titles
from fieldcrm.core.sync import body, envelope, giving_back
from fieldcrm.core.sync.authority import ISSUED, STAYS
from fieldcrm.core.sync.tables import Package, Peer
from fieldcrm.core.titles import form_of

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

NO_OFFICE = define("package.no_office", N_("This book is not enrolled with an office yet: Settings, Enrolment."))
WHICH_PEER = define("package.which_peer", N_("Say for whom the package is: {count} people are enrolled here."))
PASSWORD_WANTED = define("package.password_wanted", N_("A readable package holds personal data; give it a password."))
GATHERING = N_("Gathering the changes")
WRITING = N_("Writing the package")
_TOLD = 100  # earlier packages whose end of the audit log is told again


@dataclass(frozen=True)
class Exported:
    """A package that was written: its number, receiver, operations, and how many records of each kind it carries."""

    path: Path
    number: int
    to_name: str
    operations: int
    rows: int
    kinds: dict[str, int] = field(default_factory=dict)


@without_collector()
def export_package(
    book: Book,
    path: Path,
    *,
    to: str | None = None,
    readable: bool = False,
    password: str | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the package for our office, or for the enrolled person `to` (a person id).

    Sealed unless `readable`, which needs a `password` and shows the rows in sheets. Cumulative: all
    after the last acknowledged hash. Raises `Refused` (not enrolled), `Environment` (file), `Cancelled`.
    """
    if readable and not password:
        raise Refused(PASSWORD_WANTED)
    progress = progress or Progress()
    progress.begin(gettext(GATHERING))
    _set_right(book)
    made = book.store.read(_gather, book.device, to, readable)
    progress.begin(gettext(WRITING))
    sealed = _seal(made) if not readable else made.body
    signed = envelope.make(made.header | {"sealed": not readable}, sealed, book.vault.device.sign)
    sheets = book.store.read(_readable_sheets, made.shown) if readable else _count_sheet(made.kinds)
    progress.check()
    book.remember_sent(*made.tip_of(book.store.author.device))
    envelope.write(
        path, signed, _readme(made, readable), sheets, title=f"fieldcrm {made.header['number']}", password=password
    )
    book.store.change(note_export, made, readable)
    return Exported(path, made.header["number"], made.to_name, made.operations, made.rows, dict(made.kinds))


def _set_right(book: Book) -> None:
    """Give what our office does not have yet stamps of now, where a clock far ahead had stamped it."""
    first = book.store.read(_first_ahead, book.store.author.device)
    if first is not None:
        book.store.change(rebase.again, book.store.author.device, first)


def _first_ahead(session: Session, device: str) -> int | None:
    """The number of the first operation that the office does not have and would refuse for its date."""
    peer = session.scalars(select(Peer).where(Peer.relation == "above", Peer.revoked_at.is_(None))).first()
    if peer is None:
        return None
    ahead = select(func.min(Operation.seq)).join(Edit, Edit.operation_id == Operation.id)
    since = Operation.device == device, Operation.seq > base_for(session, peer, device)[0]
    return session.scalar(ahead.where(*since, Edit.clock > hlc.latest()))


@dataclass
class _Made:
    header: dict[str, Any]
    body: bytes
    receiver: bytes
    to_name: str
    operations: int
    rows: int
    kinds: dict[str, int]
    shown: dict[str, list[str]]

    def tip_of(self, device: str) -> tuple[int, str] | tuple[None, None]:
        """Where a chain ends in it."""
        return next((tuple(c["tip"]) for c in self.header["chains"] if c["device"] == device), (None, None))


def peer_for(session: Session, to: str | None) -> Peer:
    """The device to send to: our office, or the one enrolled for a person."""
    peers = session.scalars(select(Peer).where(Peer.revoked_at.is_(None)).order_by(Peer.enrolled_at.desc())).all()
    if to is not None:
        peers = [p for p in peers if to in (p.person_id, p.device, p.person_name)]
    above = [p for p in peers if p.relation == "above"]
    if above:
        return above[0]
    if not peers:
        raise Refused(NO_OFFICE)
    if len({p.person_id for p in peers}) > 1:
        raise Refused(WHICH_PEER, count=len({p.person_id for p in peers}))
    return peers[0]


def _gather(session: Session, device: str, to: str | None, readable: bool = False) -> _Made:
    peer = peer_for(session, to)
    me = session.get_one(Identity, device)
    in_scope = scope_of(session, peer)
    chains, whole = [], giving_back.whole(session)
    for sender in _devices(session, peer, device):
        base_seq, base_hash = base_for(session, peer, sender)
        packed = wire.pack(session, sender, base_seq, base_hash, in_scope)
        if sender in whole:
            packed["operations"] = [o for o in packed["operations"] if o[1] <= whole[sender][0]]
        chains.append(packed)
    carried: dict[str, dict[str, None]] = {}  # kind to record ids, in order
    for c in chains:
        for *_, edits in c["operations"]:
            for e in edits:
                if type(e) is list:
                    carried.setdefault(e[0], {})[e[1]] = None
    kinds = {kind: len(ids) for kind, ids in carried.items()}
    shown = {kind: list(ids) for kind, ids in carried.items()} if readable else {}
    back = giving_back.pieces(session, peer, _behind(session, peer, device))
    last = session.scalar(
        select(func.max(Package.number)).where(Package.device == peer.device, Package.direction == "out")
    )
    tips = {c["device"]: _tip(c) for c in chains}
    header = {
        "kind": "package", "id": ids.new(), "number": (last or 0) + 1, "at": clock.now().isoformat(),
        "schema": migrate.HEAD, "generation": 1, "to": peer.device,
        "from": {
            "device": me.device, "person": [me.person_id, me.person_name], "unit": [me.unit_id, me.unit_name],
        },
        "chains": [{"device": c["device"], "base": c["base"], "tip": tips[c["device"]]} for c in chains],
        "counts": dict(sorted(kinds.items())), "audit": list(audit.head(session).pair),
    }  # fmt: skip
    return _Made(
        header=header,
        body=body.pack({"chains": chains, "holds": holds(session), "audit": _audit_trail(session, peer), "back": back}),
        receiver=bytes.fromhex(peer.sealing),
        to_name=f"{peer.person_name} · {peer.unit_name}",
        operations=sum(len(c["operations"]) for c in chains),
        rows=sum(kinds.values()),
        kinds=kinds,
        shown=shown,
    )


def _audit_trail(session: Session, peer: Peer) -> dict[str, str]:
    """Hashes of our audit log where earlier packages to the peer ended, so that it sees that the log went on."""
    sent = select(Package.details).where(Package.device == peer.device, Package.direction == "out")
    told = [d["audit"] for d in session.scalars(sent.order_by(Package.number.desc()).limit(_TOLD)) if d]
    return {str(seq): hash_ for seq, hash_ in audit.links(session, told)}


def _tip(packed: dict[str, Any]) -> list[Any]:
    operations = packed["operations"]
    return [operations[-1][1], operations[-1][9]] if operations else packed["base"]


def _devices(session: Session, peer: Peer, own: str) -> list[str]:
    """Whose chains go out: ours; downwards also those of our other devices and the receiver's own."""
    if peer.relation == "above":
        return [own]
    return [*session.scalars(select(Identity.device).order_by(Identity.device)), peer.device]


def base_for(session: Session, peer: Peer, device: str) -> tuple[int, str]:
    """Number and hash of the last operation of a chain that the peer acknowledged and that we still hold."""
    seq, hash_ = (peer.acked or {}).get(device, (0, chain.GENESIS))
    held = session.scalar(select(Operation.hash).where(Operation.device == device, Operation.seq == seq))
    return (seq, hash_) if held == hash_ else (0, chain.GENESIS)


def last_sent(session: Session, device: str) -> int:
    """The number of the last operation of a chain that went out in a package, or that a peer says it holds."""
    told = [base_for(session, peer, device)[0] for peer in session.scalars(select(Peer))]
    went = select(func.max(Operation.seq)).join(Package, Package.tip_hash == Operation.hash)
    return max([session.scalar(went.where(Operation.device == device, Package.direction == "out")) or 0, *told])


withdraw.ask_last_sent(last_sent)


def _behind(session: Session, peer: Peer, own: str) -> dict[str, int]:
    """Chains of our office that it no longer holds as far as we do, and the number up to which it does."""
    if peer.relation != "above" or peer.acked is None:
        return {}
    told = peer.acked
    ours = {device: tip for device, tip in holds(session).items() if device != own}
    return {
        device: base_for(session, peer, device)[0]
        for device, tip in ours.items()
        if device not in told or (told[device][0] <= tip[0] and told[device] != tip)
    }


def holds(session: Session) -> dict[str, list[Any]]:
    """What we hold of every chain: {device: [number, hash]}; the receiver's acknowledgement."""
    last = select(Operation.device, func.max(Operation.seq).label("seq")).group_by(Operation.device).subquery()
    rows = session.execute(
        select(Operation.device, Operation.seq, Operation.hash).join(
            last, (last.c.device == Operation.device) & (last.c.seq == Operation.seq)
        )
    )
    return {device: [seq, hash_] for device, seq, hash_ in rows} | giving_back.whole(session)


def scope_of(session: Session, peer: Peer) -> Callable[[str, str], bool]:
    """What of our records the peer may see: upwards all that travels, downwards its own and what is issued."""
    if peer.relation == "above":
        return lambda kind, record_id: kind not in STAYS and kind not in ISSUED
    mine: set[str] = set()
    for kind, cls in record_tables().items():
        if kind not in STAYS and kind not in ISSUED:
            table = cls.__table__  # type: ignore[attr-defined]
            mine.update(session.scalars(select(table.c.id).where(table.c.owner_id.in_([peer.person_id, EVERYONE]))))
    return lambda kind, record_id: kind in ISSUED or record_id in mine


def _seal(made: _Made) -> bytes:
    from fieldcrm.base.vault import seal

    return seal.seal(made.body, made.receiver, f"fieldcrm package {made.header['id']}".encode())


def note_export(session: Session, made: _Made, readable: bool = False) -> None:
    """Register a package that was written."""
    audit.note(session, "export", made.header["id"], number=made.header["number"], rows=made.rows, readable=readable)
    number, hash_ = made.tip_of(journal.author(session).device)
    session.add(
        Package(
            id=made.header["id"], direction="out", number=made.header["number"], device=made.header["to"],
            at=clock.now(), made_at=clock.now(), state="sent", operations=made.operations, rows=made.rows,
            details={"audit": made.header["audit"][0], "counts": dict(made.kinds)},
            tip_seq=number, tip_hash=hash_,
        )
    )  # fmt: skip


def _readme(made: _Made, readable: bool) -> list[tuple[str, str]]:
    sender, number = made.header["from"], made.header["number"]
    inside = f"{made.operations:,} 次操作，{made.rows:,} 行  operations: {made.operations:,}, rows: {made.rows:,}"
    return [
        ("同步包 Package", f"第 {number} 号  No. {number}"),
        ("来自 From", f"{sender['person'][1]} · {sender['unit'][1]}"),
        ("发给 To", made.to_name),
        ("时间 When", f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
        ("内容 Inside", inside),
        ("保密 Secrecy", _SECRECY[readable]),
        ("怎么用 How to import", "打开程序 → 同步（机构：收件箱）→ 导入，或把文件拖进窗口。"),
        ("", "Open the program, go to Sync (an office: Inbox), Import; or drag the file onto its window."),
        (
            "注意 Note",
            "可以排序、另存；以隐藏的签名数据为准。  Sorting and re-saving do no harm; the signed data count.",
        ),
    ]


_SECRECY = {
    False: "已加密，只有收件方能读；本表只有数量。\nSealed: only the receiver can read it; the sheets show counts.",
    True: "可读，含个人信息，用密码保护，用毕删除。\nReadable, holds personal data, protected by a password.",
}


def _count_sheet(kinds: dict[str, int]) -> list[writer.SheetOut]:
    columns = [writer.Column("记录 Record", 26), writer.Column("行数 Rows", 12)]
    rows = [(_label(kind), str(n)) for kind, n in sorted(kinds.items())]
    return [writer.SheetOut("数量 Counts", columns, rows)]


def _label(kind: str) -> str:
    form = form_of(kind)
    return kind if form is None else f"{form.zh} {form.en}"


def _readable_sheets(session: Session, shown: dict[str, list[str]]) -> list[writer.SheetOut]:
    """One sheet for each record kind with a form: the records that changed, as they are now."""
    from fieldcrm.base.sheets.form_sheet import columns_sheet

    tables = record_tables()
    sheets = []
    for kind in forms.all_forms():
        wanted = list(dict.fromkeys(shown.get(kind, ())))
        if not wanted or kind not in tables:
            continue
        form, table = forms.get(kind), tables[kind].__table__  # type: ignore[attr-defined]
        names = [f.name for f in form.fields if f.name in table.c]
        parts: list[dict[str, Sequence[Any]]] = []
        for at in range(0, len(wanted), 2_000):
            query = select(*(table.c[n] for n in names)).where(among(table.c.id, wanted[at : at + 2_000]))
            rows = session.execute(query).all()
            if rows:
                parts.append(dict(zip(names, zip(*rows, strict=True), strict=True)))
        columns = [n for n in names if not form.named_beside(n)]
        _name_records(session, [form[n] for n in columns], parts)
        sheets.append(columns_sheet(form, parts, fields=columns))
    return sheets


def _name_records(session: Session, fields: list[Field], parts: list[dict[str, Sequence[Any]]]) -> None:
    """People read these sheets: another record is called by its name, not by its id."""
    pointing = [f for f in fields if f.kind is Kind.RECORD]
    if not pointing:
        return
    wanted: dict[str, set[str]] = {}
    for f in pointing:
        wanted.setdefault(f.of, set()).update(id for part in parts for id in part[f.name] if id)
    called = titles.titles(session, wanted) | titles.people(session)
    for part in parts:
        for f in pointing:
            part[f.name] = [called.get(id or "", "") for id in part[f.name]]
