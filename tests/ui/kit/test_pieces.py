"""The small pieces: what they show, and what clicks and keys do to them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QCursor, QFontMetrics
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base.jobs import Step
from fieldcrm.ui.kit import icons, tokens
from fieldcrm.ui.kit.buttons import Button, Segmented
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.messages import MessageArea, ProgressPanel, UndoBar, step_words, time_left
from fieldcrm.ui.kit.text import Clamped, Elided, Label
from fieldcrm.ui.kit.theme import colors, theme
from fieldcrm.ui.kit.tiles import Tile

REACHED = [("reached", "Reached"), ("no_answer", "No answer"), ("off", "Off"), ("wrong", "Wrong number")]


def test_segmented_by_mouse_arrow_and_digit(qtbot: QtBot) -> None:
    choice = Segmented(REACHED)
    qtbot.addWidget(choice)
    choice.resize(400, 30)
    choice.show()
    with qtbot.waitSignal(choice.changed) as said:
        qtbot.mouseClick(choice, Qt.MouseButton.LeftButton, pos=QPoint(150, 15))
    assert said.args == ["no_answer"]
    qtbot.keyClick(choice, Qt.Key.Key_Right)
    assert choice.value() == "off"
    qtbot.keyClick(choice, Qt.Key.Key_4)
    assert choice.value() == "wrong"
    qtbot.keyClick(choice, Qt.Key.Key_Right)
    assert choice.value() == "wrong"


def test_button_by_enter_and_space(qtbot: QtBot) -> None:
    button = Button("Save", kind="primary", hint="Ctrl N")
    qtbot.addWidget(button)
    button.show()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, key)
    assert button.sizeHint().width() > Button("Save", kind="primary").sizeHint().width()


def test_tile_and_card_paint_in_both_themes(qtbot: QtBot) -> None:
    card = Card("Today's stops", "5 stops")
    qtbot.addWidget(card)
    tile = Tile("Callbacks today")
    tile.set("13", "of 20", 0.65)
    card.body.addWidget(tile)
    card.add_button(Button("Print", small=True))
    card.resize(420, 200)
    card.show()
    middle = QPoint(210, 190)
    light = card.grab().toImage().pixelColor(middle)
    assert light.name().upper() == colors().card
    theme.apply("dark")
    dark = card.grab().toImage().pixelColor(middle)
    assert dark.name().upper() == colors().card != light.name().upper()


class _Restyled(QLabel):
    """Counts how often Qt has it take on a style."""

    times = 0

    def event(self, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.StyleChange
        return super().event(event)


def test_a_page_is_styled_when_it_enters_the_window_and_not_at_every_step_of_making_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    theme.dress(window)
    inside = leaf = _Restyled("leaf")
    for _depth in range(5):
        box = QWidget()
        QVBoxLayout(box).addWidget(inside)
        inside = box  # type: ignore[assignment]
    assert leaf.times == 0
    QVBoxLayout(window).addWidget(inside)
    assert leaf.times == 1


def test_a_dressed_window_follows_the_theme(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    theme.dress(window)
    line = QLineEdit(window)
    line.resize(100, 30)
    line.show()
    theme.apply("dark")
    assert line.grab().toImage().pixelColor(50, 25).name().upper() == colors().control


class _Painted(QObject):
    """Counts the paintings of what it watches."""

    times = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return False


def test_a_clamped_text_that_can_be_selected_is_painted_once(qtbot: QtBot) -> None:
    label = Clamped(2)
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setText("女 • 38 岁 • 福州市鼓楼区八一七中路211号 " * 6)
    label.resize(200, 60)
    watch = _Painted(label)
    label.installEventFilter(watch)
    label.show()
    qtbot.waitUntil(lambda: watch.times > 0)
    assert label.shortened
    qtbot.wait(100)
    assert watch.times < 5


def test_labels_follow_the_theme(qtbot: QtBot) -> None:
    label = Label("soft", token="soft")
    qtbot.addWidget(label)
    theme.apply("dark")
    assert label.palette().windowText().color().name().upper() == colors().soft


def test_elided_tells_the_whole_on_hover(qtbot: QtBot) -> None:
    line = Elided("A long company name that does not fit")
    qtbot.addWidget(line)
    line.resize(60, 20)
    line.show()
    assert line.toolTip() == line.text()
    line.resize(600, 20)
    assert line.toolTip() == ""


def test_message_area_keeps_each_text_once_and_hides_when_empty(qtbot: QtBot) -> None:
    area = MessageArea()
    qtbot.addWidget(area)
    asked: list[str] = []
    area.show_message("error", "The disk is full.", [("Choose a folder", lambda: asked.append("folder"))])
    area.show_message("info", "Saved.")
    bar = area.show_message("error", "The disk is full.", [("Choose a folder", lambda: asked.append("folder"))])
    assert [b.text for b in area.bars()] == ["The disk is full.", "Saved."]
    button = next(b for b in bar.findChildren(Button) if b.text() == "Choose a folder")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["folder"]
    area.clear()
    assert area.isHidden()


def test_a_bar_of_a_topic_takes_the_place_of_the_one_before_and_is_taken_back(qtbot: QtBot) -> None:
    area = MessageArea()
    qtbot.addWidget(area)
    area.show_message("warning", "2 conflicts to decide", topic="merged")
    area.show_message("info", "Saved.")
    area.show_message("warning", "1 conflict to decide", topic="merged")
    assert [b.text for b in area.bars()] == ["1 conflict to decide", "Saved."]
    area.take_back("merged")
    assert [b.text for b in area.bars()] == ["Saved."]


def test_a_bar_does_not_go_under_a_hand_that_aims(qtbot: QtBot) -> None:
    """What stands below it would move up, away from where the click is aimed."""
    area = MessageArea()
    qtbot.addWidget(area)
    area.show()
    bar = area.show_message("done", "Saved", seconds=60)
    QCursor.setPos(QCursor.pos() + QPoint(40, 20))
    bar._timer.timeout.emit()
    assert area.bars() == [bar]
    bar._timer.timeout.emit()
    assert area.bars() == []


def test_undo_bar_offers_the_way_back(qtbot: QtBot) -> None:
    bar = UndoBar()
    qtbot.addWidget(bar)
    done: list[str] = []
    bar.offer_undo("Moved to the recycle bin", lambda: done.append("undo"))
    assert not bar.isHidden()
    qtbot.mouseClick(bar.findChild(Button), Qt.MouseButton.LeftButton)
    assert done == ["undo"]
    assert bar.isHidden()


def test_progress_panel_counts_and_cancels(qtbot: QtBot) -> None:
    panel = ProgressPanel("Import")
    qtbot.addWidget(panel)
    panel.show_step(Step("Reading", 12_000, 36_823, 8.2))
    with qtbot.waitSignal(panel.cancelled):
        qtbot.mouseClick(panel.findChild(Button), Qt.MouseButton.LeftButton)


def test_words_of_progress() -> None:
    assert step_words(Step("", 12_000, 36_823, 8.2)) == "12,000 / 36,823 · 8 s left"
    assert step_words(Step("", 0, None, None)) == ""
    assert time_left(240) == "4 min left"


def test_empty_state_offers_the_first_step(qtbot: QtBot) -> None:
    done: list[str] = []
    empty = EmptyState("users", "No clients yet", "Import a list.", (("Import…", lambda: done.append("import")),))
    qtbot.addWidget(empty)
    empty.show()
    qtbot.mouseClick(empty.findChild(Button), Qt.MouseButton.LeftButton)
    assert done == ["import"]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_sharp_at_every_scale(qtbot: QtBot, ratio: float) -> None:
    made = icons.pixmap("phone", "#FF0000", 16, ratio)
    assert made.width() == 16 * ratio
    assert made.devicePixelRatio() == ratio
    image = made.toImage()
    assert any(image.pixelColor(x, y).red() > 200 for x in range(made.width()) for y in range(made.height()))


def test_chip_hides_without_words(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    chip = Chip("A", "blue", holder)
    chip.set("")
    assert chip.isHidden()


def test_a_figure_of_nine_digits_stays_inside_a_small_tile(qtbot: QtBot) -> None:
    tile = Tile("x")
    qtbot.addWidget(tile)
    tile.resize(163, 86)
    tile.set("123,456,789")
    assert QFontMetrics(tile._face()).horizontalAdvance("123,456,789") <= 163 - 2 * tokens.PAD
    tile.set("37")
    assert tile._face().pixelSize() == tokens.FIGURE, "as large as ever where it fits"
