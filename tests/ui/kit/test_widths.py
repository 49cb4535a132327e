"""Column widths: heads whole, rooms shared, nothing grown that should not."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from fieldcrm.ui.kit import fonts
from fieldcrm.ui.kit.text import Clamped, cut_to_lines
from fieldcrm.ui.kit.widths import Wish, fit


def test_room_that_is_left_goes_to_the_columns_of_words() -> None:
    assert fit([Wish(100, 40, True), Wish(60, 40, False), Wish(200, 40, True)], 460) == [133, 60, 266]


def test_what_is_missing_is_taken_from_the_columns_of_words() -> None:
    found = fit([Wish(150, 40, True), Wish(60, 80, False), Wish(150, 120, True)], 340)
    assert found[1] == 80  # its head is whole
    assert found[2] >= 120
    assert 338 <= sum(found) <= 340


def test_heads_are_whole_however_little_room_there_is() -> None:
    wishes = [Wish(150, 90, True), Wish(40, 80, False)]
    assert all(width >= wish.head for width, wish in zip(fit(wishes, 20), wishes, strict=True))


@pytest.mark.usefixtures("qapp")
def test_long_text_is_cut_to_lines_and_told_whole_on_hover() -> None:
    words = "㛃䶮𠮷" * 60
    cut = cut_to_lines(words, fonts.font(), 200, 3)
    assert cut.endswith("…")
    assert words.startswith(cut.rstrip("…"))
    assert QFontMetrics(fonts.font()).horizontalAdvance(cut) <= 3 * 200
    label = Clamped(2)
    label.resize(200, 60)
    label.setText(words)
    assert (label.shortened, label.toolTip()) == (True, words)
    label.set_lines(0)
    assert (label.shortened, label.toolTip()) == (False, "")
    assert cut_to_lines("短\n二", fonts.font(), 200, 2) == "短\n二"


def test_a_name_stays_readable_however_little_room_there_is() -> None:
    name, number, chip = fit([Wish(82, 40, True), Wish(148, 60, True), Wish(120, 90, False)], 200)
    assert name == 76
    assert number == round(148 * 0.62)
    assert chip == 120
    assert fit([Wish(150, 40, True, 138), Wish(150, 40, True)], 220)[0] == 138
