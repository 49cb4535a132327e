"""The recovery code on paper: the one sheet that opens the book without its password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fieldcrm.base import clock
from fieldcrm.base.i18n import _
from fieldcrm.base.text import full_date

if TYPE_CHECKING:
    from fieldcrm.base.paper.sheet import Document

_SIZE, _CODE_SIZE = 10.5, 20.0


def recovery_document(lines: Sequence[str], person: str, unit: str) -> Document:
    """The code in `lines`, whose book it opens, how it is used and where it is kept."""
    from fieldcrm.base.paper.blocks import Block, Heading, Prose, Space
    from fieldcrm.base.paper.sheet import Document, Head, Part

    title = _("Recovery code of the field book")
    keep = _("Keep it away from the computer. It opens the book without the password.")
    use = _(
        "When the password is forgotten: at the unlock page choose “{words}” and type the code, or ask your office."
    )
    replaced = _("A new code, made in the settings, makes this one worthless: destroy this sheet then.")
    blocks: list[Block] = [
        Space(10),
        Prose("\n".join(lines), _CODE_SIZE, True, after=12),
        Heading(words=_("How it is used")),
        Prose(use.format(words=_("Forgot it? Use the recovery code")), _SIZE, after=6),
        Heading(words=_("How it is kept")),
        Prose(keep, _SIZE, after=4),
        Prose(replaced, _SIZE),
    ]
    who = " • ".join(filter(None, (unit, person, full_date(clock.today()))))
    return Document(title, [Part(Head(title, who), blocks)], foot=_("Secret • whoever has this sheet opens the book"))


def recovery_bytes(lines: Sequence[str], person: str, unit: str) -> bytes:
    """The sheet as PDF in memory; it is never written to a file."""
    from fieldcrm.base.paper import sheet

    return sheet.build(recovery_document(lines, person, unit))[0]
