"""The signed envelope inside a package workbook: header, signature, body; the same for enrolment files.

A very-hidden sheet holds them as text cells. The signature covers bytes, never cells, so that sorting,
styling and re-saving cannot break it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.sheets import reader, writer
from fieldcrm.base.vault import seal

SHEET = "fieldcrm"
FORMAT = 1
CHUNK = 30_000  # characters in a cell; a spreadsheet holds 32,767
_MARK = "fieldcrm package"
_DOMAIN = b"fieldcrm package 1"

NOT_A_PACKAGE = define(
    "package.not_one", N_("This file is not a fieldcrm package. A list from the core system is imported under Clients.")
)
DAMAGED = define("package.damaged", N_("The package is damaged or cut short. Ask the sender to send it again."))
NEWER = define("package.newer", N_("A newer version of the program made this package. Update the program first."))
BAD_SIGNATURE = define(
    "package.bad_signature", N_("The signature of the package does not match: it was changed on the way or is forged.")
)


@dataclass(frozen=True)
class Envelope:
    """`header` is JSON; `header_bytes` are what was signed; `body` may be sealed."""

    header: dict[str, Any]
    header_bytes: bytes
    signature: bytes
    body: bytes

    def is_signed_by(self, signing_public: bytes) -> bool:
        return seal.verify(signing_public, _DOMAIN, self.header_bytes, self.signature)

    def to_bytes(self) -> bytes:
        """The envelope in one piece, for keeping a held package."""
        return seal.framed([self.header_bytes, self.signature, self.body])

    @staticmethod
    def from_bytes(data: bytes) -> Envelope:
        return _open(*unframed(data))


def unframed(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The three parts that `seal.framed` put into one; `Refused` for anything else."""
    parts: list[bytes] = []
    while data:
        size = int.from_bytes(data[:8])
        if len(data) < 8 + size:
            raise Refused(DAMAGED)
        parts.append(data[8 : 8 + size])
        data = data[8 + size :]
    if len(parts) != 3:
        raise Refused(DAMAGED)
    return parts[0], parts[1], parts[2]


def make(header: dict[str, Any], body: bytes, sign: Any) -> Envelope:
    """Sign a header that names its body; `sign(domain, message)` gives the Ed25519 signature."""
    full = {**header, "format": FORMAT, "body_sha256": hashlib.sha256(body).hexdigest(), "body_bytes": len(body)}
    header_bytes = seal.canonical(full)
    return Envelope(full, header_bytes, sign(_DOMAIN, header_bytes), body)


def write(
    target: Path | str,
    envelope: Envelope,
    readme: Sequence[tuple[str, str]],
    sheets: Sequence[writer.SheetOut],
    *,
    title: str,
    password: str | None = None,
) -> None:
    """Write the workbook: a readme of (word, text) rows in both languages, readable sheets, the hidden envelope.

    A text of several lines takes a row each.
    """
    lines = [(word if n == 0 else "", line) for word, text in readme for n, line in enumerate(text.split("\n"))]
    first = writer.SheetOut(
        "说明 Readme",
        [writer.Column("", 26, tone="head"), writer.Column("", 90, wrap=True)],
        lines,
        header=False,
        filtered=False,
    )
    hidden = writer.SheetOut(
        SHEET, [writer.Column("", 10), writer.Column("", 20)], list(_rows(envelope)), hidden="very",
        header=False, filtered=False,
    )  # fmt: skip
    properties = writer.Properties(title=title, comments=f"{_MARK} {FORMAT}")
    writer.write(target, [first, *sheets, hidden], properties=properties, password=password)


def _rows(envelope: Envelope) -> Iterator[tuple[str, str]]:
    yield _MARK, str(FORMAT)
    for name, data in (
        ("header", envelope.header_bytes),
        ("signature", envelope.signature),
        ("body", envelope.body),
    ):
        text = base64.b64encode(data).decode()
        for at in range(0, max(len(text), 1), CHUNK):
            yield name, text[at : at + CHUNK]


def read(path: Path | str, *, password: str | None = None) -> tuple[Envelope, reader.Workbook]:
    """The envelope of a package file and its workbook, through the gate; the signature is not yet judged.

    `Refused` when the file is no package, is damaged, or newer than this program; the gate's refusals.
    """
    book = reader.read(path, password=password, formulas="refuse")
    if not is_envelope(book):
        raise Refused(NOT_A_PACKAGE)
    sheet = next(s for s in book.sheets if s.name == SHEET)
    parts: dict[str, list[str]] = {"header": [], "signature": [], "body": []}
    for row in sheet.rows:
        cells = [c for c in row if c is not None and c != ""]
        if len(cells) == 2 and cells[0] in parts:
            parts[str(cells[0])].append(str(cells[1]))
    try:
        pieces = [_decoded(parts[n]) for n in parts]
    except (binascii.Error, ValueError) as error:
        raise Refused(DAMAGED) from error
    return _open(*pieces), book


def is_envelope(book: reader.Workbook) -> bool:
    """Whether a workbook that was read carries a package or an enrolment file."""
    return any(sheet.name == SHEET for sheet in book.sheets)


def _decoded(cells: Sequence[str]) -> bytes:
    """The bytes of cells of base64, which may have been cut anywhere."""
    found: list[bytes] = []
    left = ""
    for text in cells:
        left += text
        whole = len(left) // 4 * 4
        found.append(base64.b64decode(left[:whole], validate=True))
        left = left[whole:]
    return b"".join(found) + base64.b64decode(left, validate=True)


def _open(header_bytes: bytes, signature: bytes, body: bytes) -> Envelope:
    try:
        header = json.loads(header_bytes)
        newer = header["format"] > FORMAT
        whole = header["body_sha256"] == hashlib.sha256(body).hexdigest()
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(DAMAGED) from error
    if newer:
        raise Refused(NEWER)
    if not whole:
        raise Refused(DAMAGED)
    return Envelope(header, header_bytes, signature, body)
