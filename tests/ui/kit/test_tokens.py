"""Everything written on a ground reads: contrast of at least 4.5:1 in both token sets."""

from __future__ import annotations

import pytest

from fieldcrm.ui.kit.tokens import DARK, LIGHT, PAIRS, Colors


def luminance(color: str) -> float:
    parts = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reads_on_its_ground(colors: Colors) -> None:
    poor = {
        f"{text} on {ground}": round(contrast(getattr(colors, text), getattr(colors, ground)), 2)
        for text, ground in PAIRS
        if contrast(getattr(colors, text), getattr(colors, ground)) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("tone", ["red", "amber", "blue", "green", "grey"])
def test_tones_read_on_their_tint_and_on_cards(colors: Colors, tone: str) -> None:
    shade = colors.tone(tone)
    assert contrast(shade.text, shade.tint) >= 4.5
    for ground in (colors.card, colors.selection, colors.hover, colors.window, colors.head):
        assert contrast(shade.text, ground) >= 4.5


def test_an_unknown_tone_is_grey() -> None:
    assert LIGHT.tone("purple") == LIGHT.grey
