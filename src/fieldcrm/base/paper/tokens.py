"""Measures and colours of paper, in points; chosen to stay apart on a grey-scale printer."""

from __future__ import annotations

from dataclasses import dataclass

A4 = (595.2756, 841.8898)
MARGIN = 39.0
FOOT_RULE = 42.4  # from the page's lower edge
BODY_TOP = 94.0  # below the head's rule
BODY_BOTTOM = 52.0  # from the page's lower edge
GAP = 7.5

Colour = tuple[float, float, float]


def colour(code: str) -> Colour:
    """`#1F5FBF` as three parts of 1."""
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255)


INK = colour("#1D2430")
SOFT = colour("#44516B")
GREY = colour("#667085")
DARK = colour("#15253B")
ACCENT = colour("#1F5FBF")
BORDER = colour("#D5DAE3")
HAIR = colour("#DDE2EA")
DOTS = colour("#B4BCC9")
TINT = colour("#F4F6FB")
WHITE = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Tone:
    """A chip's ground, edge and words; a strong one is set bold in a dark edge, so that grey printers tell it apart."""

    ground: Colour
    edge: Colour
    words: Colour
    strong: bool = False


TONES = {
    "red": Tone(colour("#FDE8E8"), colour("#A61B1B"), colour("#A61B1B"), strong=True),
    "amber": Tone(colour("#FFF4D6"), colour("#E3C878"), colour("#855300")),
    "blue": Tone(colour("#E5EFFC"), colour("#A9C4EA"), colour("#174A96")),
    "green": Tone(colour("#E3F4E8"), colour("#A3D2B2"), colour("#1B6B3A")),
    "grey": Tone(colour("#EEF1F5"), colour("#C9D0DA"), colour("#44516B")),
}
