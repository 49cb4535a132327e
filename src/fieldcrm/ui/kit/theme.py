"""Light and dark: Fusion, a palette and a little QSS from the token table; switched at run time."""

from __future__ import annotations

from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from fieldcrm.base import resources
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.tokens import DARK, LIGHT, Colors

MODES = ("system", "light", "dark")


class Theme(QObject):
    """Which token set is on; `changed` after each switch, when palette and QSS are in place.

    The QSS is a window's (`dress`), not the application's: then Qt works it out once for a page that enters the
    window, and not anew for all that a widget holds whenever it is put into another (half the time of making a page).
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = "system"
        self.colors: Colors = LIGHT
        self._listening = False
        self._windows: WeakSet[QWidget] = WeakSet()
        # read from the palette at first: asking for the colour scheme builds the whole `Qt` namespace (17 ms)
        self._system_dark = False

    def apply(self, mode: str) -> None:
        """Use `light`, `dark` or follow the `system`."""
        if mode not in MODES:
            raise ValueError(mode)
        app = _app()
        hints = QGuiApplication.styleHints()
        if not self._listening:
            fonts.load()
            app.setStyle("Fusion")
            app.setFont(fonts.font())
            self._system_dark = app.palette().window().color().lightness() < 128
            QTimer.singleShot(0, lambda: hints.colorSchemeChanged.connect(self._system_changed))
            self._listening = True
        self.mode = mode
        self._switch(app, self._wanted())

    def dress(self, window: QWidget) -> None:
        """Give a window (or what has no window above it) the QSS, now and after each switch."""
        self._windows.add(window)
        window.setStyleSheet(sheet(self.colors))

    def _wanted(self) -> Colors:
        if self.mode == "system":
            return DARK if self._system_dark else LIGHT
        return DARK if self.mode == "dark" else LIGHT

    def _system_changed(self, scheme: object) -> None:
        self._system_dark = getattr(scheme, "name", "") == "Dark"
        if self.mode == "system":
            self._switch(_app(), self._wanted())

    def _switch(self, app: QApplication, colors: Colors) -> None:
        self.colors = colors
        app.setPalette(palette(colors))
        for window in filter(shiboken6.isValid, list(self._windows)):
            window.setStyleSheet(sheet(colors))
        self.changed.emit()


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # noqa: S101
    return app


theme = Theme()


def colors() -> Colors:
    """The token set in use; read it when painting, never keep it."""
    return theme.colors


def color(hex_value: str) -> QColor:
    """A token as QColor."""
    return QColor(hex_value)


def palette(c: Colors) -> QPalette:
    """The Qt palette of a token set."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, value in (
        (role.Window, c.window),
        (role.WindowText, c.text),
        (role.Base, c.control),
        (role.AlternateBase, c.head),
        (role.Text, c.text),
        (role.Button, c.control),
        (role.ButtonText, c.text),
        (role.BrightText, c.on_accent),
        (role.ToolTipBase, c.card),
        (role.ToolTipText, c.text),
        (role.PlaceholderText, c.soft),
        (role.Highlight, c.accent),
        (role.HighlightedText, c.on_accent),
        (role.Link, c.accent_text),
        (role.LinkVisited, c.accent_text),
        (role.Light, c.card),
        (role.Midlight, c.line_soft),
        (role.Mid, c.line),
        (role.Dark, c.control_line),
        (role.Accent, c.accent),
    ):
        made.setColor(which, QColor(value))
    for which in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(c.soft))
    return made


def sheet(c: Colors) -> str:
    """The little QSS that palette and own painting cannot do."""
    tick = (resources.folder("icons") / "tick.svg").as_posix()
    arrow = (resources.folder("icons") / "arrow.svg").as_posix()
    return f"""
QToolTip {{ color: {c.text}; background: {c.card}; border: 1px solid {c.line}; padding: 4px 6px; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit, QTimeEdit {{
  color: {c.text}; background: {c.control}; border: 1px solid {c.control_line};
  border-radius: {tokens.RADIUS_CONTROL}px; padding: 0 8px; min-height: {tokens.CONTROL - 4}px;
  selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QPlainTextEdit, QTextEdit {{ padding: 4px 5px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus {{
  border: 1px solid {c.accent_text}; }}
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] {{
  border: 1px solid {c.red.fill}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ color: {c.soft}; background: {c.head}; }}
QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {c.soft}; }}
QLineEdit[readOnly="true"] {{ color: {c.text}; background: {c.head}; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: 0; width: 22px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{arrow}"); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ color: {c.text}; background: {c.card}; border: 1px solid {c.line};
  selection-background-color: {c.selection}; selection-color: {c.text}; outline: 0; }}
QMenu {{ color: {c.text}; background: {c.card}; border: 1px solid {c.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 22px 6px 10px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.selection}; color: {c.text}; }}
QMenu::item:disabled {{ color: {c.soft}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 4px 6px; }}
QFrame#entry {{ background: {c.card}; border: 1px solid {c.line}; border-radius: {tokens.RADIUS}px; }}
QLabel#mark {{ background: {c.accent}; border-radius: 10px; }}
QLabel[kind="soft"] {{ color: {c.soft}; }}
QLabel[kind="problem"] {{ color: {c.red.text}; }}
QPushButton#primary {{ color: {c.on_accent}; background: {c.accent}; border: 1px solid {c.accent};
  border-radius: {tokens.RADIUS_CONTROL}px; min-height: {tokens.CONTROL - 2}px; }}
QPushButton#primary:hover, QPushButton#primary:pressed {{ background: {c.accent_hover}; }}
QPushButton#primary:focus {{ border: 2px solid {c.focus}; }}
QPushButton#primary:disabled {{ color: {c.soft}; background: {c.control}; border-color: {c.control_line}; }}
QPushButton#plain {{ color: {c.text}; background: {c.control}; border: 1px solid {c.control_line};
  border-radius: {tokens.RADIUS_CONTROL}px; min-height: {tokens.CONTROL - 2}px; }}
QPushButton#plain:hover, QPushButton#plain:pressed {{ background: {c.hover}; }}
QPushButton#plain:focus {{ border: 1px solid {c.accent_text}; }}
QProgressBar {{ background: {c.track}; border: 0; border-radius: 2px; max-height: 5px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
QPushButton#quiet {{ color: {c.accent_text}; background: transparent; border: 0; min-height: 24px; }}
QPushButton#quiet:hover, QPushButton#quiet:focus {{ text-decoration: underline; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {c.control_line}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::handle:hover {{ background: {c.soft}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: transparent; border: 0; width: 0; height: 0; }}
QScrollArea, QAbstractScrollArea[plain="true"] {{ background: transparent; border: 0; }}
QScrollArea > QWidget > QWidget[plain="true"] {{ background: transparent; }}
QCheckBox, QRadioButton {{ spacing: 8px; }}
QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {c.soft}; border-radius: 4px;
  background: {c.control}; }}
QCheckBox::indicator:focus, QCheckBox::indicator:hover {{ border-color: {c.accent_text}; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url("{tick}"); }}
QCheckBox::indicator:disabled {{ background: {c.head}; border-color: {c.line}; }}
QSplitter::handle {{ background: transparent; }}
"""
