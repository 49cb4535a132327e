"""Drawing on one page: text with fallback fonts, rules, boxes, chips; y grows downwards from the page's top."""

from __future__ import annotations

from typing import Any, Literal

from fieldcrm.base.paper import fonts, lines
from fieldcrm.base.paper.tokens import ACCENT, BORDER, DOTS, INK, TONES, Colour

Align = Literal["left", "right", "centre"]


class Pen:
    """Draws on the canvas's current page. `missing` collects characters of this page that no font has."""

    def __init__(self, canvas: Any, page_height: float) -> None:
        self.canvas = canvas
        self.page_height = page_height
        self.missing: dict[str, None] = {}

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        *,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = "left",
        room: float | None = None,
    ) -> float:
        """One line with its baseline at y; shortened to `room` when given. Gives its width."""
        if room is not None:
            text = lines.fit(text, room, size, bold)
        shaped = fonts.shape(text, bold)
        wide = shaped.width * size
        if align != "left":
            x -= wide if align == "right" else wide / 2
        for name, run, run_width in shaped.runs:
            if name == fonts.MISSING:
                self._box(x, y, run, size, colour)
            else:
                self._run(x, y, run, name, size, colour, embolden=bold and name == fonts.RARE)
            x += run_width * size
        return wide

    def _run(self, x: float, y: float, run: str, name: str, size: float, colour: Colour, embolden: bool) -> None:
        """Written as operators at once: reportlab's text object does the same in three times the time."""
        canvas, font = self.canvas, fonts.font(name)
        shown = " ".join(
            f"{font.getSubsetInternalName(subset, canvas._doc)} {size:g} Tf ({canvas._escape(codes)}) Tj"
            for subset, codes in font.splitString(run, canvas._doc)
        )
        ink = "{:.3f} {:.3f} {:.3f}".format(*colour)
        place = f"1 0 0 1 {x:.2f} {self.page_height - y:.2f} Tm"
        if embolden:  # the rare characters have no bold of their own: fill and stroke
            canvas._code.append(f"q {ink} RG {size * 0.035:.3f} w BT {ink} rg 2 Tr {place} {shown} ET Q")
        else:
            canvas._code.append(f"BT {ink} rg {place} {shown} ET")

    def _box(self, x: float, y: float, character: str, size: float, colour: Colour) -> None:
        """A character no font has: a box with its code point inside, and in the page's footnote."""
        self.missing[character] = None
        self.rect(x + size * 0.06, y - size * 0.84, size * 0.88, size * 0.96, edge=colour, line=0.5)
        code = f"{ord(character):X}"
        half = (len(code) + 1) // 2
        tiny = size * 0.42
        real = character.encode("utf-16-be").hex().upper()
        self.canvas._code.append(f"/Span << /ActualText <FEFF{real}> >> BDC")  # readers copy the real character
        for row, part in enumerate((code[:half], code[half:])):
            left = x + (size - fonts.width(part, tiny)) / 2
            self._run(left, y - size * (0.42 - 0.42 * row), part, fonts.REGULAR, tiny, colour, embolden=False)
        self.canvas._code.append("EMC")

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        ground: Colour | None = None,
        edge: Colour | None = None,
        line: float = 0.75,
        radius: float = 0,
    ) -> None:
        """A box whose upper left corner is at x, y."""
        canvas, bottom = self.canvas, self.page_height - y - height
        if ground is not None:
            canvas.setFillColorRGB(*ground)
        if edge is not None:
            canvas.setStrokeColorRGB(*edge)
            canvas.setLineWidth(line)
        how = {"stroke": int(edge is not None), "fill": int(ground is not None)}
        if radius:
            canvas.roundRect(x, bottom, width, height, radius, **how)
        else:
            canvas.rect(x, bottom, width, height, **how)

    def rule(self, x: float, y: float, width: float, colour: Colour = BORDER, line: float = 0.75) -> None:
        """A horizontal rule."""
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(line)
        self.canvas.line(x, self.page_height - y, x + width, self.page_height - y)

    def dotted(self, x: float, y: float, width: float) -> None:
        """A dashed line to write on."""
        self.canvas.setDash(2.6, 1.9)
        self.rule(x, y, width, DOTS, 0.75)
        self.canvas.setDash()

    def chip(self, x: float, y: float, words: str, tone: str = "grey", size: float = 7.9) -> float:
        """A tinted rounded box round words whose baseline is y; gives its width."""
        look = TONES.get(tone, TONES["grey"])
        wide = fonts.width(words, size, look.strong) + 9
        self.rect(
            x,
            y - size - 1.3,
            wide,
            size + 4.4,
            ground=look.ground,
            edge=look.edge,
            line=0.8 if look.strong else 0.4,
            radius=2.6,
        )
        self.text(x + 4.5, y, words, size, bold=look.strong, colour=look.words)
        return wide

    def bar(self, x: float, y: float, height: float) -> None:
        """The blue bar of a section head."""
        self.rect(x, y, 3, height, ground=ACCENT)

    def qr(self, x: float, y: float, side: float, content: str) -> None:
        """A QR code, black modules only; the caller leaves a quiet zone round it."""
        from fieldcrm.base.paper.qr import bars

        count, operators = bars(content)
        step, top = side / count, self.page_height - y
        # One module is one unit here, so that the code is whole numbers, made once per content.
        self.canvas._code.append(f"q 0 0 0 rg {step:.4f} 0 0 {-step:.4f} {x:.3f} {top:.3f} cm {operators} f Q")
