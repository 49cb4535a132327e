"""Old binary containers: what is inside an .xls, and opening an Office password. Runs in the gate's child process."""

from __future__ import annotations

import io
import struct
from typing import Any

from fieldcrm.base.sheets import limits
from fieldcrm.base.sheets.limits import No

_STREAMS = 2_000
_HEAD, _DATE_MODE, _END = 1 << 20, 0x22, 0x0A


def _open(data: bytes) -> Any:
    import olefile  # type: ignore[import-untyped, unused-ignore]

    try:
        container = olefile.OleFileIO(io.BytesIO(data))
        names = ["/".join(path).lower() for path in container.listdir(streams=True, storages=True)]
    except (OSError, ValueError, IndexError, TypeError, KeyError, RecursionError) as broken:
        raise No("damaged") from broken
    if len(names) > _STREAMS:
        raise No("parts", most=_STREAMS)
    return container, names


def is_encrypted(data: bytes) -> bool:
    """Whether the container holds an encrypted .xlsx."""
    _, names = _open(data)
    return "encryptedpackage" in names


def check(data: bytes) -> None:
    """Refuse macros, embeddings and containers that are no workbook."""
    _, names = _open(data)
    if any("vba_project" in name or name.startswith("macros") for name in names):
        raise No("macros")
    if any(name.startswith(("mbd", "objectpool")) or "\x01ole10native" in name for name in names):
        raise No("embedded")
    if not {"workbook", "book"} & set(names):
        raise No("no-workbook")


def from_1904(data: bytes) -> bool:
    """Whether an .xls counts its days from 1904-01-01; read from the records at the start of its workbook."""
    container, names = _open(data)
    try:
        with container.openstream("Workbook" if "workbook" in names else "Book") as stream:
            head = stream.read(_HEAD)
    except (OSError, ValueError, IndexError, TypeError) as broken:
        raise No("damaged") from broken
    at = 0
    while at + 6 <= len(head):
        kind, length = struct.unpack_from("<HH", head, at)
        if kind in (_DATE_MODE, _END):
            return bool(kind == _DATE_MODE and length >= 2 and head[at + 4])
        at += 4 + length
    return False


def decrypt(data: bytes, password: str) -> bytes:
    """The .xlsx inside, its integrity verified; nothing is written to disk."""
    container, _ = _open(data)
    with container.openstream("EncryptionInfo") as stream:
        info = stream.read(64 * 1024)
    if info[:4] != b"\x04\x00\x04\x00":
        raise No("old-encryption")
    _spin(info[8:])
    import msoffcrypto
    from msoffcrypto import exceptions

    out = io.BytesIO()
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
        book.load_key(password=password, verify_password=True)
        book.decrypt(out, verify_integrity=True)
    except exceptions.InvalidKeyError as wrong:
        raise No("damaged" if "ntegrity" in str(wrong) else "wrong-password") from wrong
    except (exceptions.FileFormatError, exceptions.DecryptionError, OSError, ValueError, KeyError) as broken:
        raise No("damaged") from broken
    return out.getvalue()


def _spin(xml: bytes) -> None:
    from xml.parsers import expat

    if b"<!" in xml:
        raise No("doctype")

    def seen(_name: str, values: dict[str, str]) -> None:
        count = values.get("spinCount", "0")
        if not count.isdigit() or int(count) > limits.SPIN:
            raise No("spin", most=limits.SPIN)

    parser = expat.ParserCreate()
    parser.StartElementHandler = seen
    try:
        parser.Parse(xml.rstrip(b"\0"), True)
    except expat.ExpatError as broken:
        raise No("damaged") from broken
