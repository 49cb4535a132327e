"""The bundled fonts, loaded once, and the faces the program uses."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from fieldcrm.base import resources
from fieldcrm.ui.kit import tokens

FAMILIES = ("Noto Sans SC", "Fieldcrm Rare Han")
_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf", "FieldcrmRareHan-Regular.ttf")


@cache
def load() -> None:
    """Register the bundled fonts with Qt; needs a QGuiApplication."""
    folder = resources.folder("fonts")
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(folder / name))


@cache
def font(size: int = tokens.FONT, bold: bool = False) -> QFont:
    """A face of the program; do not change the one you get, copy it."""
    face = QFont()
    face.setFamilies(list(FAMILIES))
    face.setPixelSize(size)
    face.setBold(bold)
    return face


@cache
def figures(size: int = tokens.FONT, bold: bool = False) -> QFont:
    """A face with figures of equal width, for right-aligned columns."""
    face = QFont(font(size, bold))
    face.setFeature(QFont.Tag("tnum"), 1)
    return face
