"""A document: parts with heads of their own, flowed over pages, drawn with head and foot, written in one go."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from fieldcrm.base import clock, i18n
from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress
from fieldcrm.base.paper import fonts
from fieldcrm.base.paper.blocks import Block
from fieldcrm.base.paper.pen import Pen
from fieldcrm.base.paper.place import put
from fieldcrm.base.paper.tokens import A4, BODY_BOTTOM, BODY_TOP, DARK, FOOT_RULE, GREY, HAIR, INK, MARGIN

rl_config.useA85 = 0  # plain Flate streams: a fifth smaller and a third faster than with ASCII85 around them


@dataclass(frozen=True)
class Head:
    """The head of a page: title, who and when beneath it, and two lines on the right."""

    title: str
    who: str = ""
    right: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """Blocks under one head; a part begins on a page of its own."""

    head: Head
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """Everything about a PDF. `printed_at` (an instant) stands at the foot; with `invariant` the same document
    gives the same bytes."""

    title: str
    parts: Sequence[Part]
    author: str = ""
    foot: str = ""
    landscape: bool = False
    printed_at: datetime | None = None
    invariant: bool = False
    subject: str = ""

    @property
    def size(self) -> tuple[float, float]:
        return (A4[1], A4[0]) if self.landscape else A4


@dataclass
class _Page:
    head: Head
    blocks: list[tuple[Block, float]] = field(default_factory=list)


def save(document: Document, path: Path, progress: Progress | None = None) -> int:
    """Write the PDF: built in memory, then put in place at once, so that no torn file is ever seen.

    Gives the number of pages. Raises `Environment` when the folder cannot be written, `Cancelled`.
    """
    content, pages = build(document, progress)
    put(path, content)
    return pages


def build(document: Document, progress: Progress | None = None) -> tuple[bytes, int]:
    """The PDF as bytes, and its number of pages."""
    progress = progress or Progress()
    pages = _flow(document, progress)
    buffer = io.BytesIO()
    canvas = _canvas(document, buffer)
    printed_at = document.printed_at or clock.now()
    progress.begin(_("Drawing pages"), len(pages))
    for number, page in enumerate(pages, 1):
        pen = Pen(canvas, document.size[1])
        _draw_head(pen, document, page.head)
        for block, y in page.blocks:
            block.draw(pen, MARGIN, y, document.size[0] - 2 * MARGIN)
        _draw_foot(pen, document, number, len(pages), printed_at)
        canvas.showPage()
        progress.step(number)
    canvas.save()
    return buffer.getvalue(), len(pages)


def _canvas(document: Document, buffer: io.BytesIO) -> Any:
    options: dict[str, Any] = {
        "pagesize": document.size,
        "pageCompression": 1,
        "invariant": int(document.invariant),
        "lang": "zh-CN" if i18n.is_chinese() else "en",
        "initialFontName": fonts.font(fonts.REGULAR).fontName,  # else Helvetica is named, which is not embedded
    }
    canvas: Any = Canvas(buffer, **options)
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.subject)
    canvas.setCreator("fieldcrm")
    canvas.setProducer("fieldcrm")
    if not document.invariant:
        local = clock.local(document.printed_at or clock.now())
        stamp = SimpleNamespace(t=local.timestamp(), lt=local.timetuple(), YMDhms=local.timetuple()[:6], dhh=8, dmm=0)
        canvas._doc._timeStamp = stamp
    return canvas


def _flow(document: Document, progress: Progress) -> list[_Page]:
    """Which block stands where; the number of pages is known before anything is drawn."""
    width = document.size[0] - 2 * MARGIN
    bottom = document.size[1] - BODY_BOTTOM
    pages: list[_Page] = []
    for part in document.parts:
        progress.check()
        pages.append(_Page(part.head))
        y = BODY_TOP
        waiting = list(reversed(part.blocks))
        while waiting:
            block = waiting.pop()
            height = block.height(width)
            if y + height + _followers(block, waiting, width) <= bottom:
                pages[-1].blocks.append((block, y))
                y += height + block.after
                continue
            halves = block.split(width, bottom - y, bottom - BODY_TOP)
            if halves is not None:
                pages[-1].blocks.append((halves[0], y))
                waiting.append(halves[1])
            elif y > BODY_TOP:
                waiting.append(block)
            else:  # higher than a page and not to be split: drawn as it is
                pages[-1].blocks.append((block, y))
            if waiting:
                pages.append(_Page(_again(part.head)))
                y = BODY_TOP
    return pages


def _followers(block: Block, waiting: list[Block], width: float) -> float:
    """Room that must be left below a block which stays with the next one."""
    if not block.keep_with_next or not waiting:
        return 0.0
    return block.after + min(waiting[-1].height(width), 48.0)


def _again(head: Head) -> Head:
    return replace(head, title=_("{title} (continued)").format(title=head.title)) if head.title else head


def _draw_head(pen: Pen, document: Document, head: Head) -> None:
    right = document.size[0] - MARGIN
    width = right - MARGIN
    room = max((fonts.width(line, 9) for line in head.right), default=0.0)
    room = min(room, width / 2)
    pen.text(MARGIN, 55.5, head.title, 16, bold=True, room=width - room - 12)
    pen.text(MARGIN, 72.6, head.who, 9.4, colour=GREY, room=width - room - 12)
    lines_right = head.right[:2]
    for number, line in enumerate(lines_right):
        y = 72.6 - (len(lines_right) - 1 - number) * 15.4
        pen.text(right, y, line, 9, colour=GREY, align="right", room=width / 2)
    pen.rule(MARGIN, 84, width, DARK, 1.5)


def _draw_foot(pen: Pen, document: Document, number: int, total: int, printed_at: datetime) -> None:
    right, bottom = document.size[0] - MARGIN, document.size[1]
    width = right - MARGIN
    when = f"{clock.local(printed_at):%Y-%m-%d %H:%M}"
    count = _("Page {number} of {total} · printed {when}").format(number=number, total=total, when=when)
    if pen.missing:
        codes = " ".join(f"U+{ord(c):04X}" for c in pen.missing)
        note = _("Characters without a shape in the fonts: {codes}").format(codes=codes)
        pen.text(MARGIN, bottom - FOOT_RULE - 3, note, 7, colour=INK, room=width)
    pen.rule(MARGIN, bottom - FOOT_RULE, width, HAIR)
    used = pen.text(right, bottom - FOOT_RULE + 14.2, count, 7.5, colour=GREY, align="right")
    pen.text(MARGIN, bottom - FOOT_RULE + 14.2, document.foot, 7.5, colour=GREY, room=width - used - 12)
